"""Pay an order: begin with a gateway, hear how it went, and look after those nobody hears of."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import events, states
from orders.models import Order, OrderEvent, OrderSettings, Payment
from orders.payments import gateway, gateways, ledger
from orders.payments.base import GatewayUnavailableError, RefusedError, Step

logger = logging.getLogger(__name__)

# A stranger with a list of stolen cards shall not try them all on one order.
MOST_ATTEMPTS = 8
# When to ask a gateway by ourselves how a payment stands: shopper and webhook may both be lost.
CHECKS = [timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=24)]
# An order whose payment nobody can tell anything of now does not expire before this.
GRACE = timedelta(minutes=10)


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
        return gateway(slug).begin(payment)
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
    fresh = order.payments.filter(gateway=slug, state__in=ledger.OPEN).order_by("-pk").first()
    if fresh:
        return fresh
    if order.payments.count() >= MOST_ATTEMPTS:
        raise CannotPayError(_("This was tried too often. Please write to us."))
    if order.payment_method != slug:
        order.payment_method = slug
        rules = OrderSettings.load()
        order.is_sent_unpaid = gateway(slug).is_slow and rules.sends_unpaid
        order.expires_at = expiry_of(slug, timezone.now(), rules)
        order.save(update_fields=["payment_method", "is_sent_unpaid", "expires_at"])
        text = _("The shopper chose another way to pay: %(slug)s") % {"slug": slug}
        events.note(order, OrderEvent.Kind.PAYMENT, text, by="shopper")
    return new_payment(order, slug)


def _unpaid_states(order: Order) -> set[str]:
    """Where the goods may be of an order that is sent on invoice and not paid yet."""
    if not order.is_sent_unpaid:
        return set()
    return {Order.State.PACKED, Order.State.SHIPPED, Order.State.DELIVERED}


def settle(payment: Payment) -> Payment:
    """Let the gateway say how the payment stands, and return it as it is in the books then.

    Raises GatewayUnavailableError where nobody can say.
    """
    gateway(payment.gateway).settle(payment)
    payment.refresh_from_db()
    return payment


def check_due(moment: datetime | None = None, limit: int = 50) -> int:
    """Ask about payments of which nobody was heard; return how many. Safe to run twice."""
    moment = moment or timezone.now()
    due = Payment.objects.filter(state__in=ledger.OPEN, next_check__lte=moment)
    asked = 0
    for payment in due.order_by("next_check").select_related("order")[:limit]:
        if not _take_turn(payment, moment):
            continue
        asked += 1
        try:
            settle(payment)
        except Exception as error:  # noqa: BLE001 - one that fails must not stop the others
            logger.warning("payment %s could not be checked: %r", payment.pk, error)
    return asked


def _take_turn(payment: Payment, moment: datetime) -> bool:
    """Put the next check down before this one is made; False if somebody else makes it."""
    later = payment.checks + 1
    following = payment.created + CHECKS[later] if later < len(CHECKS) else None
    if following and following <= moment:
        following = moment + CHECKS[0]
    return bool(
        Payment.objects.filter(pk=payment.pk, checks=payment.checks).update(
            checks=later, next_check=following
        )
    )


def expire_due(moment: datetime | None = None, limit: int = 200) -> int:
    """Let orders expire that nobody paid in time; return how many. Safe to run twice at once.

    A gateway is asked first, so that an order that was paid a moment ago does not expire; one
    that does not answer gets ten minutes more.
    """
    moment = moment or timezone.now()
    due = Order.objects.filter(state=Order.State.PENDING, expires_at__lte=moment)
    expired = 0
    for order in due.order_by("expires_at")[:limit]:
        if not _is_known_unpaid(order):
            grace = timezone.now() + GRACE
            Order.objects.filter(pk=order.pk, expires_at=order.expires_at).update(expires_at=grace)
            continue
        try:
            states.advance(order, Order.State.EXPIRED, by="clock")
        except states.IllegalTransitionError:
            # Paid or cancelled while we looked.
            continue
        expired += 1
    return expired


def _is_known_unpaid(order: Order) -> bool:
    for payment in order.payments.filter(state__in=ledger.OPEN):
        name: Any = payment.gateway
        if name not in gateways() or gateway(name).is_slow:
            continue
        try:
            settle(payment)
        except GatewayUnavailableError:
            # Nobody waits for ever: a day later it expires, and late money is sent back.
            return timezone.now() - order.created > timedelta(days=1)
        except Exception as error:  # noqa: BLE001 - one that fails must not stop the others
            logger.warning("payment %s could not be settled: %r", payment.pk, error)
    return True
