"""Pieces that were sold before they were there: what an order owes, and how that ends."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from catalog import stock
from catalog.models import Sku, StockMovement
from orders import events
from orders.models import CAME_TO_NOTHING, Order, OrderEvent, OrderItem

# What came back or came to nothing is owed nothing any more.
OWES_NOTHING = frozenset({*CAME_TO_NOTHING, Order.State.RETURNED})


class NotOnHandError(Exception):
    """There is less on hand of what a line owes than is wanted."""

    def __init__(self, item: OrderItem) -> None:
        self.item = item
        super().__init__(item.sku_code)


def owing(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Those of the orders that owe something."""
    lines = OrderItem.objects.filter(order=OuterRef("pk"), back_ordered__gt=0, is_digital=False)
    return orders.filter(Exists(lines)).exclude(state__in=OWES_NOTHING)


def owes(order: Order) -> bool:
    """Whether pieces of the order are still to be sent that were not there when it was placed."""
    if order.state in OWES_NOTHING:
        return False
    return any(item.back_ordered and not item.is_digital for item in order.items.all())


def on_hand(order: Order) -> dict[int, int]:
    """How many of what each line owes can go now, by its key; lines that owe nothing are left out.

    Of a line whose SKU is gone that is none: nobody counts its pieces any more.
    """
    if not owes(order):
        return {}
    lines = order.items.filter(back_ordered__gt=0, is_digital=False)
    rows = lines.values_list("pk", "back_ordered", "sku__stock__on_hand")
    return {key: min(owed, there or 0) for key, owed, there in rows}


def take(order: Order, quantities: Mapping[int, int], *, user: Any = None) -> None:
    """Take so many of what each line (by its key) owes off the shelf: they are owed no longer.

    Other than when an order is placed, each piece must be there: raises NotOnHandError where
    one is not, and ValueError where more are named than are owed. Runs in a transaction that
    holds the order and rolls back on either.
    """
    changes: dict[Sku, int] = {}
    taken = []
    for item in order.items.select_related("sku").order_by("pk"):
        if not (count := quantities.get(item.pk, 0)):
            continue
        if not 0 < count <= item.back_ordered:
            raise ValueError(f"{count} of {item.back_ordered} owed pieces")
        OrderItem.objects.filter(pk=item.pk).update(back_ordered=F("back_ordered") - count)
        taken.append((item, count))
        if item.sku is not None:
            changes[item.sku] = changes.get(item.sku, 0) - count
    if not taken:
        return
    try:
        reason = StockMovement.Reason.ORDER
        stock.adjust(changes, reason=reason, user=user, reference=order.number)
    except stock.OutOfStockError as error:
        raise NotOnHandError(next(item for item, _n in taken if item.sku == error.sku)) from error
    lines = ", ".join(f"{count} × {item.sku_code}" for item, count in taken)
    text = _("Owed no longer: %(lines)s") % {"lines": lines}
    events.note(order, OrderEvent.Kind.NOTE, text, user=user)
