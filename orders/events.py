"""Write down what happened to an order, and ask for attention where a person has to look."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from orders import outbox
from orders.models import Order, OrderEvent


@contextmanager
def in_the_shops_language() -> Iterator[None]:
    """What is written into the books is read by the desk, whoever set it off.

    A message of a gateway, a shopper and the clock each have a language of their own.
    """
    with translation.override(settings.LANGUAGE_CODE):
        yield


def note(
    order: Order,
    kind: OrderEvent.Kind,
    text: str | Promise,
    *,
    user: Any = None,
    by: str = "",
) -> OrderEvent:
    """One more line of the order's timeline; part of the caller's transaction."""
    with in_the_shops_language():
        text = str(text)
    return OrderEvent.objects.create(order=order, kind=kind, text=text, user=user, by=by)


def alert(order: Order, text: str | Promise, *, by: str = "") -> None:
    """Mark the order as one that somebody has to look at, and tell the merchant by mail.

    Said of it already, it is not said twice.
    """
    with in_the_shops_language():
        text = str(text)
    if order.alert == text[:255]:
        return
    order.alert = text[:255]
    order.save(update_fields=["alert"])
    event = note(order, OrderEvent.Kind.ALERT, text, by=by)
    outbox.enqueue(order, outbox.ATTENTION, event.pk)
