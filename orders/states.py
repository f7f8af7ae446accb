"""The life of an order: which state may follow which, and what each step does to the books.

``advance`` is the only writer of ``Order.state``. Each step is one row of ``OrderEvent``;
goods go back on the shelf once, because a state is entered once. How the money stands is a
second matter (docs/decisions/0007), kept by ``orders.payments.ledger``.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog import stock
from catalog.models import StockMovement
from orders import coupons, outbox
from orders.models import CAME_TO_NOTHING, Order, OrderEvent

State = Order.State

NEXT: Mapping[str, frozenset[str]] = {
    State.PENDING: frozenset({State.PAID, State.CANCELLED, State.EXPIRED}),
    State.PAID: frozenset({State.PACKED, State.CANCELLED}),
    State.PACKED: frozenset({State.SHIPPED, State.CANCELLED}),
    State.SHIPPED: frozenset({State.DELIVERED, State.RETURNED}),
    State.DELIVERED: frozenset({State.RETURNED}),
    State.RETURNED: frozenset(),
    State.CANCELLED: frozenset(),
    # Money may come after the time was over, and what was ordered may still be there.
    State.EXPIRED: frozenset({State.PAID, State.CANCELLED}),
}
MAILS = {
    State.PAID: outbox.PAYMENT_RECEIVED,
    State.PACKED: outbox.ORDER_PACKED,
    State.SHIPPED: outbox.ORDER_SHIPPED,
    State.CANCELLED: outbox.ORDER_CANCELLED,
}
# The slug of orders.payments.bank_transfer, which stands above this module.
BANK_TRANSFER = "bank_transfer"


class IllegalTransitionError(Exception):
    """The order is not in a state from which this may follow."""

    def __init__(self, order: Order, to: str) -> None:
        self.order, self.to = order, to
        super().__init__(f"{order.number}: {order.state} → {to}")


def may_follow(order: Order) -> frozenset[str]:
    """The states that the order may enter now."""
    follow = NEXT[order.state]
    if order.state == State.PENDING and order.is_sent_unpaid:
        return follow | {State.PACKED}
    if order.state == State.PAID and is_digital(order):
        # Nothing is packed or sent.
        return (follow - {State.PACKED}) | {State.DELIVERED}
    return follow


def is_digital(order: Order) -> bool:
    """Whether there is nothing to send."""
    return all(item.is_digital for item in order.items.all())


def locked(order: Order) -> Order:
    """The order as it is in the books now, held until the transaction ends.

    Whoever changes an order's state or money does this first, and before any stock row.
    """
    return Order.objects.select_for_update().get(pk=order.pk)


@transaction.atomic
def advance(
    order: Order,
    to: str,
    *,
    user: Any = None,
    by: str = "",
    reason: str = "",
    restock: bool | None = None,
    moment: datetime | None = None,
) -> Order:
    """Let an order enter a state; return it as it is in the books then.

    ``user`` or ``by`` says who, ``reason`` why. ``restock`` says whether the goods go back on
    the shelf: by default if the order is cancelled or expired. Raises
    IllegalTransitionError, and changes nothing, where the state may not follow.
    """
    current = locked(order)
    if to not in may_follow(current):
        raise IllegalTransitionError(current, to)
    before, current.state = current.state, to
    current.save(update_fields=["state"])
    event = OrderEvent.objects.create(
        order=current,
        kind=OrderEvent.Kind.STATE,
        from_state=before,
        to_state=to,
        text=reason,
        user=user,
        by=by,
        created=moment or timezone.now(),
    )
    if to in CAME_TO_NOTHING:
        # Before any stock row, as orders are placed: else two could wait for each other.
        coupons.release(current)
    if restock if restock is not None else to in CAME_TO_NOTHING:
        put_back(current, user=user)
    if (mail := _mail_of(current, before)) is not None:
        # An order may come to nothing twice: expired, paid after all, and then cancelled.
        outbox.enqueue(current, mail, event.pk if mail == outbox.ORDER_CANCELLED else "")
    transaction.on_commit(outbox.ring, robust=True)
    return current


def _mail_of(order: Order, before: str) -> str | None:
    """The mail that tells the shopper of the state the order has entered; None for none."""
    if order.state == State.PAID and not order.total:
        return None
    if order.state == State.EXPIRED:
        # Who left a card page knows; who meant to send money by the bank may not.
        meant_to = order.payments.filter(gateway=BANK_TRANSFER).exists()
        return outbox.ORDER_CANCELLED if meant_to else None
    if before == State.EXPIRED and order.state == State.CANCELLED:
        # It was over already.
        return None
    return MAILS.get(order.state)


def put_back(
    order: Order, quantities: Mapping[int, int] | None = None, *, user: Any = None
) -> dict[int, int]:
    """Put what was taken off the shelf back on it; all of it, or so many of each line (by its key).

    Never more than was taken and not yet put back; return how many of each line it was.
    Runs in a transaction that holds the order (``locked``).
    """
    put: dict[int, int] = {}
    changes = {}
    for item in order.items.select_related("sku").order_by("pk"):
        wanted = item.to_restock if quantities is None else quantities.get(item.pk, 0)
        count = min(wanted, item.to_restock)
        if count <= 0:
            continue
        put[item.pk] = count
        type(item).objects.filter(pk=item.pk).update(restocked=F("restocked") + count)
        if item.sku is not None:
            changes[item.sku] = changes.get(item.sku, 0) + count
    if changes:
        stock.adjust(
            changes, reason=StockMovement.Reason.RETURNED, user=user, reference=order.number
        )
    return put
