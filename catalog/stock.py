"""Change stock. Every change is one conditional update and one line in the ledger, together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from catalog import listing, telling_facts
from catalog.models import Product, Sku, Stock, StockMovement
from catalog.signals import stock_crossed

TAKE = """
    UPDATE catalog_stock SET on_hand = on_hand - %(quantity)s
    WHERE sku_id = %(sku)s AND on_hand >= %(quantity)s
"""


class OutOfStockError(Exception):
    """There is less on hand than is wanted."""

    def __init__(self, sku: Sku) -> None:
        self.sku = sku
        super().__init__(sku.code)


def lock(product: Product) -> None:
    """Hold the stock of all its SKUs until the transaction ends.

    Whoever changes several facts of a product does this first: stock rows by key
    and then products is the order in which orders take them, and a transaction
    that took them the other way round would wait for an order that waits for it.
    """
    _require_transaction()
    known = list(product.skus.values_list("pk", flat=True))
    list(Stock.objects.select_for_update().filter(pk__in=known).order_by("pk"))


def take(quantities: Mapping[Sku, int], *, reference: str) -> dict[Sku, int]:
    """Take what is sold off the stock; return how many of each came from what is on hand.

    Runs in the caller's transaction, which must roll back on ``OutOfStockError``. Rows
    are taken in the order of their keys, so that two orders with the same SKUs
    wait for each other and never block each other for ever. A SKU sold on back
    order gives what it has; the rest of the quantity is owed.
    """
    _require_transaction()
    taken = {sku: _take_one(sku, quantities[sku]) for sku in sorted(quantities, key=_key)}
    StockMovement.objects.bulk_create(
        StockMovement(
            sku=sku, quantity=-count, reason=StockMovement.Reason.ORDER, reference=reference
        )
        for sku, count in taken.items()
        if count
    )
    levels = _levels({sku: -count for sku, count in taken.items()})
    # Listings only know whether there is any: most orders leave some and write nothing more.
    if emptied := [level.product_id for level in levels if not level.now]:
        listing.refresh(emptied)
    _tell(levels)
    return taken


def _take_one(sku: Sku, quantity: int) -> int:
    while True:
        # By hand, because each line of an order does it: Django would write the same.
        with connection.cursor() as cursor:
            cursor.execute(TAKE, {"sku": sku.pk, "quantity": quantity})
            if cursor.rowcount:
                return quantity
        rows = Stock.objects.filter(sku=sku)
        stock = rows.first()
        if stock is None or stock.when_sold_out == Stock.WhenSoldOut.STOP:
            raise OutOfStockError(sku)
        # A rival may have changed the row since it was read: then look again.
        if rows.filter(on_hand=stock.on_hand).update(on_hand=0):
            return stock.on_hand


@transaction.atomic
def adjust(
    changes: Mapping[Sku, int],
    *,
    reason: StockMovement.Reason,
    user: Any = None,
    reference: str = "",
    note: str = "",
) -> None:
    """Add to (or take from) stock: relative, so adjustments at the same time all count.

    Raises OutOfStockError, and changes nothing, where one would leave less than nothing.
    """
    for sku in sorted(changes, key=_key):
        quantity = changes[sku]
        rows = Stock.objects.filter(sku=sku, on_hand__gte=-quantity)
        if not rows.update(on_hand=F("on_hand") + quantity):
            Stock.objects.get_or_create(sku=sku)
            if not rows.update(on_hand=F("on_hand") + quantity):
                raise OutOfStockError(sku)
    StockMovement.objects.bulk_create(
        StockMovement(
            sku=sku, quantity=quantity, reason=reason, user=user, reference=reference, note=note
        )
        for sku, quantity in changes.items()
        if quantity
    )
    listing.refresh({sku.product_id for sku in changes})
    _tell(_levels(changes))


@dataclass(frozen=True)
class _Level:
    """How the stock of a SKU stands after a change, while its row is held, and stood before."""

    sku_id: int
    product_id: int
    is_active: bool
    before: int
    now: int
    low_from: int


def _levels(changes: Mapping[Sku, int]) -> list[_Level]:
    change = {sku.pk: quantity for sku, quantity in changes.items()}
    rows = Sku.objects.filter(pk__in=change).order_by().with_low_from()
    return [
        _Level(pk, product, is_active, now - change[pk], now, low_from)
        for pk, product, is_active, now, low_from in rows.values_list(
            "pk", "product_id", "is_active", "stock__on_hand", "low_from"
        )
    ]


def _tell(levels: Sequence[_Level]) -> None:
    """Say what came back and what ran low, where anything did; and what pages must say anew."""
    telling_facts.facts_changed({level.product_id for level in levels})
    # Which variants there are decides which prices a card speaks of.
    crossed = {level.product_id for level in levels if bool(level.before) != bool(level.now)}
    telling_facts.cards_changed(crossed)
    came_back = [level.sku_id for level in levels if level.before <= 0 < level.now]
    ran_low = [
        level.sku_id
        for level in levels
        if level.is_active and level.now <= level.low_from < level.before
    ]
    if came_back or ran_low:
        stock_crossed.send(Stock, came_back=sorted(came_back), ran_low=sorted(ran_low))


@transaction.atomic
def begin(rows: Sequence[Stock], *, reason: StockMovement.Reason, reference: str = "") -> None:
    """Write the first stock of new SKUs: what is on hand in ``rows``, and its lines in the ledger.

    Raises IntegrityError, and changes nothing, where one has a row already.
    """
    Stock.objects.bulk_create(rows)
    StockMovement.objects.bulk_create(
        StockMovement(sku_id=row.sku_id, quantity=row.on_hand, reason=reason, reference=reference)
        for row in rows
        if row.on_hand
    )
    products = {row.sku.product_id for row in rows}
    listing.refresh(products)
    telling_facts.cards_changed(products)


def _key(sku: Sku) -> int:
    return sku.pk


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "stock is taken and held inside the caller's transaction"
        )
