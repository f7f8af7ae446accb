"""What each mail about an order says, from the books as they are when it is sent."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orders import outbox
from orders.documents import invoice
from orders.mails import facts, merchant
from orders.mails.facts import OrderFacts, ShipmentFacts
from orders.mails.kinds import KINDS
from orders.mails.letters import BankDetails, Letter
from orders.models import Order, OrderEvent, OrderSettings, Outbox, Refund, Shipment
from orders.outbox import NoLongerNeededError

BANK_TRANSFER = "bank_transfer"
Facts = Mapping[str, Any]
_about: dict[str, Callable[[Outbox, Order, OrderFacts], Facts]] = {}


def letter_for(row: Outbox) -> Letter:
    """The mail that a row about an order owes, in the language that is active.

    Raises NoLongerNeededError where there is nothing to say any more.
    """
    kind, order = KINDS[row.kind], row.order
    told = facts.of(order)
    extra = dict(_about[row.kind](row, order, told)) if row.kind in _about else {}
    words = {**told.words, **extra.pop("words", {})}
    if kind.is_for_merchant:
        to, url = merchant.address(), admin_url(order)
    else:
        to, url = order.email, told.url
    return Letter(
        kind=kind, language=told.language, to=to, words=words, url=url, order=told, **extra
    )


def _tells(kind: str) -> Callable:
    def register(function: Callable) -> Callable:
        _about[kind] = function
        return function

    return register


@_tells(outbox.ORDER_PLACED)
def _placed(row: Outbox, order: Order, told: OrderFacts) -> Facts:
    if order.paid_at or order.state in {Order.State.CANCELLED, Order.State.EXPIRED}:
        return {}
    if is_bank_transfer(order):
        on_invoice = order if order.is_sent_unpaid else None
        return {"bank": bank_details(order, told), "invoice_of": on_invoice}
    if not order.total:
        return {}
    return {"notes": [_("If you have not paid yet, you can do so on the page of your order.")]}


def is_bank_transfer(order: Order) -> bool:
    return order.payment_method == BANK_TRANSFER


def bank_details(order: Order, told: OrderFacts) -> BankDetails:
    """Where the money is to be sent, and by when."""
    if order.is_sent_unpaid:
        sentence = _("The invoice is attached. Please send %(total)s to this account:")
    elif order.expires_at:
        sentence = _(
            "Please send %(total)s to this account by %(day)s. Your order leaves us as soon as "
            "the money has arrived."
        )
    else:
        sentence = _(
            "Please send %(total)s to this account. Your order leaves us as soon as the money "
            "has arrived."
        )
    day = date_format(order.expires_at, "DATE_FORMAT") if order.expires_at else ""
    account = OrderSettings.load().bank_details.splitlines()
    return BankDetails(
        sentence=sentence % {"total": told.total, "day": day},
        account=[line.strip() for line in account if line.strip()],
        reference=order.number,
    )


@_tells(outbox.PAYMENT_RECEIVED)
def _paid(row: Outbox, order: Order, told: OrderFacts) -> Facts:
    if not invoice.is_due(order):
        return {}
    return {"invoice_of": order, "notes": [_("Your invoice is attached.")]}


@_tells(outbox.PAYMENT_FAILED)
def _failed(row: Outbox, order: Order, told: OrderFacts) -> Facts:
    if order.paid_at:
        raise NoLongerNeededError("the order was paid since")
    if order.state != Order.State.PENDING:
        raise NoLongerNeededError(f"the order is {order.state}")
    if not order.expires_at:
        return {}
    until = date_format(timezone.localtime(order.expires_at), "DATETIME_FORMAT")
    note = _("It is kept for you until %(moment)s (%(zone)s).")
    return {"notes": [note % {"moment": until, "zone": settings.TIME_ZONE}]}


@_tells(outbox.ORDER_SHIPPED)
def _shipped(row: Outbox, order: Order, told: OrderFacts) -> Facts:
    shipments = [shipment_facts(shipment) for shipment in order.shipments.all()]
    return {"shipments": shipments, "words": shipment_words(shipments)}


def shipment_facts(shipment: Shipment) -> ShipmentFacts:
    url = shipment.tracking_url
    return ShipmentFacts(
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        tracking_url=url if url.startswith(("https://", "http://")) else "",
    )


def shipment_words(shipments: list[ShipmentFacts]) -> dict[str, str]:
    return {
        "carrier": ", ".join(dict.fromkeys(one.carrier for one in shipments if one.carrier)),
        "tracking": ", ".join(one.tracking_number for one in shipments if one.tracking_number),
    }


@_tells(outbox.ORDER_CANCELLED)
def _cancelled(row: Outbox, order: Order, told: OrderFacts) -> Facts:
    events = order.events.filter(to_state=Order.State.CANCELLED)
    reason = events.values_list("text", flat=True).last() or ""
    if order.state == Order.State.EXPIRED:
        reason = _("It was not paid in time.")
    notes = [_("What you have paid goes back the way it came.")] if order.amount_refunded else []
    return {"words": {"reason": reason}, "notes": notes}


@_tells(outbox.ORDER_REFUNDED)
def _refunded(row: Outbox, order: Order, told: OrderFacts) -> Facts:
    refund = Refund.objects.get(pk=row.payload["refund"], order=order)
    return {"words": {"amount": told.money(refund.amount), "reason": refund.reason}}


@_tells(outbox.NEW_ORDER)
def _new(row: Outbox, order: Order, told: OrderFacts) -> Facts:
    if not OrderSettings.load().tells_of_orders:
        raise NoLongerNeededError("new orders are not reported (settings of orders)")
    return {}


@_tells(outbox.ATTENTION)
def _attention(row: Outbox, order: Order, told: OrderFacts) -> Facts:
    """The key has the event's; what it said is said, whatever has happened since."""
    # "order:17:attention:42", and more where it is sent once more.
    number = ([*row.key.split(":"), "", "", ""])[3]
    events = OrderEvent.objects.filter(order=order, kind=OrderEvent.Kind.ALERT)
    event = events.filter(pk=int(number)).first() if number.isdecimal() else None
    return {"words": {"reason": event.text if event else order.alert}}


def admin_url(order: Order) -> str:
    return settings.BASE_URL + reverse("shop_orders:inspect", args=[order.pk])
