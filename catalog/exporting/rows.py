"""The catalogue as rows of the shop's own format, batch by batch.

Only so many products are in memory, and each batch takes the same number of queries.
``catalog.importing.own`` reads what stands here.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page

from catalog.importing import own, stories, times, words
from catalog.importing.lists import joined
from catalog.models import (
    Attribute,
    CategoryPage,
    CategoryProduct,
    ProductAttribute,
    ProductCategory,
    ProductOption,
    ProductPage,
    ProductPicture,
    ProductTag,
    RelatedProduct,
)

from . import facts
from .references import CategoryNames, give_handles, link_addresses, picture_sources

Row = dict[str, Any]
BATCH = 100


class Catalogue:
    """What stands below a page, or below one category there; without the costs unless asked for."""

    def __init__(
        self, root: Page, category: CategoryPage | None = None, *, with_cost: bool = False
    ) -> None:
        self.root = root
        self.category = category
        self.with_cost = with_cost
        self.now = timezone.now()
        self.names = CategoryNames(root)
        self.attributes = list(Attribute.objects.prefetch_related("choices"))

    def count(self) -> int:
        return self._products().count()

    def rows(self, done: Callable[[int], object] = lambda count: None) -> Iterator[Row]:
        """Attributes, categories, products; ``done`` is called with the size of each batch."""
        for attribute in self.attributes:
            yield _attribute(attribute)
        for batch in _batches(self._categories()):
            yield from self._of_categories(batch)
        for batch in _batches(self._products()):
            yield from self._of_products(batch)
            done(len(batch))

    def _products(self) -> QuerySet[ProductPage]:
        """In the order of the tree; aliases and other languages are the same products."""
        pages = ProductPage.objects.descendant_of(self.category or self.root)
        pages = pages.filter(locale=self.root.locale, alias_of__isnull=True)
        return pages.filter(product__retired__isnull=True).select_related("product", "brand")

    def _categories(self) -> QuerySet[CategoryPage]:
        pages = CategoryPage.objects.descendant_of(self.root)
        if self.category:
            # Those above it too: a path begins at the top.
            below = CategoryPage.objects.descendant_of(self.category, inclusive=True)
            pages &= below | CategoryPage.objects.ancestor_of(self.category)
        return pages.filter(locale=self.root.locale, alias_of__isnull=True)

    def _of_categories(self, pages: list[CategoryPage]) -> Iterator[Row]:
        keys = [page.pk for page in pages]
        first: dict[int, list[str]] = {}
        picked = CategoryProduct.objects.filter(page__in=keys).order_by("sort_order", "pk")
        picked = picked.select_related("product_page__product")
        give_handles(entry.product_page for entry in picked)
        for entry in picked:
            first.setdefault(entry.page_id, []).append(entry.product_page.product.handle)
        told = {
            page.pk: [stories.raw(page.above), stories.raw(page.below), _as_story(page.intro)]
            for page in pages
        }
        streams = [blocks for page in told.values() for blocks in page]
        sources = picture_sources(
            {page.picture_id for page in pages if page.picture_id}
            | {key for blocks in streams for key in stories.picture_keys(blocks)}
        )
        addresses = link_addresses(streams, self.root)
        for page in pages:
            above, below, intro = (
                stories.for_a_file(blocks, sources, addresses) for blocks in told[page.pk]
            )
            name = self.names.at(page.path)
            yield {
                "row": own.CATEGORY,
                "category": name,
                "title": page.title,
                "slug": page.slug,
                "status": _status(page),
                "intro": intro[0].text if intro else "",
                "picture": sources.get(page.picture_id, ""),
                "sort": page.default_sort,
                "sold_out": page.sold_out,
                "in_menu": _yes_or_no(page.show_in_menus),
                "seo_title": page.seo_title,
                "seo_description": page.search_description,
                "first_products": joined(first.get(page.pk, [])),
            }
            for kind, blocks in ((own.ABOVE, above), (own.BELOW, below)):
                for block in blocks:
                    yield {"row": kind, "category": name, **_block(block)}

    def _of_products(self, pages: list[ProductPage]) -> Iterator[Row]:
        give_handles(pages)
        children = _Children(pages)
        told = {page.pk: stories.raw(page.description) for page in pages}
        sold = facts.of_products(
            [page.product_id for page in pages], self.now, with_cost=self.with_cost
        )
        sources = picture_sources(
            {key for blocks in told.values() for key in stories.picture_keys(blocks)}
            | {picture.image_id for shown in children.gallery.values() for picture in shown}
            | {sku.picture_id for skus in sold.skus.values() for sku in skus if sku.picture_id}
        )
        addresses = link_addresses(told.values(), self.root)
        for page in pages:
            story = stories.for_a_file(told[page.pk], sources, addresses)
            yield from self._product(page, children, sold, story, sources)

    def _product(
        self,
        page: ProductPage,
        children: "_Children",
        sold: facts.Facts,
        story: list,
        sources: dict[int, str],
    ) -> Iterator[Row]:
        body = story.pop(0).text if story and story[0].text else ""
        handle = page.product.handle
        row = self._page(page, children) | {"body": body}
        skus = sold.skus.get(page.product_id, [])
        is_simple = len(skus) == 1 and not skus[0].option_values
        if is_simple:
            row |= sold.row(skus[0], sources)
        pictures = [
            {"picture": sources[shown.image_id], "alt_text": shown.alt_text}
            for shown in children.gallery.get(page.pk, [])
            if shown.image_id in sources
        ]
        yield row | (pictures[0] if pictures else {})
        for block in story:
            yield {"row": own.STORY, "handle": handle, **_block(block)}
        for picture in pictures[1:]:
            yield {"row": own.PICTURE, "handle": handle, **picture}
        for sku in skus:
            if not is_simple:
                yield {"row": own.VARIANT, "handle": handle, **sold.row(sku, sources)}
        for sku in skus:
            for price in sold.price_rows(sku):
                yield {"row": own.PRICE, "handle": handle, **price}

    def _page(self, page: ProductPage, children: "_Children") -> Row:
        options = children.options.get(page.pk, [])
        first = page.first_published_at
        return {
            "row": own.PRODUCT,
            "handle": page.product.handle,
            "title": page.title,
            "slug": page.slug,
            "status": _status(page),
            "first_published": times.written(first) if first else "",
            "category": self.names.at(page.path[: -page.steplen]),
            "further_categories": joined(
                [
                    name
                    for category in children.further.get(page.pk, [])
                    if (name := self.names.of(category))
                ]
            ),
            "summary": page.summary,
            "brand": page.brand.name if page.brand else "",
            "tags": joined(sorted(children.tags.get(page.pk, []))),
            "digital": _yes_or_no(page.product.is_digital),
            **{f"option{number}_name": name for number, name in enumerate(options[:3], start=1)},
            "related": joined(children.related.get(page.pk, [])),
            "seo_title": page.seo_title,
            "seo_description": page.search_description,
            **self._answers(children.answers.get(page.pk, [])),
        }

    def _answers(self, answers: list[tuple[int, str]]) -> Row:
        """A cell for each attribute, and their order where it is not that of the columns."""
        said = dict(answers)
        named = {attribute.pk: attribute.name for attribute in self.attributes}
        in_columns = [key for key in named if key in said]
        row = {f"attribute:{named[key]}": said[key] for key in in_columns}
        if in_columns != list(said):
            row["attribute_order"] = joined([named[key] for key in said])
        return row


class _Children:
    """What belongs to the pages of a batch, by the page's key: a query for each kind."""

    def __init__(self, pages: list[ProductPage]) -> None:
        keys = [page.pk for page in pages]
        self.gallery: dict[int, list[ProductPicture]] = {}
        self.options: dict[int, list[str]] = {}
        self.tags: dict[int, list[str]] = {}
        self.answers: dict[int, list[tuple[int, str]]] = {}
        self.further: dict[int, list[int]] = {}
        self.related: dict[int, list[str]] = {}
        for shown in ProductPicture.objects.filter(page__in=keys).order_by("sort_order", "pk"):
            self.gallery.setdefault(shown.page_id, []).append(shown)
        options = ProductOption.objects.filter(page__in=keys).order_by("sort_order", "pk")
        for key, name in options.values_list("page", "name"):
            self.options.setdefault(key, []).append(name)
        tags = ProductTag.objects.filter(content_object__in=keys)
        for key, tag in tags.values_list("content_object", "tag__name"):
            self.tags.setdefault(key, []).append(tag)
        answers = ProductAttribute.objects.filter(page__in=keys).order_by("sort_order", "pk")
        for key, attribute, value in answers.values_list("page", "attribute", "value"):
            self.answers.setdefault(key, []).append((attribute, value))
        further = ProductCategory.objects.filter(page__in=keys).order_by("sort_order", "pk")
        for key, category in further.values_list("page", "category"):
            self.further.setdefault(key, []).append(category)
        related = RelatedProduct.objects.filter(page__in=keys).order_by("sort_order", "pk")
        related = list(related.select_related("product_page__product"))
        give_handles(entry.product_page for entry in related)
        for entry in related:
            self.related.setdefault(entry.page_id, []).append(entry.product_page.product.handle)


def _batches(pages: QuerySet) -> Iterator[list]:
    """By the tree's path, from one to the next: no page is read twice, and no offset counted."""
    last = ""
    while batch := list(pages.filter(path__gt=last).order_by("path")[:BATCH]):
        yield batch
        last = batch[-1].path


def _attribute(attribute: Attribute) -> Row:
    return {
        "row": own.ATTRIBUTE,
        "title": attribute.name,
        "kind": attribute.kind.replace("_", " or "),
        "unit": attribute.unit,
        "facet": _yes_or_no(attribute.is_facet),
        "choices": joined([choice.name for choice in attribute.choices.all()]),
        "position": attribute.position,
    }


def _block(block: Any) -> Row:
    if block.text:
        return {"body": block.text}
    decorative = {"decorative": "yes"} if block.is_decorative else {}
    return {"picture": block.picture, "alt_text": block.alt_text, **decorative}


def _as_story(html: str) -> list[dict[str, Any]]:
    return [{"type": "text", "value": html}] if words.plain(html) else []


def _status(page: Page) -> str:
    return own.LIVE if page.live else own.DRAFT


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"
