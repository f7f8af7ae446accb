"""Which products a page lists: a category's, a collection's, and those related to a product.

A product is the same thing in every locale and alias of its page, so what editors picked is
looked up by product and shown in the locale of the page that lists it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from wagtail.models import Page

from catalog import kept, places
from catalog.models.attributes import ProductAttribute
from catalog.models.products import ProductCategory, ProductPage, ProductTag
from catalog.visibility import public_of_many

if TYPE_CHECKING:
    from catalog.models.categories import CategoryPage
    from catalog.models.collections import CollectionPage

# The pages of one language stand below one home page: the root, then the home page.
HOME_DEPTH = 2


@dataclass(frozen=True)
class InPlace:
    """All of a language in the category at a path and below, or listed there besides."""

    locale: int
    path: str
    # The translation keys of the categories there that list products which stand elsewhere.
    further: tuple[UUID, ...]


@dataclass(frozen=True)
class Gathered:
    """Product pages without an order, and the products that stand first among them."""

    pages: QuerySet[ProductPage]
    first: Sequence[int] = ()
    # Where they stand, if that is all that is asked of them.
    place: InPlace | None = None
    # What changes which pages these are (``catalog.kept``), where that is less than all that
    # changes how they are listed.
    tags: tuple[str, ...] = ()

    def rank(self) -> Case:
        """Sort by this: the place of what stands first, and one place for all others."""
        places = [When(product=pk, then=Value(place)) for place, pk in enumerate(self.first)]
        return Case(*places, default=Value(len(places)), output_field=IntegerField())


def in_category(category: "CategoryPage") -> Gathered:
    """What stands in it and below, and what is listed there besides."""
    return _kept(category, lambda: _in_category(category), "further")


def _in_category(category: "CategoryPage") -> Gathered:
    further = tuple(key for _path, key in places.further_below(category.path))
    pages = _live(category.locale_id).filter(places.inside(category.path, further))
    place = InPlace(category.locale_id, category.path, further)
    return Gathered(_once(pages), _picked(category.first_products.all()), place)


def everything(locale: int, path: str) -> Gathered:
    """All products of a language below a path, such as that of its home page."""
    pages = _live(locale).filter(path__startswith=path)
    return Gathered(_once(pages), place=InPlace(locale, path, ()))


def in_collection(collection: "CollectionPage") -> Gathered:
    """What its rule finds and what is pinned; or what was picked by hand, and nothing else."""
    return _kept(collection, lambda: _in_collection(collection), "listed")


def _kept(page: Page, gather: Callable[[], Gathered], tag: str) -> Gathered:
    """What is gathered is a question that nobody has asked yet; finding it costs queries too."""
    if page.pk is None or not kept.has_begun():
        return gather()

    def make() -> Gathered:
        kept.shows("frame", f"page:{page.pk}", tag)
        return gather()

    found = kept.get(("gathered", page.pk), make)
    return replace(found, pages=found.pages.all())


def _in_collection(collection: "CollectionPage") -> Gathered:
    first = _picked(collection.picked.all())
    pages = _live(collection.locale_id).filter(_in_tree_of(collection))
    if collection.gathered == collection.Gathered.BY_HAND:
        pages = pages.filter(product__in=first)
    # Without a condition all belong to it; an empty rule "or" the pinned would be the pinned.
    elif rule := _rule(collection):
        pages = pages.filter(rule | Q(product__in=first))
    return Gathered(_once(pages), first)


def related(page: ProductPage) -> list[ProductPage]:
    """The products an editor relates to this one, in their order; only those to be seen."""
    wanted = _picked(page.related_products.all())
    if not wanted:
        return []
    pages = _live(page.locale_id).filter(_in_tree_of(page), product__in=wanted)
    found: dict[int, ProductPage] = {}
    for other in pages.exclude(product=page.product_id).order_by("pk"):
        found.setdefault(other.product_id, other)
    return [found[product] for product in wanted if product in found]


def _live(locale: int) -> QuerySet[ProductPage]:
    return public_of_many(ProductPage.objects).filter(locale=locale)


def _in_tree_of(page: Page) -> Q:
    return Q(path__startswith=home_path(page))


def home_path(page: Page) -> str:
    """The path of the home page below which a page stands."""
    return page.path[: HOME_DEPTH * Page.steplen]


def _once(pages: QuerySet[ProductPage]) -> QuerySet[ProductPage]:
    """Without the aliases of what is among them already."""
    earlier = pages.filter(product=OuterRef("product"), pk__lt=OuterRef("pk"))
    return pages.filter(Q(alias_of=None) | ~Exists(earlier))


def _picked(rows: Iterable) -> list[int]:
    """The products of rows that an editor ordered, each once."""
    rows = sorted(rows, key=lambda row: row.sort_order or 0)
    pages = [row.product_page_id for row in rows]
    if not pages:
        return []
    kept.shows(*(f"page:{page}" for page in pages))
    products = dict(ProductPage.objects.filter(pk__in=pages).values_list("pk", "product"))
    return list(dict.fromkeys(products[page] for page in pages if page in products))


def _below(categories: Iterable["CategoryPage"]) -> Q:
    """In the categories or below them, by their place or as a further category."""
    from catalog.models.categories import CategoryPage

    paths = [Q(path__startswith=category.path) for category in categories]
    if not paths:
        return Q(pk__in=())
    here = reduce(or_, paths)
    inside = CategoryPage.objects.filter(here).values("translation_key")
    further = ProductCategory.objects.filter(category__translation_key__in=inside)
    # An "or" keeps a database from using the index on paths alone; few categories need it.
    return here | Q(pk__in=further.values("page")) if further.exists() else here


def _rule(collection: "CollectionPage") -> Q:
    """Every condition that the collection sets."""
    from catalog.models.categories import CategoryPage

    rule = Q()
    if keys := [category.translation_key for category in collection.categories.all()]:
        local = CategoryPage.objects.filter(translation_key__in=keys, locale=collection.locale_id)
        rule &= _below(local)
    if brands := [brand.pk for brand in collection.brands.all()]:
        rule &= Q(brand__in=brands)
    if tags := [tag.pk for tag in collection.any_of_tags.all()]:
        rule &= Q(pk__in=ProductTag.objects.filter(tag__in=tags).values("content_object"))
    if collection.attribute_id and collection.attribute_value:
        rule &= Q(pk__in=answering(collection.attribute_id, [collection.attribute_value]))
    if collection.price_from is not None:
        rule &= Q(product__lowest_price__gte=collection.price_from)
    if collection.price_to is not None:
        rule &= Q(product__lowest_price__lte=collection.price_to)
    if collection.only_on_sale:
        rule &= Q(product__on_sale=True)
    return rule


def answering(attribute: int, values: Iterable[str]) -> QuerySet:
    """The pages of products that answer the attribute with one of the values."""
    rows = ProductAttribute.objects.filter(attribute=attribute, value__in=list(values))
    return rows.values("page")
