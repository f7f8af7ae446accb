"""What each mail about an order says, from the books as they are when it is sent."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
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
from orders.models import (
    CAME_TO_NOTHING,
    Order,
    OrderEvent,
    OrderSettings,
    Outbox,
    Refund,
    Shipment,
)
from orders.outbox import NoLongerNeededError

BANK_TRANSFER = "bank_transfer"
Facts = Mapping[str, Any]
_about: dict[str, Callable[[Outbox, Order, OrderFacts], Facts]] = {}


def letter_for(row: Outbox) -> Letter:
    """The mail that a row about an order owes, in the language that is active.

    Raises NoLongerNeededError where there is nothing to say any more.
    """
    kind, order = KINDS[row.kind], row.order
    if order.erased and not kind.is_for_merchant:
        raise NoLongerNeededError("the customer was erased")
    # Asked for by the letter, by the totals and by the invoice.
    prefetch_related_objects([order], "items")
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
    if order.paid_at or order.state in CAME_TO_NOTHING:
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
    account = [line.strip() for line in OrderSettings.load().bank_details.splitlines()]
    account = [line for line in account if line]
    day = date_format(order.expires_at, "DATE_FORMAT") if order.expires_at else ""
    sentence = _how_to_transfer(order) if account else _how_to_learn_the_account(order)
    return BankDetails(
        sentence=sentence % {"total": told.total, "day": day},
        account=account,
        reference=order.number,
    )


def _how_to_transfer(order: Order) -> str:
    if order.is_sent_unpaid:
        return _("The invoice is attached. Please send %(total)s to this account:")
    if order.expires_at:
        return _(
            "Please send %(total)s to this account by %(day)s. Your order leaves us as soon as "
            "the money has arrived."
        )
    return _(
        "Please send %(total)s to this account. Your order leaves us as soon as the money "
        "has arrived."
    )


def _how_to_learn_the_account(order: Order) -> str:
    """A shop that has not said where its money goes is asked, and the shopper told to ask it."""
    if order.is_sent_unpaid:
        return _(
            "The invoice is attached. Please write to us before you pay %(total)s: we tell you "
            "the account to send it to."
        )
    if order.expires_at:
        return _(
            "Please pay %(total)s by %(day)s. Write to us, and we tell you the account to send "
            "it to. Your order leaves us as soon as the money has arrived."
        )
    return _(
        "Please pay %(total)s. Write to us, and we tell you the account to send it to. Your "
        "order leaves us as soon as the money has arrived."
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


@_tells(outbox.ORDER_PACKED)
def _packed(row: Outbox, order: Order, told: OrderFacts) -> Facts:
    _must_be_in(order, Order.State.PACKED)
    return {}


@_tells(outbox.ORDER_SHIPPED)
def _shipped(row: Outbox, order: Order, told: OrderFacts) -> Facts:
    """Of all parcels, or of the one with what was owed that the row names."""
    _must_be_in(order, Order.State.SHIPPED, Order.State.DELIVERED)
    follows_later = any(line.back_ordered for line in told.lines)
    found = order.shipments.all()
    notes = []
    if "shipment" in row.payload:
        found = found.filter(pk=row.payload["shipment"])
        notes = [_("This parcel holds what was still owed to you.")]
    if follows_later:
        notes.append(_("What is on back order follows later."))
    shipments = [shipment_facts(shipment) for shipment in found]
    return {"shipments": shipments, "words": shipment_words(shipments), "notes": notes}


def _must_be_in(order: Order, *states: str) -> None:
    """A mail that has waited must not say what is true no more."""
    if order.state not in states:
        raise NoLongerNeededError(f"the order is {order.state}")


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
    _must_be_in(order, *CAME_TO_NOTHING)
    end = order.events.filter(kind=OrderEvent.Kind.STATE, to_state=order.state).last()
    # It may have expired, been paid after all, and then been cancelled, all while this waited.
    if end and _event_of(row) != end.pk and order.outbox.filter(key=_key_about(end, row)).exists():
        raise NoLongerNeededError("a later mail says it")
    reason = end.text if end else ""
    if order.state == Order.State.EXPIRED:
        reason = _("It was not paid in time.")
    goes_back = order.amount_refunded and not order.refundable
    notes = [_("What you have paid goes back the way it came.")] if goes_back else []
    return {"words": {"reason": reason}, "notes": notes}


def _event_of(row: Outbox) -> int | None:
    """The event that the row's key names: "order:17:attention:42", and more if sent once more."""
    number = ([*row.key.split(":"), "", "", ""])[3]
    return int(number) if number.isdecimal() else None


def _key_about(event: OrderEvent, row: Outbox) -> str:
    return f"order:{event.order_id}:{row.kind}:{event.pk}"


@_tells(outbox.ORDER_REFUNDED)
def _refunded(row: Outbox, order: Order, told: OrderFacts) -> Facts:
    refund = Refund.objects.get(pk=row.payload["refund"], order=order)
    if refund.state != Refund.State.DONE:
        raise NoLongerNeededError(f"the refund is {refund.state}")
    return {"words": {"amount": told.money(refund.amount), "reason": refund.reason}}


@_tells(outbox.NEW_ORDER)
def _new(row: Outbox, order: Order, told: OrderFacts) -> Facts:
    if not OrderSettings.load().tells_of_orders:
        raise NoLongerNeededError("new orders are not reported (settings of orders)")
    return {}


@_tells(outbox.ATTENTION)
def _attention(row: Outbox, order: Order, told: OrderFacts) -> Facts:
    """What the event said is said, whatever has happened since."""
    event = order.events.filter(kind=OrderEvent.Kind.ALERT, pk=_event_of(row)).first()
    return {"words": {"reason": event.text if event else order.alert}}


def admin_url(order: Order) -> str:
    return settings.BASE_URL + reverse("shop_orders:inspect", args=[order.pk])
