"""What a listing shows of a product: all cards of a page in a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from catalog import listing, price_history, renditions, sorts
from catalog.models.pictures import Picture, PictureRendition
from catalog.models.prices import PricePoint
from catalog.models.products import ProductPage, ProductPicture
from catalog.models.skus import Sku
from catalog.moment import shown
from catalog.visibility import public_of_many


def sorted_pages(pages: QuerySet, sort: str) -> QuerySet:
    if sort in sorts.BY_PRICE:
        # A price that changed since its row was written would sort in the wrong place.
        listing.refresh_due()
    return pages.order_by(*sorts.SORTS[sorts.known_sort(sort)][1])


# So long a product is called new.
NEW_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Card:
    page: ProductPage
    picture: Picture | None
    alt_text: str
    # The cheapest variant's price, read from the ledger now; None if nothing is priced.
    price: PricePoint | None
    prices_differ: bool
    in_stock: bool
    # Shown in place of the first one while a pointer is over the card.
    second_picture: PictureRendition | None = None
    variants: int = 0
    is_new: bool = False
    # The average of its stars from 1 to 5, and of how many reviews.
    rating: Decimal | None = None
    total_reviews: int = 0


def cards(pages: Iterable[ProductPage]) -> list[Card]:
    """Cards for pages, in their order: six queries at most, whatever their number."""
    pages = list(pages)
    pictures: dict[int, list[ProductPicture]] = {}
    of_page = ProductPicture.objects.filter(page=OuterRef("page")).order_by("sort_order", "pk")
    first_two = ProductPicture.objects.filter(
        page__in=[page.pk for page in pages], pk__in=Subquery(of_page.values("pk")[:2])
    ).order_by("sort_order", "pk")
    for row in first_two.select_related("image").prefetch_related(
        renditions.prefetch("image", "card", "thumb")
    ):
        pictures.setdefault(row.page_id, []).append(row)
    skus: dict[int, list[Sku]] = {}
    shown_skus = Sku.objects.filter(product__in=[page.product_id for page in pages]).on_show()
    # Their product is read along: it carries what people say of it.
    for sku in price_history.with_lowest(list(shown_skus.select_related("product", "stock"))):
        skus.setdefault(sku.product_id, []).append(sku)
    new = _new(pages)
    return [
        _card(page, pictures.get(page.pk, []), skus.get(page.product_id, []), page.pk in new)
        for page in pages
    ]


def public_cards(pages: Iterable[ProductPage | None]) -> list[Card]:
    """Cards for those that everybody may see: a page that was chosen once may be gone by now."""
    chosen = [page.pk for page in pages if page]
    public = public_of_many(ProductPage.objects).select_related("locale").in_bulk(chosen)
    return cards(public[key] for key in chosen if key in public)


def _card(
    page: ProductPage, pictures: Sequence[ProductPicture], skus: Sequence[Sku], is_new: bool
) -> Card:
    points = sorted((sku.price for sku in listing.for_sale(skus)), key=lambda point: point.amount)
    first = pictures[0] if pictures else None
    product = skus[0].product if skus else None
    return Card(
        page=page,
        picture=first.image if first else None,
        alt_text=(first.alt_text or first.image.description or page.title) if first else "",
        price=points[0] if points else None,
        prices_differ=bool(points) and points[0].amount != points[-1].amount,
        in_stock=any(sku.most_to_buy(1) for sku in skus),
        second_picture=_small(pictures[1].image) if len(pictures) > 1 else None,
        variants=len(skus),
        is_new=is_new,
        rating=product.rating if product else None,
        total_reviews=product.total_reviews if product else 0,
    )


def _small(picture: Picture) -> PictureRendition | None:
    """One small file that every browser of today shows; None until a worker has made it.

    Most cards are never pointed at, so a choice of files would weigh more than it saves.
    """
    sources = renditions.shown(picture, "card").sources
    return sources[-1].renditions[0] if sources else None


def _new(pages: Sequence[ProductPage]) -> set[int]:
    """Those published lately; none where all were, as in a new shop: that tells them not apart."""
    since = shown() - NEW_FOR
    new = {page.pk for page in pages if page.first_published_at and page.first_published_at > since}
    return set() if len(new) == len(pages) else new
