"""What was sold: counted from the lines of orders, and kept on products for listings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from catalog.models import Product
from catalog.telling_facts import counts_changed
from orders.models import CAME_TO_NOTHING, OrderItem

DAYS = 30
# A transaction each: an order that changes a product in between does not wait long.
PRODUCTS_AT_ONCE = 500


@dataclass(frozen=True)
class Sold:
    """Pieces of a product that were ordered in the last 7 and in the last 30 days."""

    in_7_days: int
    in_30_days: int


def sold_of(product_id: int, *, at: datetime | None = None) -> Sold:
    """How many pieces of one product were ordered before ``at`` (default: now)."""
    moment = at or timezone.now()
    of_product = {product_id}
    return Sold(
        in_7_days=sold(7, of_product, at=moment).get(product_id, 0),
        in_30_days=sold(DAYS, of_product, at=moment).get(product_id, 0),
    )


def sold(
    days: int, product_ids: Iterable[int] | None = None, *, at: datetime | None = None
) -> dict[int, int]:
    """Pieces ordered in the ``days`` before ``at`` (default: now) by product id.

    Products of which nothing was ordered are left out, and so is what was bought of
    SKUs that are gone: their lines say what it was, but not of which product.
    """
    lines = _lines(days, at or timezone.now())
    if product_ids is not None:
        lines = lines.filter(sku__product__in=product_ids)
    counted = lines.values("sku__product").annotate(pieces=Sum("quantity")).order_by()
    return dict(counted.values_list("sku__product", "pieces"))


def best_sellers(days: int = DAYS, limit: int = 100) -> list[tuple[int, int]]:
    """(product id, pieces) of what was ordered most in so many days, the most first."""
    counted = _lines(days, timezone.now()).values("sku__product").annotate(pieces=Sum("quantity"))
    ranked = counted.order_by("-pieces", "sku__product").values_list("sku__product", "pieces")
    return list(ranked[:limit])


def worst_sellers(days: int = DAYS, limit: int = 100) -> list[tuple[int, int]]:
    """(product id, pieces) of what is offered and was ordered least, the least first.

    Only products on a live page that had all those days to sell, that are not retired
    and of which something is to be had: what cannot be bought is not to blame.
    """
    moment = timezone.now()
    offered = Product.objects.filter(
        pages__live=True,
        in_stock=True,
        retired__isnull=True,
        created__lte=moment - timedelta(days=days),
    ).distinct()
    pieces = sold(days, at=moment)
    ids = offered.values_list("pk", flat=True).order_by("pk")
    return sorted(((pk, pieces.get(pk, 0)) for pk in ids), key=lambda row: (row[1], row[0]))[:limit]


def refresh() -> int:
    """Write ``Product.sold_30_days`` where it is no longer true; return how many were written.

    Safe to run twice, also at once: what is written is what the orders say.
    """
    pieces = sold(DAYS)
    written = dict(Product.objects.filter(sold_30_days__gt=0).values_list("pk", "sold_30_days"))
    changed = sorted(
        pk for pk in pieces.keys() | written.keys() if pieces.get(pk, 0) != written.get(pk, 0)
    )
    return sum(_write(batch, pieces) for batch in _batches(changed))


def _batches(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + PRODUCTS_AT_ONCE] for start in range(0, len(ids), PRODUCTS_AT_ONCE))


@transaction.atomic
def _write(ids: list[int], pieces: dict[int, int]) -> int:
    # Locked in the order of their keys, as everybody locks products.
    locked = Product.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    products = [
        Product(pk=pk, sold_30_days=pieces.get(pk, 0)) for pk in locked.values_list("pk", flat=True)
    ]
    counts_changed([product.pk for product in products])
    return Product.objects.bulk_update(products, ["sold_30_days"], batch_size=200)


def _lines(days: int, moment: datetime) -> QuerySet[OrderItem]:
    return OrderItem.objects.filter(
        sku__isnull=False,
        order__created__gt=moment - timedelta(days=days),
        order__created__lte=moment,
    ).exclude(order__state__in=CAME_TO_NOTHING)
