"""Who notices when pages go: what shows them, and the carts that hold their products."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex

from catalog.models import CategoryPage, CollectionPage, ProductPage
from catalog.signals import OPEN_CARTS, product_figures

# Of more pages at once nobody reads what shows them; only the carts are counted.
MOST_LOOKED_UP = 500


@dataclass(frozen=True)
class Affected:
    """Live pages that show one of some pages, and open carts that hold one of their products."""

    pages: list[Page] = field(default_factory=list)
    collections: list[Page] = field(default_factory=list)
    # Categories that list one of them among their hand-picked first products.
    categories: list[Page] = field(default_factory=list)
    # None where nobody counts carts.
    carts: int | None = None

    def __bool__(self) -> bool:
        return bool(self.pages or self.collections or self.categories or self.carts)


def affected(pages: Collection[Page]) -> Affected:
    """What is affected when these pages are unpublished, retired or deleted."""
    shown_on = promoted_on(pages) if len(pages) <= MOST_LOOKED_UP else []
    kinds: dict[type, list[Page]] = {CollectionPage: [], CategoryPage: []}
    others: list[Page] = []
    for page in shown_on:
        kinds.get(page.specific_class, others).append(page)
    return Affected(
        pages=others,
        collections=kinds[CollectionPage],
        categories=kinds[CategoryPage],
        carts=open_carts(pages),
    )


def promoted_on(pages: Collection[Page]) -> list[Page]:
    """Live pages that refer to one of these, by title: related products, blocks, collections."""
    page_type = ContentType.objects.get_for_model(Page)
    keys = {str(page.pk) for page in pages}
    sources = ReferenceIndex.objects.filter(
        to_content_type=page_type, to_object_id__in=keys, base_content_type=page_type
    )
    found = set(sources.values_list("object_id", flat=True)) - keys
    return list(Page.objects.live().filter(pk__in=found).order_by("title", "pk"))


def open_carts(pages: Collection[Page]) -> int | None:
    """How many open carts hold a product that has no other live page; None if nobody counts."""
    if not product_figures.is_known(OPEN_CARTS):
        return None
    keys = [page.pk for page in pages]
    total = 0
    for start in range(0, len(keys), MOST_LOOKED_UP):
        some = keys[start : start + MOST_LOOKED_UP]
        here = ProductPage.objects.filter(pk__in=some)
        products = set(here.values_list("product_id", flat=True)) - {None}
        elsewhere = ProductPage.objects.live().filter(product__in=products, alias_of=None)
        products -= set(elsewhere.exclude(pk__in=keys).values_list("product_id", flat=True))
        total += sum(product_figures.of(OPEN_CARTS, products).values())
    return total
