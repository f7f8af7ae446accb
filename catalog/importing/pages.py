"""What products and categories say of one another, once all of them are there.

Related products, hand-picked first products and links in descriptions may point to
what comes later in the file, so they are written after the last product.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from django.db import transaction
from wagtail.models import Page, ReferenceIndex

from catalog.models import (
    CategoryPage,
    CategoryProduct,
    ProductPage,
    RelatedProduct,
)

from . import links, stories
from .drafts import CategoryDraft, Draft
from .dry import is_pretended
from .held import is_held
from .more import Extras, addresses_in
from .report import Report

# So many products are looked at together.
BATCH = 100
UNKNOWN = "Products that are named but not in the shop"
LINKED = "pages linked to others"

# What to do to a page, or to its latest revision, by the name of the field that changes.
Changes = dict[str, Callable[[Any], None]]


def link_all(
    products: Iterable[Draft], categories: Iterable[CategoryDraft], extras: Extras
) -> None:
    """Write what pages say of others; pages on which an editor is at work are left alone."""
    for _line, page, changes in to_link(products, categories, extras):
        _write(page, changes)


def to_link(
    products: Iterable[Draft],
    categories: Iterable[CategoryDraft],
    extras: Extras,
    made: Mapping[str, ProductPage] | None = None,
) -> Iterator[tuple[int, Page, Changes]]:
    """Each page that says something else of others than the file, with the line that says so.

    A dry run names the pages by handle that it has ``made`` in memory only.
    """
    linking = [draft for draft in products if links_to_others(draft)]
    speaking = [draft for draft in categories if _speaks_of_others(draft)]
    made = made or {}
    batches = (linking[start : start + BATCH] for start in range(0, len(linking), BATCH))
    found = [_of_products(batch, extras, made) for batch in batches]
    for line, page, changes in chain(*found, _of_categories(speaking, extras, made)):
        if changes and not is_held(page):
            extras.report.others[LINKED] += 1
            yield line, page, changes


def links_to_others(draft: Draft) -> bool:
    """Whether the file says which products or pages this one points to."""
    return draft.related is not None or bool(addresses_in(draft))


def _of_products(
    drafts: Sequence[Draft], extras: Extras, made: Mapping[str, ProductPage]
) -> Iterator[tuple[int, Page, Changes]]:
    locale = extras.categories.parent.locale
    named = {handle for draft in drafts for handle in draft.related or ()}
    pages = {**made, **_pages({draft.handle for draft in drafts} | named, locale)}
    related: dict[int, list[int]] = {}
    rows = RelatedProduct.objects.filter(page__in=[page.pk for page in pages.values()])
    for page, other in rows.order_by("sort_order", "pk").values_list("page", "product_page"):
        related.setdefault(page, []).append(other)
    extras.look_up_links(drafts)
    for draft in drafts:
        page = pages.get(draft.handle)
        if page is not None:
            changes = _changes(draft, page, pages, related.get(page.pk, []), extras)
            # A page that is not there yet changes in no other way than to be made.
            yield draft.line, page, {} if draft.handle in made else changes


def _changes(
    draft: Draft,
    page: ProductPage,
    pages: dict[str, ProductPage],
    related: list[int],
    extras: Extras,
) -> Changes:
    changes: Changes = {}
    if draft.related is not None:
        keys = _keys(draft.related, pages, draft.line, extras.report)
        keys = [key for key in keys if key != page.pk]
        if keys != related:
            changes["related_products"] = lambda page: _relate(page, keys)
    if addresses_in(draft) & extras.pages.keys():
        stored = stories.raw(page.description)
        linked = [
            {**block, "value": links.inward(block["value"], extras.pages)}
            if block["type"] == "text"
            else block
            for block in stored
        ]
        if linked != stored:
            changes["description"] = lambda page: _describe(page, "description", linked)
    return changes


def _speaks_of_others(draft: CategoryDraft) -> bool:
    return draft.first_products is not None or any(
        links.addresses_in(text) for text in _texts(draft)
    )


def _texts(draft: CategoryDraft) -> list[str]:
    blocks = [*(draft.above or ()), *(draft.below or ())]
    return [draft.intro or "", *(block.text for block in blocks)]


def _of_categories(
    drafts: Sequence[CategoryDraft], extras: Extras, made: Mapping[str, ProductPage]
) -> Iterator[tuple[int, Page, Changes]]:
    root = extras.categories.parent
    named = {handle for draft in drafts for handle in draft.first_products or ()}
    pages = {**made, **_pages(named, root.locale)}
    addresses = {
        address
        for draft in drafts
        for text in _texts(draft)
        for address in links.addresses_in(text)
    }
    found = links.pages_at(addresses, root) if addresses else {}
    for draft in drafts:
        page = extras.categories.find(draft.path)
        if page is None or is_pretended(page):
            continue
        page = CategoryPage.objects.get(pk=page.pk)
        changes: Changes = {}
        if draft.first_products is not None:
            keys = _keys(draft.first_products, pages, draft.line, extras.report)
            rows = page.first_products.order_by("sort_order", "pk")
            if keys != list(rows.values_list("product_page", flat=True)):
                changes["first_products"] = lambda page, keys=keys: _put_first(page, keys)
        yield draft.line, page, changes | _linked_texts(page, found)


def _linked_texts(page: CategoryPage, found: dict[str, int]) -> Changes:
    changes: Changes = {}
    intro = links.inward(page.intro, found)
    if intro != page.intro:
        changes["intro"] = lambda page: setattr(page, "intro", intro)
    for name in ("above", "below"):
        stored = stories.raw(getattr(page, name))
        linked = [
            {**block, "value": links.inward(block["value"], found)}
            if block["type"] == "text"
            else block
            for block in stored
        ]
        if linked != stored:
            changes[name] = lambda page, name=name, linked=linked: _describe(page, name, linked)
    return changes


def _pages(handles: Iterable[str], locale: Any) -> dict[str, ProductPage]:
    """By handle; of several pages of a product the oldest, as the importer takes it."""
    found = ProductPage.objects.filter(
        product__handle__in=set(handles), locale=locale, alias_of__isnull=True
    )
    rows = found.select_related("product", "latest_revision").order_by("-pk")
    return {page.product.handle: page for page in rows}


def _keys(
    handles: Iterable[str], pages: dict[str, ProductPage], line: int, report: Report
) -> list[int]:
    handles = list(dict.fromkeys(handles))
    if any(handle not in pages for handle in handles):
        report.note(UNKNOWN, line)
    return [pages[handle].pk for handle in handles if handle in pages]


def _relate(page: ProductPage, keys: list[int]) -> None:
    page.related_products = [
        RelatedProduct(product_page_id=key, sort_order=place) for place, key in enumerate(keys)
    ]


def _put_first(page: CategoryPage, keys: list[int]) -> None:
    page.first_products = [
        CategoryProduct(product_page_id=key, sort_order=place) for place, key in enumerate(keys)
    ]


def _describe(page: Page, name: str, blocks: list[dict[str, Any]]) -> None:
    setattr(page, name, page._meta.get_field(name).stream_block.to_python(blocks))


def _write(page: Page, changes: Changes) -> None:
    """Through a revision where there are any: what is written past them is lost by the next."""
    for change in changes.values():
        change(page)
    with transaction.atomic():
        if page.latest_revision_id is None:
            page.save()
        elif page.live:
            page.save_revision().publish()
        else:
            page.save()
            page.save_revision(clean=False)
        ReferenceIndex.create_or_update_for_object(page)
