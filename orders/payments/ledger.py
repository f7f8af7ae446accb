"""Write into the books what a gateway says about money. The only writer of ``amount_paid``.

Everything here may be told twice, late, or in the wrong order: what counts is the state in
the books, held by the order's lock, not the order of messages.
"""

from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog import stock
from catalog.money import format_money, quantize
from orders import coupons, events, outbox, signals, states
from orders.models import Order, OrderEvent, OrderItem, Payment
from orders.payments import refunds

OPEN = (Payment.State.NEW, Payment.State.PENDING)


@transaction.atomic
def record_capture(
    payment: Payment, amount: Decimal, currency: str, *, reference: str = "", by: str = ""
) -> Payment:
    """The money has come: so much, in this currency, under the gateway's ``reference``.

    The order becomes paid where it waited for it. Money for an order that is paid, cancelled
    or sold out meanwhile is written down and goes back. An amount or a currency that is not
    the payment's is not taken for paid; somebody has to look at it.
    """
    order, payment = _held(payment)
    if payment.state == Payment.State.CAPTURED:
        return payment
    by = by or payment.gateway
    if currency != payment.currency or quantize(amount, currency) != payment.amount:
        return _refuse(order, payment, amount, currency, by)
    payment.state = Payment.State.CAPTURED
    payment.capture_reference, payment.failure = reference, ""
    payment.captured_at, payment.next_check = timezone.now(), None
    payment.save()
    was_paid = order.paid_at is not None
    order.amount_paid = F("amount_paid") + payment.amount
    if not was_paid:
        order.paid_at, order.payment_method = payment.captured_at, payment.gateway
    order.save(update_fields=["amount_paid", "paid_at", "payment_method"])
    order.refresh_from_db()
    events.note(
        order, OrderEvent.Kind.PAYMENT, format_money(payment.amount, payment.currency, "en"), by=by
    )
    if was_paid:
        _send_back(order, payment, gettext_lazy("It was paid twice."), by)
    else:
        _go_on(order, payment, by)
    transaction.on_commit(outbox.ring, robust=True)
    return payment


def _go_on(order: Order, payment: Payment, by: str) -> None:
    """What the first money for an order sets off, as the order stands now."""
    state = Order.State(order.state)
    if state == Order.State.EXPIRED and order.erased:
        # Nobody knows any more where it would go.
        _send_back(order, payment, gettext_lazy("It was paid when its customer was erased."), by)
        return
    if state == Order.State.EXPIRED and not _take_again(order):
        _send_back(
            order,
            payment,
            gettext_lazy("It was paid when its time was over and it was sold out."),
            by,
        )
        return
    if state == Order.State.CANCELLED:
        _send_back(order, payment, gettext_lazy("It was paid after it was cancelled."), by)
        return
    if state in {Order.State.PENDING, Order.State.EXPIRED}:
        order = states.advance(order, Order.State.PAID, by=by)
    else:
        outbox.enqueue(order, outbox.PAYMENT_RECEIVED)
    signals.order_paid.send(Order, order=order)


def _take_again(order: Order) -> bool:
    """Take what an expired order had given back; False, and nothing taken, if it is gone."""
    items = list(order.items.select_related("sku").order_by("pk"))
    wanted = {item.sku: item.restocked for item in items if item.sku and item.restocked}
    if any(item.sku is None for item in items):
        return False
    try:
        with transaction.atomic():
            coupons.use_again(order)
            taken = stock.take(wanted, reference=order.number)
    except stock.OutOfStockError:
        return False
    for item in items:
        # What is sold beyond what is on hand may now be owed.
        owed = item.restocked - taken.get(item.sku, item.restocked)
        OrderItem.objects.filter(pk=item.pk).update(
            restocked=0, back_ordered=F("back_ordered") + owed
        )
    return True


def _send_back(order: Order, payment: Payment, why: Promise, by: str) -> None:
    events.alert(order, why, by=by)
    refunds.ask(order, payment.amount, reason=why, payment=payment, by=by)


def _refuse(order: Order, payment: Payment, amount: Decimal, currency: str, by: str) -> Payment:
    """Money that is not what was asked for: nothing becomes paid, and somebody looks."""
    failure = f"{amount} {currency} ≠ {payment.amount} {payment.currency}"
    if payment.failure != failure:
        payment.failure = failure
        payment.save(update_fields=["failure"])
        with events.in_the_shops_language():
            text = _("The payment is not what was asked for:") + f" {failure}"
        events.alert(order, text, by=by)
    return payment


@transaction.atomic
def record_pending(payment: Payment, *, by: str = "") -> Payment:
    """The shopper has done their part, and the money is still on its way."""
    order, payment = _held(payment)
    if payment.state == Payment.State.NEW:
        payment.state = Payment.State.PENDING
        payment.save(update_fields=["state"])
        events.note(
            order, OrderEvent.Kind.PAYMENT, gettext_lazy("The payment is on its way."), by=by
        )
    return payment


@transaction.atomic
def record_failure(
    payment: Payment, reason: str | Promise, *, by: str = "", is_cancelled: bool = False
) -> Payment:
    """The payment came to nothing; the order waits for another. Money that came stays."""
    order, payment = _held(payment)
    if payment.state not in OPEN:
        return payment
    with events.in_the_shops_language():
        reason = str(reason)
    payment.state = Payment.State.CANCELLED if is_cancelled else Payment.State.FAILED
    payment.failure, payment.next_check = reason[:255], None
    payment.save(update_fields=["state", "failure", "next_check"])
    events.note(order, OrderEvent.Kind.PAYMENT, reason, by=by or payment.gateway)
    if not is_cancelled and order.state == Order.State.PENDING:
        outbox.enqueue(order, outbox.PAYMENT_FAILED, payment.pk)
        transaction.on_commit(outbox.ring, robust=True)
    return payment


def _held(payment: Payment) -> tuple[Order, Payment]:
    """The order and the payment as they are in the books, held in this order until the end."""
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    return order, Payment.objects.select_for_update().get(pk=payment.pk)
