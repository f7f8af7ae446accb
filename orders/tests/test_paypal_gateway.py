"""A shopper pays by PayPal, through the shop's own pages."""

from decimal import Decimal

import pytest
import requests

from catalog.tests.factories import make_page, make_sku
from orders.models import Order, Payment, PaymentEvent
from orders.payments import gateway
from orders.tests.fakes.paypal_wire import Fault
from orders.tests.paypal_shop import (
    approved,
    buy,
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
    # The way back is written down, but not what opens the order.
    assert "/orders/…/paid/" in written
    assert order.secret not in written


def test_paypal_is_offered_where_it_is_set_up_and_takes_the_currency(paypal, settings):
    offered = gateway("paypal").is_offered
    assert offered("EUR")
    assert not offered("KRW")
    settings.PAYPAL_CLIENT_SECRET = ""
    assert not offered("EUR")
