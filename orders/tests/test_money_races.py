"""Money told, refunded and expired at the same moment: each race with a control."""

import time
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Event

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from catalog.models import Stock
from catalog.tests.factories import make_sku
from orders import outbox, states
from orders.models import Order, Outbox, Refund
from orders.payments import ledger, overdue, paying, refunds
from orders.tests.factories import order_for, paid
from orders.tests.test_races import race
from orders.views import can_be_cancelled

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_money_that_is_told_ten_times_at_once_counts_once():
    order = order_for({make_sku(price="20.00"): 1})
    payment = order.payments.get()

    results = race(
        lambda _: ledger.record_capture(payment, Decimal(20), "EUR", reference="C-1"), 10
    )

    order.refresh_from_db()
    assert not [result for result in results if isinstance(result, Exception)], results
    assert (order.amount_paid, order.state) == (20, Order.State.PAID)
    assert Outbox.objects.filter(kind=outbox.PAYMENT_RECEIVED).count() == 1


def test_without_looking_under_the_lock_the_same_money_counts_more_than_once():
    """The control: each teller reads the payment, waits for the others, and writes."""
    order = order_for({make_sku(price="20.00"): 1})
    all_have_looked = Barrier(10)

    def record_carelessly(_number: int) -> int:
        is_paid = Order.objects.get(pk=order.pk).amount_paid > 0
        all_have_looked.wait(timeout=30)
        return 0 if is_paid else 20

    assert sum(race(record_carelessly, 10)) == 200


def test_refunds_asked_for_at_once_never_exceed_what_was_paid():
    order = paid(order_for({make_sku(price="20.00"): 1}))

    results = race(lambda _: refunds.ask(order, Decimal("6.00")), 8)

    order.refresh_from_db()
    given = [result for result in results if isinstance(result, Refund)]
    refused = [result for result in results if isinstance(result, refunds.RefundError)]
    assert (len(given), len(refused)) == (3, 5), results
    assert order.amount_refunded == 18


def test_a_payment_and_the_clock_at_once_leave_the_books_right():
    """Whoever is first: it is paid and sold, or expired, given back and taken again."""
    for _round in range(4):
        sku = make_sku(price="20.00", on_hand=5)
        order = order_for({sku: 2})
        Order.objects.filter(pk=order.pk).update(expires_at=timezone.now())
        payment = order.payments.get()

        def act(number: int, payment=payment) -> object:
            if number:
                return overdue.expire_due(timezone.now() + timedelta(seconds=1))
            return ledger.record_capture(payment, Decimal(40), "EUR")

        results = race(act, 2)

        order.refresh_from_db()
        assert not [result for result in results if isinstance(result, Exception)], results
        assert order.state == Order.State.PAID
        assert Stock.objects.get(sku=sku).on_hand == 3
        assert sum(sku.movements.values_list("quantity", flat=True)) == 3


def test_an_order_that_many_cancel_at_once_gives_its_stock_back_once():
    sku = make_sku(on_hand=5)
    order = order_for({sku: 3})

    results = race(lambda _: states.advance(order, Order.State.CANCELLED, by="test"), 8)

    refused = [one for one in results if isinstance(one, states.IllegalTransitionError)]
    assert len(refused) == 7, results
    assert Stock.objects.get(sku=sku).on_hand == 5
    assert order.events.filter(to_state=Order.State.CANCELLED).count() == 1


def test_two_clicks_on_pay_begin_one_payment():
    order = order_for({make_sku(): 1})

    race(lambda _: paying.begin(order, "bank_transfer"), 6)

    assert order.payments.count() == 1


def cancel_while_money_comes(order: Order, cancel) -> None:
    """Let somebody cancel while a message of the gateway holds the order, not yet committed."""
    is_held, has_begun = Event(), Event()

    def act(number: int) -> object:
        if number:
            is_held.wait(timeout=30)
            has_begun.set()
            return cancel()
        with transaction.atomic():
            ledger.record_capture(order.payments.get(), order.total, order.currency)
            is_held.set()
            has_begun.wait(timeout=30)
            time.sleep(0.3)
        return None

    results = race(act, 2)
    assert not [result for result in results if isinstance(result, Exception)], results
    order.refresh_from_db()


def test_a_shopper_who_cancels_while_the_money_comes_keeps_a_paid_order():
    order = order_for({make_sku(price="20.00"): 1})

    cancel_while_money_comes(order, lambda: Client().post(f"/orders/{order.secret}/cancel/"))

    assert (order.state, order.money) == (Order.State.PAID, Order.Money.PAID)


def test_without_looking_again_under_the_lock_a_paid_order_is_cancelled_and_its_money_kept():
    """The control: whether it may be cancelled was asked before the money came."""
    order = order_for({make_sku(price="20.00"): 1})
    assert can_be_cancelled(order)

    cancel_while_money_comes(
        order, lambda: states.advance(order, Order.State.CANCELLED, by="shopper")
    )

    assert (order.state, order.money) == (Order.State.CANCELLED, Order.Money.PAID)
