"""Money that goes back through PayPal, asked for here or there."""

from decimal import Decimal

import pytest

from catalog.tests.factories import make_page, make_sku
from orders import outbox
from orders.models import Order, Refund
from orders.payments import gateway, refunds
from orders.tests.fakes.paypal_wire import Fault
from orders.tests.paypal_shop import (
    paid,
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


def test_a_refund_goes_back_through_paypal_once_though_its_answer_is_lost(client, paypal, order):
    payment = paid(client, paypal, order)
    paypal.plan(Fault.DROP, "/refund$", times=3)
    order.refresh_from_db()
    refund = refunds.ask(order, Decimal("2.50"), reason="scratched")
    outbox.drain()
    assert Refund.objects.get().state == Refund.State.WAITING

    reference = gateway("paypal").refund(refund)

    assert list(paypal.account.refunds) == [reference]
    sent = paypal.requests_to("/refund$")
    assert {it.headers["paypal-request-id"] for it in sent} == {str(refund.key)}
    assert paypal.account.left_of(payment.capture_reference) == Decimal("22.50")


def test_a_refund_that_paypal_refuses_does_not_count_and_what_went_back_there_does(
    client, paypal, order
):
    payment = paid(client, paypal, order)
    paypal.account.refund(payment.capture_reference, {})
    order.refresh_from_db()
    refunds.ask(order, Decimal("2.50"))
    outbox.drain()

    ours, theirs = Refund.objects.order_by("pk")
    assert (ours.state, ours.failure) == (Refund.State.FAILED, "CAPTURE_FULLY_REFUNDED")
    assert (theirs.state, theirs.amount) == (Refund.State.DONE, payment.amount)
    assert state_of(order)["refunded"] == payment.amount


def test_a_refund_that_fails_at_paypal_does_not_count(client, paypal, order):
    paid(client, paypal, order)
    paypal.account.refund_status = "FAILED"
    order.refresh_from_db()
    refunds.ask(order, Decimal("2.50"))
    outbox.drain()

    assert Refund.objects.get().state == Refund.State.FAILED


def test_a_refund_made_by_hand_at_paypal_is_in_the_books_once(client, paypal, order):
    payment = paid(client, paypal, order)
    paypal.account.refund(
        payment.capture_reference, {"amount": {"currency_code": "EUR", "value": "5.00"}}
    )

    tell_all(client, paypal)
    tell_all(client, paypal)
    gateway("paypal").settle(payment)

    state = state_of(order)
    assert (state["refunded"], state["refunds"]) == (Decimal("5.00"), [Decimal("5.00")])
    assert state["mails"][outbox.ORDER_REFUNDED] == 1


def test_a_refund_that_the_bank_sends_back_no_longer_counts(client, paypal, order):
    paid(client, paypal, order)
    paypal.account.refund_status = "PENDING"
    order.refresh_from_db()
    refunds.ask(order, Decimal("2.50"))
    outbox.drain()
    assert state_of(order)["refunds"] == [Decimal("2.50")]

    paypal.account.end_refund(Refund.objects.get().reference, "FAILED")
    tell_all(client, paypal)

    state = state_of(order)
    assert (state["refunded"], state["refunds"]) == (0, [])
    assert "FAILED" in state["alert"]
