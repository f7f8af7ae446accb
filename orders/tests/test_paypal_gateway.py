"""A shopper pays by PayPal, through the shop's own pages, against a PayPal that may fail."""

from datetime import timedelta
from decimal import Decimal

import pytest
import requests
from django.db import connection
from django.utils import timezone

from catalog.tests.factories import make_page, make_sku
from orders import outbox, states
from orders.models import Order, Payment, PaymentEvent, Refund
from orders.payments import gateway, ledger, paying, refunds
from orders.payments.paypal import gateway as paypal_gateway
from orders.payments.paypal.transport import Transport
from orders.tests.fakes.paypal_wire import Fault
from orders.tests.paypal_shop import (
    BROWSER,
    buy,
    come_back,
    go_to_paypal,
    order_at_paypal,
    paid_once,
    state_of,
    tell_all,
    waiting_order,
)

pytestmark = pytest.mark.django_db

TOTAL = Decimal("25.00")


@pytest.fixture(autouse=True)
def _nobody_has_waited_yet(monkeypatch):
    monkeypatch.setattr(paypal_gateway.away, "_open_until", 0.0)


@pytest.fixture
def sku():
    return make_sku(make_page("Dune"), "DUNE", price="12.50", on_hand=9)


@pytest.fixture
def order(sku, paypal) -> Order:
    return waiting_order(sku)


def approved(client, paypal, order: Order) -> str:
    order_id = order_at_paypal(go_to_paypal(client, order))
    paypal.account.approve(order_id)
    return order_id


def test_a_shopper_pays_from_the_cart_to_the_thank_you_page(client, paypal, sku):
    address = buy(client, sku)
    order = Order.objects.get()
    page = requests.get(address, timeout=5).text
    assert "Pay 25.00 EUR" in page
    approve = address.replace("/checkoutnow?", "/checkoutnow/approve?")
    back = requests.get(approve, timeout=5, allow_redirects=False).headers["Location"]

    response = client.get(back.removeprefix("http://localhost:8000"), follow=True)

    assert response.redirect_chain[-1][0] == order.get_absolute_url()
    assert response.status_code == 200
    assert client.session.get("cart") is None
    assert state_of(order) == paid_once(TOTAL)
    payment = order.payments.get()
    assert payment.reference == order_at_paypal(address)
    assert payment.capture_reference in paypal.account.captures


def test_paypal_is_told_the_total_the_number_and_the_language_of_the_order(client, paypal, sku):
    order = waiting_order(sku, language="ko")
    go_to_paypal(client, order)

    body = paypal.requests_to("/v2/checkout/orders$")[0].body
    unit = body["purchase_units"][0]
    experience = body["payment_source"]["paypal"]["experience_context"]
    payment = order.payments.get()
    assert unit["amount"] == {"currency_code": "EUR", "value": "25.00"}
    assert unit["invoice_id"] == order.number
    assert unit["custom_id"] == str(payment.key)
    assert experience["locale"] == "ko-KR"
    assert experience["return_url"].endswith(f"/ko/orders/{order.secret}/paid/{payment.key}/")


def test_a_shopper_who_cancels_at_paypal_finds_the_order_waiting(client, paypal, order):
    order_id = order_at_paypal(go_to_paypal(client, order))

    response = come_back(client, paypal, order_id)

    assert response.url == order.get_absolute_url()
    assert state_of(order)["money"] == Order.Money.UNPAID
    assert order.payments.get().state == Payment.State.NEW
    assert order_at_paypal(go_to_paypal(client, order)) == order_id


def test_a_second_click_leads_to_the_same_order_at_paypal(client, paypal, order):
    paypal.plan(Fault.DROP, "/v2/checkout/orders$", times=2)

    assert go_to_paypal(client, order) == go_to_paypal(client, order)
    assert len(paypal.account.orders) == 1


def test_a_hundred_orders_whose_captures_lose_their_answers_are_paid_once_each(client, paypal, sku):
    sku.stock.on_hand = 200
    sku.stock.save()
    orders = [waiting_order(sku, 1) for _ in range(100)]
    for number, order in enumerate(orders):
        order_id = approved(client, paypal, order)
        # One, two or all three answers of the first attempt are lost.
        paypal.plan(Fault.DROP, f"{order_id}/capture", times=1 + number % 3)
        come_back(client, paypal, order_id)
    paying.check_due(timezone.now() + timedelta(minutes=3), limit=200)

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

    assert paying.check_due(timezone.now() + timedelta(minutes=1)) == 0
    assert state_of(order)["money"] == Order.Money.UNPAID
    assert paying.check_due(timezone.now() + timedelta(minutes=3)) == 1

    assert state_of(order) == paid_once(TOTAL)


def test_an_order_that_was_approved_is_paid_when_its_time_is_over_not_expired(
    client, paypal, order
):
    approved(client, paypal, order)

    assert paying.expire_due(timezone.now() + timedelta(hours=2)) == 0

    assert state_of(order) == paid_once(TOTAL)


@pytest.mark.parametrize(
    "amount",
    [
        {"currency_code": "EUR", "value": "24.99"},
        {"currency_code": "EUR", "value": "2500.00"},
        {"currency_code": "USD", "value": "25.00"},
    ],
)
def test_money_that_is_not_what_was_asked_for_is_not_taken_for_paid(client, paypal, order, amount):
    paypal.account.captured_amount = amount
    come_back(client, paypal, approved(client, paypal, order))

    assert state_of(order)["money"] == Order.Money.UNPAID
    assert order.state == Order.State.PENDING
    assert amount["value"] in order.alert


def test_an_order_at_paypal_over_another_amount_is_not_even_captured(client, paypal, order):
    order_id = approved(client, paypal, order)
    paypal.account.orders[order_id]["purchase_units"][0]["amount"] = {
        "currency_code": "EUR",
        "value": "0.01",
    }
    come_back(client, paypal, order_id)

    assert not paypal.account.captures
    assert order.payments.get().state == Payment.State.FAILED


def test_a_declined_card_leaves_the_order_to_be_paid_anew(client, paypal, order):
    paypal.account.declined = True
    come_back(client, paypal, approved(client, paypal, order))
    failed = order.payments.get()
    assert (failed.state, failed.failure) == (Payment.State.FAILED, "INSTRUMENT_DECLINED")
    assert state_of(order)["order"] == Order.State.PENDING

    paypal.account.declined = False
    order_id = approved(client, paypal, order)
    assert order_id != failed.reference
    come_back(client, paypal, order_id)

    assert state_of(order) == paid_once(TOTAL)
    gateway("paypal").settle(failed)
    assert len(paypal.account.captures) == 1


def test_a_shopper_whom_paypal_wants_to_see_again_is_sent_there_again(client, paypal, order):
    order_id = approved(client, paypal, order)
    paypal.account.payer_must_act = True
    come_back(client, paypal, order_id)
    assert order.payments.get().state == Payment.State.NEW

    assert order_at_paypal(go_to_paypal(client, order)) == order_id
    paypal.account.payer_must_act = False
    paypal.account.approve(order_id)
    come_back(client, paypal, order_id)

    assert state_of(order) == paid_once(TOTAL)


def test_money_on_its_way_is_told_and_counts_when_it_comes(client, paypal, order):
    paypal.account.capture_status = "PENDING"
    come_back(client, paypal, approved(client, paypal, order))
    assert order.payments.get().state == Payment.State.PENDING
    assert state_of(order)["money"] == Order.Money.UNPAID

    (capture_id,) = paypal.account.captures
    paypal.account.end_capture(capture_id, "COMPLETED")
    tell_all(client, paypal)

    assert state_of(order) == paid_once(TOTAL)


def test_money_that_paypal_denies_in_the_end_does_not_count(client, paypal, order):
    paypal.account.capture_status = "PENDING"
    come_back(client, paypal, approved(client, paypal, order))
    (capture_id,) = paypal.account.captures
    paypal.account.end_capture(capture_id, "DECLINED")
    tell_all(client, paypal)

    assert state_of(order)["order"] == Order.State.PENDING
    assert order.payments.get().state == Payment.State.FAILED


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

    gateway("paypal").settle(order.payments.get())

    assert order.payments.get().state == Payment.State.CANCELLED
    assert order_at_paypal(go_to_paypal(client, order)) != order_id


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


def test_who_comes_after_a_dead_paypal_does_not_wait_for_it(client, paypal, order):
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

    paying.check_due(timezone.now() + timedelta(minutes=3))
    assert state_of(order) == paid_once(TOTAL)


def paid(client, paypal, order: Order) -> Payment:
    come_back(client, paypal, approved(client, paypal, order))
    return order.payments.get()


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


def test_a_refund_that_paypal_refuses_does_not_count(client, paypal, order):
    payment = paid(client, paypal, order)
    paypal.account.refund(payment.capture_reference, {})
    order.refresh_from_db()
    refunds.ask(order, Decimal("2.50"))
    outbox.drain()

    refund = Refund.objects.get()
    assert (refund.state, refund.failure) == (Refund.State.FAILED, "CAPTURE_FULLY_REFUNDED")
    assert state_of(order)["refunded"] == 0


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


def test_each_call_leaves_a_row_without_secrets(client, paypal, order):
    paid(client, paypal, order)

    rows = PaymentEvent.objects.filter(direction=PaymentEvent.Direction.CALL)
    actions = [row.action for row in rows]
    assert actions[:2] == ["POST /v1/oauth2/token", "POST /v2/checkout/orders"]
    assert actions[-1].endswith("/capture")
    assert {row.payment for row in rows} == {order.payments.get()}
    assert all(row.milliseconds is not None for row in rows)
    assert rows.last().body["PayPal-Request-Id"].startswith(str(order.payments.get().key))
    written = repr(list(rows.values()))
    assert "A21AA" not in written
    assert "shop-secret" not in written


def test_paypal_is_offered_where_it_is_set_up_and_takes_the_currency(paypal, settings):
    offered = gateway("paypal").is_offered
    assert offered("EUR")
    assert not offered("KRW")
    settings.PAYPAL_CLIENT_SECRET = ""
    assert not offered("EUR")


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
