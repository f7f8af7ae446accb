"""Payments by PayPal where answers, shoppers, messages or PayPal itself are lost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from catalog.tests.factories import make_page, make_sku
from orders import outbox, states
from orders.models import Order, Payment
from orders.payments import gateway, ledger, overdue, paying, reach, refunds
from orders.payments.base import UndecidedError
from orders.payments.paypal.transport import Transport
from orders.tests.fakes.paypal_wire import Fault
from orders.tests.paypal_shop import (
    BROWSER,
    approved,
    come_back,
    go_to_paypal,
    order_at_paypal,
    paid,
    paid_once,
    state_of,
    tell_all,
    waiting_order,
)

pytestmark = pytest.mark.django_db

TOTAL = Decimal("25.00")


@pytest.fixture
def sku():
    return make_sku(make_page("Dune"), "DUNE", price="12.50", on_hand=9)


@pytest.fixture
def order(sku, paypal) -> Order:
    return waiting_order(sku)


def test_a_hundred_orders_whose_captures_lose_their_answers_are_paid_once_each(client, paypal, sku):
    sku.stock.on_hand = 200
    sku.stock.save()
    orders = [waiting_order(sku, 1) for _ in range(100)]
    for number, order in enumerate(orders):
        order_id = approved(client, paypal, order)
        # One, two or all three answers of the first attempt are lost.
        paypal.plan(Fault.DROP, f"{order_id}/capture", times=1 + number % 3)
        come_back(client, paypal, order_id)
    overdue.check_due(timezone.now() + timedelta(minutes=3), limit=200)

    assert len(paypal.account.captures) == 100
    assert {it["invoice_id"] for it in paypal.account.captures.values()} == {
        order.number for order in orders
    }
    assert all(state_of(order) == paid_once(Decimal("12.50")) for order in orders)


def test_a_message_alone_settles_the_order_of_a_shopper_who_never_comes_back(client, paypal, order):
    approved(client, paypal, order)

    tell_all(client, paypal)

    assert state_of(order) == paid_once(TOTAL)


def test_the_clock_alone_settles_an_order_that_nobody_tells_of(client, paypal, order):
    approved(client, paypal, order)

    assert overdue.check_due(timezone.now() + timedelta(minutes=1)) == 0
    assert state_of(order)["money"] == Order.Money.UNPAID
    assert overdue.check_due(timezone.now() + timedelta(minutes=3)) == 1

    assert state_of(order) == paid_once(TOTAL)


def test_an_order_that_was_approved_is_paid_when_its_time_is_over_not_expired(
    client, paypal, order
):
    approved(client, paypal, order)

    assert overdue.expire_due(timezone.now() + timedelta(hours=2)) == 0

    assert state_of(order) == paid_once(TOTAL)


@pytest.mark.parametrize("end", [Order.State.CANCELLED, Order.State.EXPIRED])
def test_no_money_is_taken_for_an_order_that_is_over(client, paypal, order, end):
    order_id = approved(client, paypal, order)
    states.advance(order, end, by="test")

    come_back(client, paypal, order_id)
    tell_all(client, paypal)

    assert not paypal.account.captures
    assert order.payments.get().state == Payment.State.CANCELLED


def test_no_money_is_taken_for_an_order_that_was_paid_another_way(client, paypal, order):
    order_id = approved(client, paypal, order)
    other = paying.new_payment(order, "bank_transfer")
    ledger.record_capture(other, order.total, order.currency)

    come_back(client, paypal, order_id)

    assert not paypal.account.captures
    assert state_of(order) == paid_once(TOTAL)


def test_money_that_came_while_the_order_was_cancelled_goes_back(client, paypal, order):
    order_id = approved(client, paypal, order)
    paypal.plan(Fault.DROP, f"{order_id}/capture", times=3)
    come_back(client, paypal, order_id)
    states.advance(order, Order.State.CANCELLED, by="test")

    tell_all(client, paypal)
    outbox.drain()

    assert state_of(order)["money"] == Order.Money.REFUNDED
    (refund,) = paypal.account.refunds.values()
    assert refund["amount"]["value"] == "25.00"


def test_an_order_that_paypal_has_forgotten_can_be_paid_anew(client, paypal, order):
    order_id = order_at_paypal(go_to_paypal(client, order))
    del paypal.account.orders[order_id]
    begun = timezone.now() - timedelta(hours=3)
    Payment.objects.filter(order=order).update(created=begun)

    gateway("paypal").settle(order.payments.get())

    assert order.payments.get().state == Payment.State.CANCELLED
    assert order_at_paypal(go_to_paypal(client, order)) != order_id


def test_where_paypal_knows_nothing_of_a_new_payment_it_is_asked_again(client, paypal, order):
    """As after somebody has set the keys of another account."""
    del paypal.account.orders[order_at_paypal(go_to_paypal(client, order))]

    with pytest.raises(UndecidedError):
        gateway("paypal").settle(order.payments.get())

    payment = order.payments.get()
    assert payment.state == Payment.State.NEW
    page = client.get(f"/orders/{order.secret}/paid/{payment.key}/", follow=True)
    assert "cannot see your payment yet" in page.content.decode()


@pytest.mark.parametrize("fault", [Fault.REFUSE, Fault.ERROR, Fault.BUSY, Fault.GARBLED])
def test_a_paypal_that_is_down_costs_no_order_and_the_other_ways_stay(client, paypal, order, fault):
    paypal.plan(fault, times=100)

    response = client.post(
        f"{order.get_absolute_url()}pay/", {"gateway": "paypal"}, headers=BROWSER, follow=True
    )

    assert response.status_code == 200
    page = response.content.decode()
    assert "PayPal does not answer at the moment" in page
    assert "bank_transfer" in page
    assert state_of(order)["order"] == Order.State.PENDING


def test_who_comes_after_a_dead_paypal_does_not_wait_for_it(client, paypal, order, monkeypatch):
    monkeypatch.setattr(reach, "PAUSE_SECONDS", 60)
    paypal.plan(Fault.REFUSE, times=100)
    assert go_to_paypal(client, order) == order.get_absolute_url()
    asked = len(paypal.received)

    assert go_to_paypal(client, order) == order.get_absolute_url()
    assert len(paypal.received) == asked


def test_a_paypal_that_is_down_at_the_return_loses_no_money(client, paypal, order):
    order_id = approved(client, paypal, order)
    paypal.plan(Fault.ERROR, f"{order_id}", times=3)

    response = come_back(client, paypal, order_id)
    assert response.url == order.get_absolute_url()
    assert state_of(order)["money"] == Order.Money.UNPAID

    overdue.check_due(timezone.now() + timedelta(minutes=3))
    assert state_of(order) == paid_once(TOTAL)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_no_call_is_made_while_the_books_are_locked(client, paypal, sku, monkeypatch):
    seen = []
    call = Transport.call

    def watched(transport, request):
        seen.append(connection.in_atomic_block)
        return call(transport, request)

    monkeypatch.setattr(Transport, "call", watched)
    order = waiting_order(sku)
    paid(client, paypal, order)
    tell_all(client, paypal)
    order.refresh_from_db()
    refunds.ask(order, Decimal("2.50"))
    outbox.drain()

    assert state_of(order)["refunds"] == [Decimal("2.50")]
    assert len(seen) >= 8
    assert not any(seen)
