"""Pay an order: begin with a gateway, and hear how it went."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import events, states
from orders.models import Order, OrderEvent, OrderSettings, Payment
from orders.payments import gateway, gateways, ledger
from orders.payments.base import GatewayUnavailableError, RefusedError, Step
from orders.payments.reach import reach

logger = logging.getLogger(__name__)

# A stranger with a list of stolen cards shall not try them all on one order.
MOST_ATTEMPTS = 8
# When to ask a gateway by ourselves how a payment stands: shopper and webhook may both be lost.
# After the last it is asked daily (orders.payments.overdue).
CHECKS = [timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=24)]


class CannotPayError(Exception):
    """The order cannot be paid this way now; the text tells the shopper what to do."""


def expiry_of(slug: str, moment: datetime, rules: OrderSettings) -> datetime | None:
    """When an order that is to be paid by this gateway expires; None for never."""
    if not gateway(slug).is_slow:
        return moment + timedelta(minutes=rules.online_unpaid_minutes)
    return None if rules.sends_unpaid else moment + timedelta(hours=rules.unpaid_hours)


def new_payment(order: Order, slug: str) -> Payment:
    """Write an attempt to pay; part of the caller's transaction, which holds the order."""
    return Payment.objects.create(
        order=order,
        gateway=slug,
        amount=order.total,
        currency=order.currency,
        next_check=None if gateway(slug).is_slow else timezone.now() + CHECKS[0],
    )


def begin(order: Order, slug: str) -> Step:
    """Go on paying by this gateway, or begin anew; return what the shopper does next.

    A repeated click leads to the same payment, by its key. Raises CannotPayError where the
    order is not to be paid any more, was tried too often, or the gateway is away.
    """
    if slug not in gateways() or not gateway(slug).is_offered(order.currency):
        raise CannotPayError(_("This way to pay is not offered any more. Choose another one."))
    payment = _attempt(order, slug)
    try:
        with reach(slug) as way:
            return way.begin(payment)
    except GatewayUnavailableError as error:
        logger.warning("%s is away: %r", slug, error)
        message = _("%(gateway)s does not answer at the moment. Your order is kept: "
                    "choose another way to pay, or try again later.")  # fmt: skip
        raise CannotPayError(message % {"gateway": gateway(slug).label}) from error
    except RefusedError as error:
        ledger.record_failure(payment, str(error), is_cancelled=True)
        message = error.shown or _("%(gateway)s has refused this payment. "
                                   "Choose another way to pay.")  # fmt: skip
        raise CannotPayError(message % {"gateway": gateway(slug).label}) from error


def is_payable(order: Order) -> bool:
    """Whether the order waits for money."""
    return not order.paid_at and order.state in {Order.State.PENDING, *_unpaid_states(order)}


@transaction.atomic
def _attempt(order: Order, slug: str) -> Payment:
    order = states.locked(order)
    if not is_payable(order):
        raise CannotPayError(_("There is nothing to pay for this order any more."))
    waiting = list(order.payments.filter(state__in=ledger.OPEN).order_by("-pk"))
    if any(one.state == Payment.State.PENDING and one.gateway != slug for one in waiting):
        raise CannotPayError(_("A payment for this order is on its way already."))
    fresh = next((one for one in waiting if one.gateway == slug), None)
    if order.payment_method != slug:
        _choose(order, slug, fresh.created if fresh else timezone.now())
    if fresh:
        return fresh
    if not gateway(slug).is_slow and order.payments.count() >= MOST_ATTEMPTS:
        raise CannotPayError(_("This was tried too often. Choose another way to pay."))
    return new_payment(order, slug)


def _choose(order: Order, slug: str, begun: datetime) -> None:
    """Write down that the order is to be paid this way, begun then; no choice takes time from it.

    What may be sent before it is paid stays so: it has an invoice, and may be on its way.
    """
    order.payment_method = slug
    rules = OrderSettings.load()
    if gateway(slug).is_slow and rules.sends_unpaid:
        order.is_sent_unpaid = True
    until = expiry_of(slug, begun, rules)
    if order.is_sent_unpaid or until is None or order.expires_at is None:
        order.expires_at = None
    else:
        order.expires_at = max(order.expires_at, until)
    order.save(update_fields=["payment_method", "is_sent_unpaid", "expires_at"])
    with events.in_the_shops_language():
        text = _("The shopper chose another way to pay: %(slug)s") % {"slug": slug}
    events.note(order, OrderEvent.Kind.PAYMENT, text, by="shopper")


def _unpaid_states(order: Order) -> set[str]:
    """Where the goods may be of an order that is sent on invoice and not paid yet."""
    if not order.is_sent_unpaid:
        return set()
    return {Order.State.PACKED, Order.State.SHIPPED, Order.State.DELIVERED}


def settle(payment: Payment) -> Payment:
    """Let the gateway say how the payment stands, and return it as it is in the books then.

    Raises GatewayUnavailableError where nobody can say.
    """
    with reach(payment.gateway) as way:
        way.settle(payment)
    payment.refresh_from_db()
    return payment
