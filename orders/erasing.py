"""Orders stay for the books, the person in them does not: who asked to be forgotten is erased.

Numbers, lines, totals, taxes, the country and the ledger of money stay as they are. An order that
is still on its way, to be paid for or to be refunded keeps what that needs, and is erased when it
has ended (``erase_due``, each night).
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders import back_orders, events, states
from orders.documents import invoice
from orders.models import (
    CAME_TO_NOTHING,
    AddressFields,
    CouponUse,
    InvoiceAddress,
    Order,
    OrderEvent,
    Outbox,
    Payment,
    PaymentEvent,
    Refund,
    Shipment,
)
from orders.payments.bare import bare

logger = logging.getLogger(__name__)

State = Order.State
ENDED = (State.DELIVERED, State.RETURNED, *CAME_TO_NOTHING)
# A parcel that was sent so long ago is there, or nobody looks for it any more.
LONGEST_ON_ITS_WAY = timedelta(days=30)
# So many at once: each is a transaction of its own.
AT_ONCE = 500
# The country decides the tax.
PERSONAL = tuple(name for name in AddressFields.FIELDS if name != "country")
BLANK = dict.fromkeys(PERSONAL, "")
GONE = _("The customer asked to be erased.")


def ask(user: Any) -> int:
    """A member wants to be forgotten: erase what has ended; return how many must wait for it."""
    Order.objects.filter(user=user, erasure_asked__isnull=True).update(erasure_asked=timezone.now())
    own = Order.objects.filter(user=user, erased__isnull=True)
    for pk in list(ended(own).values_list("pk", flat=True)):
        erase(pk)
    return own.count()


def erase_due(moment: datetime | None = None) -> int:
    """Erase the orders that have ended since their members left; return how many."""
    asked = Order.objects.filter(erasure_asked__isnull=False, erased__isnull=True)
    due = list(ended(asked, moment).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    erased = sum(_erased_or_logged(pk) for pk in due)
    forget_later_words()
    return erased


def _erased_or_logged(pk: int) -> bool:
    """One order that cannot be erased must not keep all others."""
    try:
        return erase(pk)
    except Exception:
        logger.exception("Order %d could not be erased.", pk)
        return False


def ended(orders: QuerySet[Order], moment: datetime | None = None) -> QuerySet[Order]:
    """Those of the orders for which nobody needs to know any more who the customer is."""
    sent = OrderEvent.objects.filter(order=OuterRef("pk"), to_state=State.SHIPPED).order_by("-pk")
    long_ago = (moment or timezone.now()) - LONGEST_ON_ITS_WAY
    is_over = Q(state__in=ENDED) | Q(state=State.SHIPPED, sent_at__lt=long_ago)
    orders = orders.annotate(sent_at=Subquery(sent.values("created")[:1])).filter(is_over)
    owes_money = Q(
        is_sent_unpaid=True, paid_at__isnull=True, state__in=[State.SHIPPED, State.DELIVERED]
    )
    waiting = Refund.objects.filter(state=Refund.State.WAITING).values("order")
    return (
        orders.exclude(owes_money)
        .exclude(pk__in=waiting)
        .exclude(pk__in=back_orders.owing(Order.objects.order_by()).values("pk"))
    )


@transaction.atomic
def erase(pk: int) -> bool:
    """Leave nothing of the person in an order; whether that was still to be done."""
    order = states.locked(Order(pk=pk))
    if order.erased:
        return False
    for name, value in BLANK.items():
        setattr(order, name, value)
    order.email = order.message = ""
    order.alert = str(GONE) if order.alert else ""
    order.erased = timezone.now()
    order.erasure_asked = order.erasure_asked or order.erased
    order.user = None
    order.save()
    InvoiceAddress.objects.filter(order=order).update(**BLANK)
    CouponUse.objects.filter(order=order).update(email="", user=None)
    invoice.erase(order)
    _erase_story(order)
    _erase_money(order)
    events.note(order, OrderEvent.Kind.NOTE, GONE, by="shopper")
    return True


def _erase_story(order: Order) -> None:
    """What happened stays, when, and by whom of the shop; what was written about it does not."""
    order.events.exclude(text="").update(text="")
    # Carriers know by the number who got the parcel.
    Shipment.objects.filter(order=order).update(tracking_number="", tracking_url="")
    Outbox.objects.filter(order=order).update(last_error="")


def _erase_money(order: Order) -> None:
    payments = Payment.objects.filter(order=order)
    payments.exclude(failure="").update(failure="")
    Refund.objects.filter(order=order).update(reason="", failure="")
    words = PaymentEvent.objects.filter(payment__order=order)
    _make_bare(words)
    Outbox.objects.filter(payload__event__in=list(words.values_list("pk", flat=True))).update(
        last_error=""
    )
    for reference in filter(None, payments.values_list("reference", flat=True)):
        # The proof of a message holds the whole of it, and belongs to no payment.
        PaymentEvent.objects.filter(payment=None).alias(said=Cast("body", TextField())).filter(
            said__contains=reference
        ).delete()


def _make_bare(words: QuerySet[PaymentEvent]) -> None:
    changed = []
    for word in words.iterator(chunk_size=500):
        body, answer = bare(word.body), bare(word.answer)
        if (body, answer, "") != (word.body, word.answer, word.error):
            word.body, word.answer, word.error = body, answer, ""
            changed.append(word)
    PaymentEvent.objects.bulk_update(changed, ["body", "answer", "error"], batch_size=200)


def forget_later_words() -> None:
    """What gateways have said since about the payments of those who were erased."""
    later = PaymentEvent.objects.filter(created__gte=F("payment__order__erased"))
    _make_bare(later.filter(payment__order__erased__isnull=False))
