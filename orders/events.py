"""Write down what happened to an order, and ask for attention where a person has to look."""

from typing import Any

from orders import outbox
from orders.models import Order, OrderEvent


def note(
    order: Order,
    kind: OrderEvent.Kind,
    text: str,
    *,
    user: Any = None,
    by: str = "",
) -> OrderEvent:
    """One more line of the order's timeline; part of the caller's transaction."""
    return OrderEvent.objects.create(order=order, kind=kind, text=text, user=user, by=by)


def alert(order: Order, text: str, *, by: str = "") -> None:
    """Mark the order as one that somebody has to look at, and tell the merchant by mail."""
    order.alert = text[:255]
    order.save(update_fields=["alert"])
    event = note(order, OrderEvent.Kind.ALERT, text, by=by)
    outbox.enqueue(order, outbox.ATTENTION, event.pk)
