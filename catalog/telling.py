"""Tell what is kept (``catalog.kept``) of changes to pages, pictures and what pages refer to.

Facts of products tell by themselves, where they are written (``catalog.listing``).
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import Page, ReferenceIndex

from catalog import kept
from catalog.kept import EVERYTHING
from catalog.kept.log import Together, told_together
from catalog.models import ProductPage, Sku
from catalog.models.products import ProductCategory
from catalog.telling_facts import cards_changed

# What saving a draft writes to a live page; shoppers see none of it.
OF_DRAFTS = {
    "draft_title",
    "latest_revision",
    "latest_revision_created_at",
    "has_unpublished_changes",
    "expire_at",
    "go_live_at",
    "locked",
    "locked_at",
    "locked_by",
    "approved_schedule",
}


def branches(path: str) -> Iterator[str]:
    """The tags of all categories that a page at this path may be listed in for its place."""
    for end in range(2 * Page.steplen, len(path), Page.steplen):
        yield f"in:{path[:end]}"


def _below(path: str) -> str:
    """The path of some page below the one at this path."""
    return path + Page.steplen * "0"


class _Pages(Together):
    """Pages that a transaction has changed; what lists them is found out together, after it."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: set[int] = set()

    def tell(self) -> None:
        further = ProductCategory.objects.filter(page__in=self.keys)
        paths = set(further.values_list("category__path", flat=True))
        # Listed in a further category means: listed in those above it too.
        kept.changed(*(tag for path in paths for tag in branches(_below(path))))


def page_changed(page: Page, *, stands: bool = False) -> None:
    """Once this is committed, whatever shows the page or lists it is made anew.

    ``stands`` says that it is called, addressed and shown in menus as it was before.
    """
    tags = [f"page:{page.pk}", "listed", *branches(page.path)]
    if page.specific_class is ProductPage:
        # Of several pages of a product each language shows one.
        if product := getattr(page, "product_id", None):
            tags.append(f"card:{product}")
        with told_together(_Pages) as pages:
            pages.keys.add(page.pk)
    else:
        tags += [f"below:{path}" for path in _paths_above(page)]
        if not stands:
            # Menus show it or not; there are few such pages.
            tags += ["frame", *_tags_above(page)]
    kept.changed(*tags)


def _tags_above(page: Page) -> list[str]:
    keys = Page.objects.filter(path__in=_paths_above(page)).values_list("pk", flat=True)
    return [f"page:{key}" for key in keys]


def _paths_above(page: Page) -> list[str]:
    return [page.path[:end] for end in range(Page.steplen, len(page.path), Page.steplen)]


def page_told(sender: Any, instance: Page, **_more: Any) -> None:
    """Published or unpublished."""
    if not instance.__dict__.pop("is_told", False) or not instance.live:
        page_changed(instance, stands=getattr(instance, "stands_as_before", False))


def page_saved(sender: Any, instance: Page, update_fields: Any = None, **more: Any) -> None:
    if update_fields is not None and set(update_fields) <= OF_DRAFTS:
        return
    if instance.live and not more.get("raw"):
        page_changed(instance, stands=getattr(instance, "stands_as_before", False))
        # Published, it is told of again in a moment.
        instance.is_told = True


def page_goes(sender: Any, instance: Page, **_more: Any) -> None:
    page_changed(instance)


def page_moved(sender: type[Page], instance: Page, parent_page_before: Page, **_more: Any) -> None:
    """A branch takes all its addresses with it; a product alone leaves one place for another."""
    if not issubclass(sender, ProductPage):
        kept.changed(EVERYTHING)
        return
    page_changed(instance)
    kept.changed(*branches(_below(parent_page_before.path)))


def slug_changed(sender: Any, instance: Page, **_more: Any) -> None:
    kept.changed(f"page:{instance.pk}" if instance.is_leaf() else EVERYTHING)


def further_changed(sender: Any, instance: ProductCategory, **_more: Any) -> None:
    """A product is listed in one category more, or less."""
    path = Page.objects.filter(pk=instance.category_id).values_list("path", flat=True).first()
    if path:
        kept.changed("further", f"page:{instance.page_id}", *branches(_below(path)))


def frame_changed(sender: Any, update_fields: Any = None, **more: Any) -> None:
    """What the shop has set, or what stands around all pages."""
    is_draft = update_fields is not None and set(update_fields) <= OF_DRAFTS
    if not is_draft and not more.get("raw"):
        kept.changed("frame")


def attributes_changed(sender: Any, **_more: Any) -> None:
    """Another question, another spelling of answers, or another filter to narrow down by."""
    kept.changed("frame", "attributes")


def everything_changed(sender: Any, **_more: Any) -> None:
    kept.changed(EVERYTHING)


def thing_saved(sender: Any, instance: Model, created: bool = False, **_more: Any) -> None:
    """Something that pages refer to, such as a brand: nothing refers to it before it is there."""
    if not created:
        # Facets name it too.
        kept.changed("frame")
        referred_changed(sender, [instance.pk])


def thing_goes(sender: Any, instance: Model, **_more: Any) -> None:
    referred_changed(sender, [instance.pk])


def referred_changed(model: type[Model], keys: Collection[Any]) -> None:
    """Tell of all pages that show one of these, as Wagtail's index of references knows them."""
    types = ContentType.objects.get_for_models(Page, model)
    rows = ReferenceIndex.objects.filter(
        to_content_type=types[model], to_object_id__in=[str(key) for key in keys]
    ).values_list("base_content_type_id", "object_id")
    found = set(rows)
    tags = {f"page:{key}" for kind, key in found if kind == types[Page].pk}
    if any(kind != types[Page].pk for kind, _key in found):
        # A menu, an announcement, the settings of the shop.
        tags.add("frame")
    kept.changed(*tags)


def pictures_changed(keys: Iterable[int]) -> None:
    """Pictures look otherwise, or have sizes that they had not."""
    from catalog.models.pictures import Picture

    keys = list(keys)
    referred_changed(Picture, keys)
    products = Sku.objects.filter(picture__in=keys).values_list("product", flat=True).distinct()
    cards_changed(products)


def sku_changed(sender: Any, instance: Sku, **_more: Any) -> None:
    cards_changed([instance.product_id])


def picture_saved(sender: Any, instance: Any, created: bool = False, **_more: Any) -> None:
    if not created:
        pictures_changed([instance.pk])


def connect() -> None:
    """Listen, once all models are there."""
    from django.db.models.signals import post_delete, post_save, pre_delete
    from taggit.models import Tag
    from wagtail.models import Locale, PageViewRestriction, Site, get_page_models
    from wagtail.signals import (
        page_published,
        page_slug_changed,
        page_unpublished,
        post_page_move,
    )

    from catalog.models import Attribute, Brand, TaxClass
    from catalog.models.attributes import AttributeChoice
    from catalog.models.pictures import Picture
    from catalog.models.settings import CatalogSettings

    for model in get_page_models():
        post_save.connect(page_saved, sender=model)
        pre_delete.connect(page_goes, sender=model)
    page_published.connect(page_told)
    page_unpublished.connect(page_told)
    post_page_move.connect(page_moved)
    page_slug_changed.connect(slug_changed)
    for signal in (post_save, post_delete):
        signal.connect(sku_changed, sender=Sku)
        signal.connect(further_changed, sender=ProductCategory)
        for model in (CatalogSettings, TaxClass):
            signal.connect(frame_changed, sender=model)
        for model in (Attribute, AttributeChoice):
            signal.connect(attributes_changed, sender=model)
        for model in (Site, Locale, PageViewRestriction):
            signal.connect(everything_changed, sender=model)
    for model in (Brand, Tag):
        post_save.connect(thing_saved, sender=model)
        pre_delete.connect(thing_goes, sender=model)
    post_save.connect(picture_saved, sender=Picture)
    pre_delete.connect(thing_goes, sender=Picture)
