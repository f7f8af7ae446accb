"""Give money back: asked for in the books first, carried out by a worker, once.

A refund counts from the moment it is asked for, so that two people at once never give back
more than was paid. The gateway gets the refund's own key with every attempt.
"""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.money import format_money
from orders import events, outbox, states
from orders.models import Order, OrderEvent, OrderItem, Outbox, Payment, Refund, RefundItem
from orders.payments import gateway, gateways
from orders.payments.base import GatewayUnavailableError, RefusedError
from orders.payments.reach import reach


class RefundError(Exception):
    """There is not so much to give back."""


@transaction.atomic
def ask(
    order: Order,
    amount: Decimal,
    *,
    reason: str | Promise = "",
    payment: Payment | None = None,
    items: Mapping[int, int] | None = None,
    restock: Mapping[int, int] | None = None,
    user: Any = None,
    by: str = "",
) -> Refund:
    """Ask for a refund of an amount; return it, waiting to be carried out.

    ``items`` says which pieces it is for and ``restock`` how many of them go back on the
    shelf, both by the keys of lines. Without a ``payment`` the latest is taken that has so
    much left. Raises RefundError, and changes nothing, where there is not so much.
    """
    order = states.locked(order)
    if amount <= 0 or amount > order.refundable:
        raise RefundError(_("There is not so much to give back."))
    refund = Refund.objects.create(
        order=order,
        payment=payment or _payment_with(order, amount),
        amount=amount,
        reason=_as_read_by(order, reason),
        user=user,
    )
    Order.objects.filter(pk=order.pk).update(amount_refunded=F("amount_refunded") + amount)
    _check_items(order, items or {})
    RefundItem.objects.bulk_create(
        RefundItem(refund=refund, item_id=key, quantity=count)
        for key, count in (items or {}).items()
        if count
    )
    if restock:
        states.put_back(order, restock, user=user)
    with events.in_the_shops_language():
        text = f"{format_money(amount, order.currency, 'en')} {reason}".strip()
    events.note(order, OrderEvent.Kind.REFUND, text, user=user, by=by)
    outbox.enqueue(order, outbox.REFUND, refund.pk, refund=refund.pk)
    transaction.on_commit(outbox.ring, robust=True)
    return refund


def _as_read_by(order: Order, reason: str | Promise) -> str:
    """The shopper finds the reason in a mail."""
    with translation.override(order.language):
        return str(reason)[:255]


def _payment_with(order: Order, amount: Decimal) -> Payment:
    """The latest payment of the order of which so much is left."""
    gone = Sum("refunds__amount", filter=~Q(refunds__state=Refund.State.FAILED), default=Decimal(0))
    captured = order.payments.filter(state=Payment.State.CAPTURED).annotate(gone=gone)
    for payment in captured.order_by("-captured_at", "-pk"):
        if payment.amount - payment.gone >= amount:
            return payment
    raise RefundError(_("No single payment has so much left: give it back in parts."))


def _check_items(order: Order, items: Mapping[int, int]) -> None:
    for item in OrderItem.objects.filter(pk__in=items, order=order):
        gone = item.refunded.exclude(refund__state=Refund.State.FAILED)
        if items[item.pk] + (gone.aggregate(n=Sum("quantity"))["n"] or 0) > item.quantity:
            raise RefundError(_("More pieces than were bought: %(code)s") % {"code": item.sku_code})


@outbox.handles(outbox.REFUND)
def carry_out(row: Outbox) -> None:
    """Send one refund to its gateway; what it answers is written down. Safe to repeat.

    Where a person has to send the money, it waits until they say that they have.
    """
    refund = Refund.objects.select_related("payment").get(pk=row.payload["refund"])
    if refund.state != Refund.State.WAITING:
        return
    if gateway(refund.payment.gateway).refunds_by_hand:
        _ask_for_a_hand(refund)
        return
    try:
        with reach(refund.payment.gateway) as way:
            reference = way.refund(refund)
    except RefusedError as error:
        fail(refund, str(error))
        # Somebody may have given it back at the gateway itself, which the books must know.
        with suppress(GatewayUnavailableError), reach(refund.payment.gateway) as way:
            way.settle(refund.payment)
    else:
        finish(refund, reference)


@transaction.atomic
def _ask_for_a_hand(refund: Refund) -> None:
    events.alert(states.locked(refund.order), _by_hand(refund))


def _by_hand(refund: Refund) -> str:
    amount = format_money(refund.amount, refund.payment.currency, settings.LANGUAGE_CODE)
    with events.in_the_shops_language():
        return _("Send %(amount)s to the shopper's bank account, then mark the refund as sent.") % {
            "amount": amount
        }


def by_hand(order: Order) -> QuerySet[Refund]:
    """Refunds of the order that a person has to send, or has sent."""
    slugs = [slug for slug, one in gateways().items() if one.refunds_by_hand]
    return order.refunds.filter(payment__gateway__in=slugs)


def waiting_for_a_hand(order: Order) -> QuerySet[Refund]:
    """Those that nobody has sent yet."""
    return by_hand(order).filter(state=Refund.State.WAITING)


@transaction.atomic
def sent_by_hand(refund: Refund, *, user: Any) -> Refund:
    """A person has sent the money: the refund is done, and the shopper is told."""
    order = states.locked(refund.order)
    refund = finish(refund)
    if order.alert == _by_hand(refund):
        others = waiting_for_a_hand(order).first()
        order.alert = _by_hand(others) if others else ""
        order.save(update_fields=["alert"])
    with events.in_the_shops_language():
        words = _("sent by hand")
        text = f"{format_money(refund.amount, order.currency, 'en')} {words}"
    events.note(order, OrderEvent.Kind.REFUND, text, user=user)
    return refund


@transaction.atomic
def finish(refund: Refund, reference: str = "") -> Refund:
    """The money has gone back; the shopper is told. Told twice, it is done once."""
    order = states.locked(refund.order)
    refund = Refund.objects.select_for_update().get(pk=refund.pk)
    if refund.state != Refund.State.WAITING:
        return refund
    refund.state, refund.reference, refund.done_at = Refund.State.DONE, reference, timezone.now()
    refund.save(update_fields=["state", "reference", "done_at"])
    outbox.enqueue(order, outbox.ORDER_REFUNDED, refund.pk, refund=refund.pk)
    transaction.on_commit(outbox.ring, robust=True)
    return refund


@transaction.atomic
def fail(refund: Refund, reason: str, *, came_back: bool = False) -> Refund:
    """The gateway will not give it back: it no longer counts, and somebody has to look.

    With ``came_back`` also one that was done: the shopper's bank did not take the money.
    """
    order = states.locked(refund.order)
    refund = Refund.objects.select_for_update().get(pk=refund.pk)
    if refund.state == Refund.State.FAILED or (refund.state == Refund.State.DONE and not came_back):
        return refund
    refund.state, refund.failure = Refund.State.FAILED, reason[:255]
    refund.save(update_fields=["state", "failure"])
    Order.objects.filter(pk=order.pk).update(amount_refunded=F("amount_refunded") - refund.amount)
    with events.in_the_shops_language():
        text = _("A refund was refused:") + f" {reason}"
    events.alert(order, text, by=_gateway_of(refund))
    return refund


@transaction.atomic
def record_outside(
    payment: Payment, amount: Decimal, reference: str, *, key: str = "", reason: str = ""
) -> Refund | None:
    """The gateway knows of a refund: ours (by ``key``) or one made in its own back office.

    Each is in the books once, whatever is told how often. None where it is there already.
    """
    order = states.locked(payment.order)
    if key and (ours := Refund.objects.filter(payment=payment, key=key).first()):
        return finish(ours, reference)
    if Refund.objects.filter(payment=payment, reference=reference).exists():
        return None
    if amount > order.refundable:
        text = gettext_lazy("More was given back than was paid.")
        events.alert(order, text, by=payment.gateway)
        return None
    refund = Refund.objects.create(order=order, payment=payment, amount=amount, reason=reason[:255])
    Order.objects.filter(pk=order.pk).update(amount_refunded=F("amount_refunded") + amount)
    text = format_money(amount, order.currency, "en")
    events.note(order, OrderEvent.Kind.REFUND, text, by=payment.gateway)
    return finish(refund, reference)


@outbox.when_given_up(outbox.REFUND)
@transaction.atomic
def tell_of_a_stuck_refund(row: Outbox) -> None:
    """The gateway could not be reached for a day: the refund waits, and somebody has to look."""
    order = states.locked(row.order)
    events.alert(order, gettext_lazy("A refund could not be carried out; it can be sent again."))


def _gateway_of(refund: Refund) -> str:
    return refund.payment.gateway if refund.payment else ""
