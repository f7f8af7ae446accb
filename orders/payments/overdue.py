"""What the clock does: ask about payments nobody is heard of, let unpaid orders expire."""

import logging
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone

from orders import states
from orders.models import Order, Payment
from orders.payments import gateway, gateways, ledger, paying
from orders.payments.paying import CHECKS
from orders.payments.reach import is_away

logger = logging.getLogger(__name__)

# No gateway decides later than this.
LONGEST_WATCHED = timedelta(days=60)
# How much longer an order waits whose payment nobody can tell anything of now...
GRACE = timedelta(minutes=10)
# ...but not for ever: a day after that was begun it expires, and late money is sent back.
LONGEST_SILENCE = timedelta(days=1)
# An order whose money is on its way is looked at again so often, and waits so long for it: a
# bank debit takes days, a gateway's own inquiry weeks.
ON_ITS_WAY = timedelta(hours=1)
LONGEST_ON_ITS_WAY = timedelta(days=30)


def check_due(moment: datetime | None = None, limit: int = 50) -> int:
    """Ask about payments of which nobody was heard; return how many. Safe to run twice."""
    moment = moment or timezone.now()
    away = [slug for slug in gateways() if is_away(slug)]
    due = Payment.objects.filter(state__in=ledger.OPEN, next_check__lte=moment)
    due = due.exclude(gateway__in=away).order_by("next_check").select_related("order")
    asked = 0
    for payment in due[:limit]:
        # One that fell silent meanwhile would cost its time for each of its payments.
        if not is_away(payment.gateway) and _take_turn(payment, moment):
            asked += 1
            _settled(payment)
    return asked


def _take_turn(payment: Payment, moment: datetime) -> bool:
    """Put the next check down before this one is made; False if somebody else makes it.

    After the last of ``CHECKS`` it is asked daily: a bank debit takes days, and whoever is
    asked may be away just then.
    """
    later = payment.checks + 1
    following: datetime | None = moment + CHECKS[-1]
    if later < len(CHECKS):
        following = max(payment.created + CHECKS[later], moment + CHECKS[0])
    elif moment - payment.created > LONGEST_WATCHED:
        following = None
    return bool(
        Payment.objects.filter(pk=payment.pk, checks=payment.checks).update(
            checks=later, next_check=following
        )
    )


def _settled(payment: Payment) -> Payment | None:
    """The payment as its gateway says it stands; None where nobody can say."""
    try:
        return paying.settle(payment)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001 - one that fails must not stop the others
        logger.warning("payment %s could not be settled: %r", payment.pk, error)
        return None


def expire_due(moment: datetime | None = None, limit: int = 200) -> int:
    """Let orders expire that nobody paid in time; return how many. Safe to run twice at once.

    A gateway is asked first, so that an order that was paid a moment ago does not expire; one
    whose money is on its way, or of which nobody can tell now, waits on.
    """
    moment = moment or timezone.now()
    due = Order.objects.filter(state=Order.State.PENDING, expires_at__lte=moment)
    expired = 0
    for order in due.order_by("expires_at")[:limit]:
        if more := _more_time(order):
            same = Order.objects.filter(pk=order.pk, expires_at=order.expires_at)
            same.update(expires_at=timezone.now() + more)
        elif _expire(order, moment):
            expired += 1
    return expired


@transaction.atomic
def _expire(order: Order, moment: datetime) -> bool:
    current = states.locked(order)
    is_over = current.expires_at is not None and current.expires_at <= moment
    if current.state != Order.State.PENDING or not is_over:
        # Paid, cancelled or given more time while its gateways were asked.
        return False
    states.advance(current, Order.State.EXPIRED, by="clock")
    return True


def _more_time(order: Order) -> timedelta:
    """How long an order waits on whose time is over: none if it is known to be unpaid."""
    more = timedelta(0)
    for payment in order.payments.filter(state__in=ledger.OPEN):
        if payment.gateway not in gateways() or gateway(payment.gateway).is_slow:
            continue
        found = _settled(payment)
        age = timezone.now() - payment.created
        if (found or payment).state == Payment.State.PENDING:
            if age < LONGEST_ON_ITS_WAY:
                more = max(more, ON_ITS_WAY)
        elif found is None and age < LONGEST_SILENCE:
            more = max(more, GRACE)
    return more
