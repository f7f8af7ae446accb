"""What a listing shows of a product: all cards of a page in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from catalog import listing, price_history, sorts
from catalog.models.pictures import Picture
from catalog.models.prices import PricePoint
from catalog.models.products import ProductPage, ProductPicture
from catalog.models.skus import Sku


def sorted_pages(pages: QuerySet, sort: str) -> QuerySet:
    if sort in sorts.BY_PRICE:
        # A price that changed since its row was written would sort in the wrong place.
        listing.refresh_due()
    return pages.order_by(*sorts.SORTS[sorts.known_sort(sort)][1])


@dataclass(frozen=True)
class Card:
    page: ProductPage
    picture: Picture | None
    alt_text: str
    # The cheapest variant's price, read from the ledger now; None if nothing is priced.
    price: PricePoint | None
    prices_differ: bool
    in_stock: bool


def cards(pages: Iterable[ProductPage]) -> list[Card]:
    """Cards for pages, in their order: six queries at most, whatever their number."""
    pages = list(pages)
    pictures: dict[int, ProductPicture] = {}
    of_page = ProductPicture.objects.filter(page=OuterRef("page")).order_by("sort_order", "pk")
    first = ProductPicture.objects.filter(
        page__in=[page.pk for page in pages], pk=Subquery(of_page.values("pk")[:1])
    )
    for shown in first.select_related("image").prefetch_related("image__renditions"):
        pictures[shown.page_id] = shown
    skus: dict[int, list[Sku]] = {}
    shown_skus = Sku.objects.filter(product__in=[page.product_id for page in pages]).on_show()
    for sku in price_history.with_lowest(list(shown_skus)):
        skus.setdefault(sku.product_id, []).append(sku)
    return [_card(page, pictures.get(page.pk), skus.get(page.product_id, [])) for page in pages]


def public_cards(pages: Iterable[ProductPage | None]) -> list[Card]:
    """Cards for those that everybody may see: a page that was chosen once may be gone by now."""
    chosen = [page.pk for page in pages if page]
    public = ProductPage.objects.live().public().select_related("locale").in_bulk(chosen)
    return cards(public[key] for key in chosen if key in public)


def _card(page, shown, skus) -> Card:
    points = sorted((sku.price for sku in listing.for_sale(skus)), key=lambda point: point.amount)
    return Card(
        page=page,
        picture=shown.image if shown else None,
        alt_text=(shown.alt_text or shown.image.description or page.title) if shown else "",
        price=points[0] if points else None,
        prices_differ=bool(points) and points[0].amount != points[-1].amount,
        in_stock=any(sku.most_to_buy(1) for sku in skus),
    )
