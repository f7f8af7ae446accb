"""What listings of products say beside the story: price, stock, sales and picture, as of now.

All rows of a page together take a constant number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from catalog import listing
from catalog.models import (
    CategoryPage,
    Picture,
    PictureRendition,
    Product,
    ProductPage,
    ProductPicture,
    Sku,
    StockState,
)
from catalog.models.prices import PricePoint

# The size that Wagtail's own library of pictures shows, so that most exist already.
THUMBNAIL = "max-165x165"
SCARCE = (StockState.LOW, StockState.SOLD_OUT)


class ProductState(models.TextChoices):
    """How the stock of a whole product stands; what is not on sale does not count.

    Low: there is some, but at least one of its SKUs is low or sold out. Sold out and on
    back order: none of any SKU is on hand.
    """

    IN_STOCK = "in_stock", _("In stock")
    LOW = "low", _("Low")
    SOLD_OUT = "sold_out", _("Sold out")
    BACK_ORDER = "back_order", _("On back order")
    NEEDS_SKU = "needs_sku", _("Needs a SKU")
    OFF_SALE = "off_sale", _("No SKU on sale")


@dataclass(frozen=True)
class Facts:
    """What the columns of one product show; the price is None where nothing is priced."""

    state: ProductState
    on_hand: int
    sold_out_skus: int
    skus: Sequence[Sku]
    price: PricePoint | None
    highest: Decimal | None
    sold_30_days: int
    is_retired: bool

    @property
    def prices_differ(self) -> bool:
        return self.price is not None and self.price.amount != self.highest

    @property
    def is_partly_sold_out(self) -> bool:
        return self.state == ProductState.LOW and self.sold_out_skus > 0


@dataclass
class Row:
    """What is read with a page of the listing; a category has a picture and no facts."""

    facts: Facts | None = None
    image: Picture | None = None
    rendition: PictureRendition | None = None


def attach(pages: Iterable[Page]) -> None:
    """Give each page its ``row``: five queries, whatever the number of pages."""
    pages = list(pages)
    facts = of_products(page.product_id for page in pages if isinstance(page, ProductPage))
    images = _images(pages)
    renditions = {
        rendition.image_id: rendition
        for rendition in PictureRendition.objects.filter(
            image__in={image.pk for image in images.values()},
            filter_spec=THUMBNAIL,
        )
    }
    for page in pages:
        image = images.get(page.pk)
        page.row = Row(
            facts=facts.get(page.product_id) if isinstance(page, ProductPage) else None,
            image=image,
            rendition=renditions.get(image.pk) if image else None,
        )


def of_products(product_ids: Iterable[int]) -> dict[int, Facts]:
    """The facts of these products as they are now, by product id: two queries."""
    wanted = set(product_ids)
    skus: dict[int, list[Sku]] = defaultdict(list)
    for sku in Sku.objects.filter(product__in=wanted).with_prices().with_stock_state():
        skus[sku.product_id].append(sku)
    products = Product.objects.filter(pk__in=wanted)
    return {product.pk: _facts(product, skus[product.pk]) for product in products}


def _facts(product: Product, skus: list[Sku]) -> Facts:
    active = [sku for sku in skus if sku.is_active]
    on_show = [sku for sku in active if sku.price and hasattr(sku, "stock")]
    points = sorted(
        (sku.price for sku in listing.for_sale(on_show)), key=lambda point: point.amount
    )
    return Facts(
        state=_state(skus, active),
        on_hand=sum(sku.stock.on_hand for sku in active if hasattr(sku, "stock")),
        sold_out_skus=sum(sku.stock_state == StockState.SOLD_OUT for sku in active),
        skus=skus,
        price=points[0] if points else None,
        highest=points[-1].amount if points else None,
        sold_30_days=product.sold_30_days,
        is_retired=product.retired is not None,
    )


def _state(skus: list[Sku], active: list[Sku]) -> ProductState:
    if not active:
        return ProductState.OFF_SALE if skus else ProductState.NEEDS_SKU
    states = {sku.stock_state for sku in active}
    if states & {StockState.IN_STOCK, StockState.LOW}:
        return ProductState.LOW if states & set(SCARCE) else ProductState.IN_STOCK
    return ProductState.BACK_ORDER if StockState.BACK_ORDER in states else ProductState.SOLD_OUT


def in_state(states: Iterable[str]) -> Q:
    """A condition on ``Product``: its stock stands in one of these ways (``ProductState``)."""
    condition = Q(pk__in=())
    for state in states:
        condition |= _CONDITIONS[ProductState(state)]()
    return condition


def _counted() -> QuerySet:
    """For each product with something on sale: how much there is, and which SKUs lack it."""
    active = Sku.objects.filter(is_active=True).with_stock_state().order_by()
    return active.values("product").annotate(
        pieces=Sum("stock__on_hand", default=0),
        scarce=Count("pk", filter=Q(stock_state__in=SCARCE)),
        back_order=Count("pk", filter=Q(stock_state=StockState.BACK_ORDER)),
    )


def _having(**conditions: int) -> Q:
    return Q(pk__in=_counted().filter(**conditions).values("product"))


_CONDITIONS = {
    ProductState.IN_STOCK: lambda: _having(pieces__gt=0, scarce=0),
    ProductState.LOW: lambda: _having(pieces__gt=0, scarce__gt=0),
    ProductState.SOLD_OUT: lambda: _having(pieces=0, back_order=0),
    ProductState.BACK_ORDER: lambda: _having(pieces=0, back_order__gt=0),
    ProductState.NEEDS_SKU: lambda: Q(skus__isnull=True),
    ProductState.OFF_SALE: lambda: (
        Q(pk__in=Sku.objects.values("product"))
        & ~Q(pk__in=Sku.objects.filter(is_active=True).values("product"))
    ),
}


def _images(pages: list[Page]) -> dict[int, Picture]:
    """The first picture of each product and the picture of each category, by page id."""
    of_page = ProductPicture.objects.filter(page=OuterRef("page")).order_by("sort_order", "pk")
    first = ProductPicture.objects.filter(
        page__in=[page.pk for page in pages if isinstance(page, ProductPage)],
        pk=Subquery(of_page.values("pk")[:1]),
    )
    of_pages = dict(first.values_list("page", "image"))
    for page in pages:
        if isinstance(page, CategoryPage) and page.picture_id:
            of_pages[page.pk] = page.picture_id
    images = Picture.objects.in_bulk(set(of_pages.values()))
    return {page: images[image] for page, image in of_pages.items() if image in images}
