"""Products where there is little room: the page that shows each, and its first picture, small.

Both are kept (``catalog.kept``), in each language.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import get_language

from catalog import kept, renditions
from catalog.models.pictures import Picture
from catalog.models.products import ProductPage, ProductPicture
from catalog.visibility import public_of_many

Name = tuple[str, str | None, int]


@dataclass(frozen=True)
class SmallProduct:
    page: ProductPage
    picture: Picture | None


def small_products(products: Iterable[int]) -> dict[int, SmallProduct]:
    """Those that everybody may see, in their order: four queries for all that are not kept.

    They belong to everybody: nothing of them may be changed.
    """
    language = get_language()
    names = [("small product", language, key) for key in dict.fromkeys(products)]
    found = kept.get_many(names, _made)
    small = ((name[2], found[name]) for name in names)
    return {key: product for key, product in small if product is not None}


def shown_pages(products: set[int]) -> dict[int, ProductPage]:
    """For each product the live page to show: the active language's, else the oldest.

    An alias only where there is nothing else. As they are now.
    """
    return _shown(ProductPage.objects.all(), products)


def _shown(pages: QuerySet, products: Iterable[int]) -> dict[int, ProductPage]:
    pages = public_of_many(pages).filter(product__in=products)
    shown: dict[int, ProductPage] = {}
    language = get_language()

    def rank(page: ProductPage) -> tuple[bool, bool, int]:
        return page.locale.language_code != language, page.alias_of_id is not None, page.pk

    for page in sorted(pages.select_related("locale"), key=rank):
        shown.setdefault(page.product_id, page)
    return shown


def _made(names: list[Name]) -> Iterator[tuple[Name, SmallProduct | None, kept.Notes]]:
    pages = _shown(ProductPage.objects.defer_streamfields(), {name[2] for name in names})
    pictures = _first_pictures(pages)
    for name in names:
        # That a page is published, or another one, changes the card of the product, too.
        notes = kept.Notes({f"card:{name[2]}"})
        page = pages.get(name[2])
        if page is not None:
            notes.tags.add(f"page:{page.pk}")
        yield name, SmallProduct(page, pictures.get(page.pk)) if page else None, notes


def _first_pictures(pages: Mapping[int, ProductPage]) -> dict[int, Picture]:
    if not pages:
        return {}
    of_page = ProductPicture.objects.filter(page=OuterRef("page")).order_by("sort_order", "pk")
    first = ProductPicture.objects.filter(
        page__in=list(pages.values()), pk=Subquery(of_page.values("pk")[:1])
    )
    shown = first.select_related("image").prefetch_related(renditions.prefetch("image", "thumb"))
    return {row.page_id: row.image for row in shown}
