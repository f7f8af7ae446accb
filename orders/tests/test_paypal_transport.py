"""How PayPal is asked when the network or PayPal itself fails."""

import socket
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import requests

from orders.payments.base import GatewayUnavailableError
from orders.payments.paypal import transport
from orders.payments.paypal.client import PayPalClient, approval_url
from orders.payments.paypal.errors import PayPalRefusedError
from orders.payments.paypal.transport import Exchange
from orders.tests.fakes.paypal_wire import Fault

ORDERS, CAPTURES = "/v2/checkout/orders$", "/capture$"


@pytest.fixture
def exchanges() -> list[Exchange]:
    return []


@pytest.fixture
def client(paypal, exchanges) -> PayPalClient:
    return PayPalClient.from_settings(exchanges.append)


@pytest.fixture
def create(client) -> Callable[..., dict[str, Any]]:
    def do(
        key: str = "payment-1", amount: str = "12.50", *, request_id: str | None = None
    ) -> dict[str, Any]:
        return client.create_order(
            amount=Decimal(amount),
            currency="EUR",
            key=key,
            invoice="K7QF-2M9D",
            return_url="https://shop.example/back/",
            cancel_url="https://shop.example/cancelled/",
            idempotency_key=key if request_id is None else request_id,
        )

    return do


@pytest.mark.parametrize("fault", list(Fault))
def test_a_call_that_fails_twice_is_made_again_and_done_once(paypal, create, fault):
    paypal.plan(fault, ORDERS, times=2)

    order = create()

    assert list(paypal.account.orders) == [order["id"]]
    tries = paypal.requests_to(ORDERS)
    assert len(tries) == 3
    assert {it.headers["paypal-request-id"] for it in tries} == {"payment-1"}
    assert len({it.raw for it in tries}) == 1


@pytest.mark.parametrize("fault", list(Fault))
def test_a_call_that_fails_three_times_is_left_for_later(paypal, create, fault):
    paypal.plan(fault, ORDERS, times=3)

    with pytest.raises(GatewayUnavailableError):
        create()
    assert len(paypal.requests_to(ORDERS)) == 3

    order = create()
    assert list(paypal.account.orders) == [order["id"]]


def test_a_hundred_captures_whose_answers_are_lost_take_the_money_once_each(paypal, client, create):
    orders = [create(f"payment-{number}") for number in range(100)]
    paypal.account.refuses_second_invoice = False
    for order in orders:
        paypal.account.approve(order["id"])

    for number, order in enumerate(orders):
        # Every third loses all its answers, and is captured by a later call under another key.
        paypal.plan(Fault.DROP, f"{order['id']}/capture", times=3 if number % 3 == 0 else 2)
        if number % 3 == 0:
            with pytest.raises(GatewayUnavailableError):
                client.capture_order(order["id"], idempotency_key=f"capture-{number}")
        client.capture_order(order["id"], idempotency_key=f"capture-{number}-later")

    taken = [
        it["supplementary_data"]["related_ids"]["order_id"]
        for it in paypal.account.captures.values()
    ]
    assert sorted(taken) == sorted(order["id"] for order in orders)


def test_the_control_without_an_id_a_lost_answer_is_done_twice(paypal, create):
    paypal.plan(Fault.DROP, ORDERS)

    create(request_id="")

    assert len(paypal.account.orders) == 2


def test_the_same_id_with_another_body_is_an_error(create):
    create("payment-1", "12.50")

    with pytest.raises(PayPalRefusedError):
        create("payment-1", "13.50")


def test_one_log_in_serves_many_calls(paypal, client, create):
    order = create()
    client.get_order(order["id"])
    PayPalClient.from_settings(lambda exchange: None).get_order(order["id"])

    assert paypal.tokens_given == 1


def test_a_token_that_is_no_longer_taken_is_renewed_at_once(paypal, client, create):
    order = create()
    paypal.expire_tokens()

    assert client.get_order(order["id"])["id"] == order["id"]
    assert paypal.tokens_given == 2


def test_a_token_near_its_end_is_not_used(paypal, client, create):
    paypal.token_life = transport.TOKEN_MARGIN_SECONDS
    order = create()
    client.get_order(order["id"])

    assert paypal.tokens_given == 2


def test_a_log_in_that_fails_is_tried_again(paypal, create):
    paypal.plan(Fault.ERROR, "/v1/oauth2/token", times=2)

    assert create()["id"]


def test_wrong_credentials_are_no_refusal_of_the_payment(paypal, settings, exchanges):
    settings.PAYPAL_CLIENT_SECRET = "wrong"
    client = PayPalClient.from_settings(exchanges.append)

    with pytest.raises(GatewayUnavailableError, match="client id"):
        client.get_order("X")
    assert len(paypal.received) == 1


def test_a_refusal_carries_the_word_of_paypal_and_is_not_repeated(paypal, client, create):
    order = create()

    with pytest.raises(PayPalRefusedError) as caught:
        client.capture_order(order["id"], idempotency_key="capture")

    assert (caught.value.issue, caught.value.status) == ("ORDER_NOT_APPROVED", 422)
    assert len(paypal.requests_to(CAPTURES)) == 1


def test_a_port_that_nobody_listens_on_is_known_within_a_second(settings, paypal, exchanges):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.PAYPAL_BASE_URL = f"http://127.0.0.1:{server.getsockname()[1]}"
    begun = time.monotonic()

    with pytest.raises(GatewayUnavailableError):
        PayPalClient.from_settings(exchanges.append).get_order("X")

    assert time.monotonic() - begun < 1
    assert [exchange.status for exchange in exchanges] == [0, 0, 0]


def test_nobody_waits_for_a_silent_paypal_three_times(settings, paypal, monkeypatch, exchanges):
    monkeypatch.setattr(transport, "READ_SECONDS", 0.3)
    monkeypatch.setattr(transport, "PATIENCE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.PAYPAL_BASE_URL = f"http://127.0.0.1:{server.getsockname()[1]}"
        begun = time.monotonic()

        with pytest.raises(GatewayUnavailableError, match="ReadTimeout"):
            PayPalClient.from_settings(exchanges.append).get_order("X")

    assert time.monotonic() - begun < 0.6


def test_the_pauses_between_attempts_grow_and_differ(paypal, create, monkeypatch):
    pauses = []
    monkeypatch.setattr(transport, "PAUSE_SECONDS", 0.25)
    monkeypatch.setattr(transport, "sleep", pauses.append)
    paypal.plan(Fault.ERROR, ORDERS, times=2)

    create()

    assert 0.125 <= pauses[0] <= 0.25 <= pauses[1] <= 0.5


def test_each_request_is_written_down_without_secrets(paypal, create, exchanges):
    paypal.plan(Fault.DROP, ORDERS)

    order = create()

    log_in, lost, done = exchanges
    assert (log_in.path, log_in.status) == ("/v1/oauth2/token", 200)
    assert log_in.request == {"grant_type": "client_credentials"}
    assert (lost.status, lost.idempotency_key) == (0, "payment-1")
    assert "error" in lost.answer
    assert (done.method, done.path, done.status) == ("POST", "/v2/checkout/orders", 200)
    assert done.answer == order
    assert done.request["purchase_units"][0]["invoice_id"] == "K7QF-2M9D"
    assert done.seconds >= 0
    written = repr(exchanges)
    assert "A21AA" not in written
    assert "shop-secret" not in written


def test_no_netrc_file_changes_who_asks(paypal, create, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))

    assert create()["id"]


def test_an_answer_that_sends_elsewhere_is_not_followed(paypal, client, create):
    order = create()
    client.get_order(order["id"])

    with pytest.raises(GatewayUnavailableError):
        client.transport.call(transport.Request("GET", f"/checkoutnow/cancel?token={order['id']}"))


def test_the_shopper_comes_back_from_the_page_of_the_fake(paypal, create):
    order = create()
    page = requests.get(approval_url(order), timeout=5).text
    assert "Pay 12.50 EUR" in page

    answer = requests.get(
        f"{paypal.base_url}/checkoutnow/approve?token={order['id']}",
        timeout=5,
        allow_redirects=False,
    )

    assert answer.headers["Location"].startswith(
        f"https://shop.example/back/?token={order['id']}&PayerID="
    )
    assert paypal.account.orders[order["id"]]["status"] == "APPROVED"
