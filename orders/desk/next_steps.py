"""What to do next with an order: a sentence, one step that comes first, and the others."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from catalog.money import format_money
from orders import back_orders, states
from orders.models import Order
from orders.payments import gateways

from .actions import OrderActionView, Text
from .moves import CancelView, DeliverView, PackView, PayView, ReturnView, ShipView
from .parcels import HAS_LEFT, SendRestView
from .refund_views import RefundView

# In this order: the first that can be done comes first, if it carries the order on.
STEPS: list[type[OrderActionView]] = [
    PackView,
    ShipView,
    DeliverView,
    SendRestView,
    PayView,
    RefundView,
    ReturnView,
    CancelView,
]
GOES_ON = (PackView, ShipView, DeliverView, SendRestView)


@dataclass(frozen=True)
class Step:
    label: Text
    url: str
    icon: str
    is_serious: bool


def primary_and_others(order: Order, user: Any) -> tuple[Step | None, list[Step]]:
    """The step that comes first, if there is one, and all others that this user may do now."""
    views = [view for view in STEPS if user.has_perms(view.needed) and view.is_possible(order)]
    first = next((view for view in views if _comes_first(view, order)), None)
    others = [_step(view, order) for view in views if view is not first]
    return (_step(first, order) if first else None), others


def _comes_first(view: type[OrderActionView], order: Order) -> bool:
    if view in GOES_ON:
        return True
    if view is PayView:
        # Who pays online is waited for; a bank transfer is seen by a person.
        return order.state == Order.State.PENDING and _is_slow(order)
    if view is RefundView:
        return order.state in {Order.State.RETURNED, Order.State.CANCELLED}
    return False


def _step(view: type[OrderActionView], order: Order) -> Step:
    return Step(view.label, view.url(order), view.icon, view.is_serious)


def _is_slow(order: Order) -> bool:
    gateway = gateways().get(order.payment_method)
    return gateway is not None and gateway.is_slow


def advice(order: Order) -> str:
    """One sentence: what the order waits for; none where only its warning says more."""
    state = Order.State(order.state)
    if state == Order.State.PENDING:
        return _advice_to_wait(order)
    if state in {Order.State.RETURNED, Order.State.CANCELLED} and order.refundable > 0:
        amount = format_money(order.refundable, order.currency)
        return _("%(amount)s has been paid and not given back.") % {"amount": amount}
    if state in HAS_LEFT and back_orders.owes(order):
        return _("Some of it is still owed: send it as soon as it is there.")
    if order.money == Order.Money.REFUNDED and state in {Order.State.PAID, Order.State.PACKED}:
        return _("All of its money has gone back: cancel it if it is not to be sent.")
    if state == Order.State.PAID and states.is_digital(order):
        return _("There is nothing to send: it is delivered as soon as you say so.")
    sentences = {
        Order.State.PAID: _("It is to be packed."),
        Order.State.PACKED: _("It is to be handed over to the carrier."),
        Order.State.SHIPPED: _("It is on its way to the shopper."),
        Order.State.EXPIRED: _("It was not paid in time; the goods are on the shelf again."),
    }
    if not order.paid_at and state in {Order.State.SHIPPED, Order.State.DELIVERED}:
        return _("It was sent on invoice and is not paid yet.")
    # What asks for attention stands right below.
    return sentences.get(state, "" if order.alert else _("Nothing is left to do."))


def _advice_to_wait(order: Order) -> str:
    if order.is_sent_unpaid:
        return _("It is sent on invoice: it can be packed before it is paid.")
    if not order.expires_at:
        return _("It waits for the money.")
    until = date_format(localtime(order.expires_at), "DATETIME_FORMAT")
    return _("It waits for the money until %(moment)s, and expires then.") % {"moment": until}
