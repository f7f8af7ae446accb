"""The page of one product: what the file would change of its words, and the change itself."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache

from django.utils import timezone
from taggit.models import Tag
from wagtail.blocks.stream_block import StreamValue
from wagtail.models import Locale, Page, ReferenceIndex
from wagtail.rich_text import RichText
from wagtail.signals import page_published

from catalog.models import (
    Brand,
    CategoryPage,
    Picture,
    Product,
    ProductOption,
    ProductPage,
    ProductPicture,
    ProductTag,
)

from . import stories
from .drafts import Draft
from .known import Known
from .more import Extras, MoreStory
from .shelves import Shelves

LONGEST_SLUG = 255
# What is left of the longest slug once it has a number.
LONGEST_START = LONGEST_SLUG - 12


@dataclass
class Changes:
    """What must be written for the page to be as the file says; nothing if empty."""

    # Columns of the page itself.
    columns: dict[str, str | Brand] = field(default_factory=dict)
    body: str | None = None
    tags: list[Tag] | None = None
    options: list[str] | None = None
    pictures: list[ProductPicture] = field(default_factory=list)
    live: bool | None = None
    more: MoreStory = field(default_factory=MoreStory)

    def __bool__(self) -> bool:
        return self.has_words or self.live is not None

    @property
    def has_words(self) -> bool:
        return any(
            (
                self.columns,
                self.body,
                self.tags is not None,
                self.options is not None,
                self.pictures,
                self.more,
            )
        )


def plan(
    draft: Draft,
    known: Known,
    live: bool,
    shelves: Shelves,
    pictures: dict[str, Picture],
    extras: Extras,
) -> Changes:
    """What the file says and the page does not; an empty cell says nothing."""
    page = known.page or _blank()
    wanted: dict[str, str | Brand | None] = {
        "title": draft.title,
        "summary": draft.summary,
        "brand": shelves.brand(draft.vendor) if draft.vendor else None,
        "seo_title": draft.seo_title,
        "search_description": draft.seo_description,
    }
    changes = Changes()
    for name, value in wanted.items():
        current = page.brand_id and page.brand if name == "brand" else getattr(page, name)
        if value is not None and value != current:
            changes.columns[name] = value
    text = extras.text(draft)
    if text and not stories.is_same_text(_body(page), text):
        changes.body = text
    if draft.tags:
        tags = shelves.tags(draft.tags)
        if {tag.name for tag in tags} != set(known.tags):
            changes.tags = tags
    if draft.option_names is not None and draft.option_names != known.options:
        changes.options = draft.option_names
    changes.pictures = _pictures(draft, known, pictures)
    changes.more = extras.plan_story(draft, known.page, known.more, pictures)
    if known.page is None or live != page.live:
        changes.live = live
    return changes


@cache
def _blank() -> ProductPage:
    """What a new page is compared with; nobody changes it."""
    return ProductPage()


def _body(page: ProductPage) -> str:
    """The first text of the description: the one that imports write."""
    return next((block.value.source for block in page.description if _is_text(block)), "")


def _is_text(block: StreamValue.StreamChild) -> bool:
    return block.block_type == "text"


def _pictures(draft: Draft, known: Known, pictures: dict[str, Picture]) -> list[ProductPicture]:
    """Pictures that the gallery lacks; those that an editor took or put there stay."""
    shown = {picture.image_id for picture in known.gallery}
    new = []
    for entry in draft.pictures:
        image = pictures.get(entry.source)
        if image and image.pk not in shown:
            shown.add(image.pk)
            new.append(ProductPicture(image=image, alt_text=entry.alt_text))
    return new


def new_page(locale: Locale, product: Product, draft: Draft, changes: Changes) -> ProductPage:
    """The page as it will be written, with the slug that the file wants."""
    page = ProductPage(product=product, locale=locale, slug=draft.slug or draft.handle)
    _apply(page, changes)
    page.draft_title = page.title
    page.live = bool(changes.live)
    page.has_unpublished_changes = not page.live
    if page.live:
        page.first_published_at = page.last_published_at = draft.first_published or timezone.now()
    return page


def create(category: CategoryPage, product: Product, draft: Draft, changes: Changes) -> ProductPage:
    """Write one page by Wagtail's own means; ``planting`` writes many, to the same end."""
    page = new_page(category.locale, product, draft, changes)
    page.slug = free_slug(category, page.slug)
    category.add_child(instance=page)
    ReferenceIndex.create_or_update_for_object(page)
    if page.live:
        # Who waits for a publication shall not miss one for having no revision.
        page_published.send(sender=ProductPage, instance=page, revision=None)
    return page


def update(page: ProductPage, changes: Changes) -> None:
    """Through a revision: rows written under a page directly are lost by its next publication."""
    live = page.live if changes.live is None else changes.live
    if page.live and not live:
        page.unpublish()
    _apply(page, changes)
    if live:
        page.save_revision().publish()
    elif changes.has_words:
        # What is not live yet is edited in place, as Wagtail's editor does.
        page.save()
        page.save_revision(clean=False)
    ReferenceIndex.create_or_update_for_object(page)


def _apply(page: ProductPage, changes: Changes) -> None:
    for name, value in changes.columns.items():
        setattr(page, name, value)
    if changes.body:
        _set_body(page, changes.body)
    if changes.tags is not None:
        # What page.tags.set() comes to, which looks at each tag again.
        page.tagged_items = [ProductTag(tag=tag) for tag in dict.fromkeys(changes.tags)]
    if changes.options is not None:
        page.options = [
            ProductOption(name=name, sort_order=place) for place, name in enumerate(changes.options)
        ]
    for place, picture in enumerate(changes.pictures, start=page.gallery.count()):
        picture.sort_order = place
        page.gallery.add(picture)
    changes.more.apply(page)


def _set_body(page: ProductPage, html: str) -> None:
    """Only the first text is the import's: what an editor has put around it stays."""
    for place, block in enumerate(page.description):
        if _is_text(block):
            page.description[place] = ("text", RichText(html), block.id)
            return
    page.description.insert(0, ("text", RichText(html)))


def free_slug(category: Page, wanted: str, taken: Collection[str] = ()) -> str:
    """The wanted slug, or the first numbered one that no child has and is not ``taken``."""
    children = category.get_children()
    if wanted not in taken and not children.filter(slug=wanted).exists():
        return wanted
    # Rarely needed: this looks at every child.
    similar = children.filter(slug__startswith=wanted[:LONGEST_START])
    used = {*taken, *similar.values_list("slug", flat=True)}
    slug, number = wanted, 1
    while slug in used:
        number += 1
        ending = f"-{number}"
        slug = f"{wanted[: LONGEST_SLUG - len(ending)]}{ending}"
    return slug
