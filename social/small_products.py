"""A product where there is little room: its page, its title and a small picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from cart.lines import shown_pages
from catalog import renditions
from catalog.models import Picture, ProductPage
from catalog.models.products import ProductPicture


@dataclass(frozen=True)
class SmallProduct:
    page: ProductPage
    picture: Picture | None


def small_products(products: Iterable[int]) -> dict[int, SmallProduct]:
    """Those that everybody may see, in their order: four queries, whatever their number."""
    products = list(products)
    pages = shown_pages(set(products)) if products else {}
    return with_pictures({key: pages[key] for key in products if key in pages})


def with_pictures(pages: Mapping[int, ProductPage]) -> dict[int, SmallProduct]:
    if not pages:
        return {}
    of_page = ProductPicture.objects.filter(page=OuterRef("page")).order_by("sort_order", "pk")
    first = ProductPicture.objects.filter(
        page__in=list(pages.values()), pk=Subquery(of_page.values("pk")[:1])
    )
    shown = first.select_related("image").prefetch_related(renditions.prefetch("image", "thumb"))
    pictures = {picture.page_id: picture.image for picture in shown}
    return {key: SmallProduct(page, pictures.get(page.pk)) for key, page in pages.items()}
