"""What is said to PayPal: orders, captures, refunds, and whether a message is genuine."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from orders.payments.base import GatewayUnavailableError
from orders.payments.paypal.client import PayPalClient, approval_url
from orders.payments.paypal.errors import PayPalRefusedError
from orders.tests.fakes.paypal_wire import Fault

VERIFY = "verify-webhook-signature"


@pytest.fixture
def client(paypal) -> PayPalClient:
    return PayPalClient.from_settings(lambda exchange: None)


def new_order(client: PayPalClient, **fields: Any) -> dict[str, Any]:
    values = {
        "amount": Decimal("12.50"),
        "currency": "EUR",
        "key": "5f3c1d7e-payment",
        "invoice": "K7QF-2M9D",
        "return_url": "https://shop.example/back/",
        "cancel_url": "https://shop.example/cancelled/",
        "idempotency_key": "create-1",
    }
    return client.create_order(**{**values, **fields})


def captured(paypal, client: PayPalClient) -> tuple[str, dict[str, Any]]:
    """The ids of an order that was paid, and its capture."""
    order = new_order(client)
    paypal.account.approve(order["id"])
    order = client.capture_order(order["id"], idempotency_key="capture-1")
    return order["id"], order["purchase_units"][0]["payments"]["captures"][0]


def test_an_order_says_what_it_costs_whose_it_is_and_where_the_shopper_comes_back(paypal, client):
    order = new_order(client, locale="ko-KR", brand="상점")

    sent = paypal.requests_to("/v2/checkout/orders$")[0].body
    assert sent == {
        "intent": "CAPTURE",
        "purchase_units": [
            {
                "amount": {"currency_code": "EUR", "value": "12.50"},
                "custom_id": "5f3c1d7e-payment",
                "invoice_id": "K7QF-2M9D",
            }
        ],
        "payment_source": {
            "paypal": {
                "experience_context": {
                    "return_url": "https://shop.example/back/",
                    "cancel_url": "https://shop.example/cancelled/",
                    "user_action": "PAY_NOW",
                    "shipping_preference": "NO_SHIPPING",
                    "payment_method_preference": "IMMEDIATE_PAYMENT_REQUIRED",
                    "locale": "ko-KR",
                    "brand_name": "상점",
                }
            }
        },
    }
    assert approval_url(order) == f"{paypal.base_url}/checkoutnow?token={order['id']}"


def test_amounts_of_currencies_without_decimals_have_none(paypal, client):
    new_order(client, amount=Decimal(1250), currency="JPY")

    unit = paypal.requests_to("/v2/checkout/orders$")[0].body["purchase_units"][0]
    assert unit["amount"] == {"currency_code": "JPY", "value": "1250"}


def test_the_older_name_of_the_link_to_the_approval_is_known():
    links = [
        {"rel": "self", "href": "https://api-m.paypal.com/v2/checkout/orders/1"},
        {"rel": "approve", "href": "https://www.paypal.com/checkoutnow?token=1"},
    ]

    assert approval_url({"links": links}) == "https://www.paypal.com/checkoutnow?token=1"
    assert approval_url({"links": links[:1]}) == ""
    assert approval_url({}) == ""


def test_an_approved_order_is_captured_once_whoever_asks_again(paypal, client):
    order_id, capture = captured(paypal, client)

    again = client.capture_order(order_id, idempotency_key="capture-2")

    assert again["status"] == "COMPLETED"
    assert [it["id"] for it in again["purchase_units"][0]["payments"]["captures"]] == [
        capture["id"]
    ]
    assert len(paypal.account.captures) == 1


def test_a_declined_instrument_is_told_with_paypals_word(paypal, client):
    order = new_order(client)
    paypal.account.approve(order["id"])
    paypal.account.declined = True

    with pytest.raises(PayPalRefusedError) as caught:
        client.capture_order(order["id"], idempotency_key="capture-1")

    assert caught.value.issue == "INSTRUMENT_DECLINED"
    assert approval_url(caught.value.answer).endswith(order["id"])


def test_the_money_of_one_invoice_is_not_taken_twice(paypal, client):
    captured(paypal, client)
    second = new_order(client, idempotency_key="create-2")
    paypal.account.approve(second["id"])

    with pytest.raises(PayPalRefusedError, match="DUPLICATE_INVOICE_ID"):
        client.capture_order(second["id"], idempotency_key="capture-2")


def test_a_capture_is_refunded_in_parts_and_never_beyond(paypal, client):
    order_id, capture = captured(paypal, client)

    def refund(amount: str, key: str) -> Mapping[str, Any]:
        return client.refund_capture(
            capture["id"], amount=Decimal(amount), currency="EUR", key=key, idempotency_key=key
        )

    first = refund("2.50", "refund-1")
    repeated = refund("2.50", "refund-1")
    with pytest.raises(PayPalRefusedError, match="REFUND_AMOUNT_EXCEEDED"):
        refund("10.01", "refund-2")
    refund("10.00", "refund-3")

    assert repeated["id"] == first["id"]
    assert first["custom_id"] == "refund-1"
    assert client.get_capture(capture["id"])["status"] == "REFUNDED"
    payments = client.get_order(order_id)["purchase_units"][0]["payments"]
    assert [it["amount"]["value"] for it in payments["refunds"]] == ["2.50", "10.00"]


def test_an_unknown_order_is_told(client):
    with pytest.raises(PayPalRefusedError) as caught:
        client.get_order("0AAAAAAAAAAAAAAAX")
    assert caught.value.status == 404


def test_a_name_with_a_slash_stays_one_part_of_the_address(paypal, client):
    with pytest.raises(PayPalRefusedError):
        client.get_capture("../../x?y")
    assert paypal.received[-1].path == "/v2/payments/captures/..%2F..%2Fx%3Fy"


def message(paypal, client) -> tuple[bytes, dict[str, str]]:
    captured(paypal, client)
    return paypal.message(paypal.account.events[-1])


def test_a_message_is_genuine_only_if_not_a_byte_of_it_was_touched(paypal, client):
    body, headers = message(paypal, client)

    assert client.is_genuine(body, headers)
    assert client.is_genuine(body, {key.title(): value for key, value in headers.items()})
    assert not client.is_genuine(json.dumps(json.loads(body)).encode(), headers)
    assert not client.is_genuine(body.replace(b"12.50", b"99.50"), headers)


def test_the_control_paypal_gets_the_bytes_of_the_message_as_they_came(paypal, client):
    body, headers = message(paypal, client)
    client.is_genuine(body, headers)

    assert body in paypal.requests_to(VERIFY)[0].raw
    assert json.dumps(json.loads(body)).encode() != body


@pytest.mark.parametrize(
    ("why", "header", "value"),
    [
        (
            "of another webhook or another moment",
            "PAYPAL-TRANSMISSION-TIME",
            "2026-01-01T00:00:00Z",
        ),
        ("of another transmission", "PAYPAL-TRANSMISSION-ID", "t-1"),
        ("another signature", "PAYPAL-TRANSMISSION-SIG", "s" + "0" * 64),
    ],
)
def test_a_signature_of_something_else_is_not_genuine(paypal, client, why, header, value):
    body, headers = message(paypal, client)

    assert not client.is_genuine(body, {**headers, header: value})
    assert len(paypal.requests_to(VERIFY)) == 1


@pytest.mark.parametrize(
    "cert_url",
    [
        "https://paypal.com.evil.example/cert",
        "https://evilpaypal.com/cert",
        "https://evil.example/paypal.com",
        "https://api.paypal.com@evil.example/cert",
        "https://evil.example#.paypal.com",
        "https://x@api.paypal.com/cert",
        "http://api.paypal.com/cert",
        "file:///etc/passwd",
        "https://[::1/cert",
        "https://127.0.0.1:1/cert",
        "",
    ],
)
def test_a_certificate_that_lies_elsewhere_is_not_even_asked_about(paypal, client, cert_url):
    body, headers = message(paypal, client)

    assert not client.is_genuine(body, {**headers, "PAYPAL-CERT-URL": cert_url})
    assert not paypal.requests_to(VERIFY)


def test_a_certificate_of_paypal_is_asked_about(paypal, client):
    body, headers = message(paypal, client)
    url = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77"

    assert client.is_genuine(body, {**headers, "PAYPAL-CERT-URL": url})


@pytest.mark.parametrize(
    "missing",
    ["AUTH-ALGO", "CERT-URL", "TRANSMISSION-ID", "TRANSMISSION-SIG", "TRANSMISSION-TIME"],
)
def test_a_message_without_one_of_the_headers_is_not_even_asked_about(paypal, client, missing):
    body, headers = message(paypal, client)
    del headers[f"PAYPAL-{missing}"]

    assert not client.is_genuine(body, headers)
    assert not paypal.requests_to(VERIFY)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"id": 1',
        b'{"id": NaN}',
        b'{"id": 1}, "webhook_id": "WH4ID7"',
        b'{"id": 1}, "verification_status": {"a": 1}',
        b'{"id": "\xff"}',
        '{"id": 1}'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b'{"id":' * 100_000,
        b'{"id": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_not_one_json_object_is_not_even_asked_about(paypal, client, body):
    _, headers = message(paypal, client)

    assert not client.is_genuine(body, headers)
    assert not paypal.requests_to(VERIFY)


def test_a_message_is_neither_genuine_nor_forged_while_paypal_cannot_be_asked(paypal, client):
    body, headers = message(paypal, client)
    paypal.plan(Fault.ERROR, VERIFY, times=3)

    with pytest.raises(GatewayUnavailableError):
        client.is_genuine(body, headers)


@pytest.mark.real_files
def test_a_message_that_paypal_will_not_even_check_is_not_genuine(paypal, client):
    _, headers = message(paypal, client)

    assert not client.is_genuine(b'{"id": "WH-1", "resource": "no object"}', headers)
    assert len(paypal.requests_to(VERIFY)) == 1
    assert paypal.violations
    paypal.violations.clear()
