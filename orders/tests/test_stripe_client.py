"""The calls to Stripe, against a fake that answers over a real connection."""

import dataclasses
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import stripe
from pytest_django.fixtures import Settings
from stripe.params import RefundCreateParams
from stripe.params.checkout import SessionCreateParams

from orders.payments.base import GatewayUnavailableError, RefusedError
from orders.payments.stripe_checkout import transport
from orders.payments.stripe_checkout.client import StripeApi
from orders.tests.fakes.stripe import Asked, FakeStripe
from orders.tests.fakes.stripe_shop import Calls, purchase
from orders.tests.fakes.stripe_types import unknown_fields


@pytest.fixture
def fake(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Generator[FakeStripe, None, None]:
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0.001)
    with FakeStripe() as server:
        settings.STRIPE_SECRET_KEY = server.api_key
        settings.STRIPE_BASE_URL = server.url
        yield server


@pytest.fixture
def log() -> Calls:
    return Calls()


@pytest.fixture
def api(fake: FakeStripe, log: Calls) -> Generator[StripeApi, None, None]:
    with StripeApi(log) as client:
        yield client


def paid_intent(api: StripeApi, fake: FakeStripe) -> str:
    return fake.account.pay(api.create_session(purchase(), "key")["id"])["payment_intent"]


def sent_to(fake: FakeStripe, path: str) -> Asked:
    return next(asked for asked in fake.asked if asked.path == path and asked.method == "POST")


# --- a session ------------------------------------------------------------------


def test_a_session_asks_for_the_grand_total_under_our_order_number(api, fake):
    session = api.create_session(purchase(), "key-1")

    assert session["url"].startswith(fake.url)
    asked = sent_to(fake, "/v1/checkout/sessions")
    assert asked.key == "key-1"
    assert asked.version == stripe.api_version
    item = asked.params["line_items"]["0"]
    assert item["quantity"] == "1"
    assert item["price_data"]["unit_amount"] == "5990"
    assert item["price_data"]["currency"] == "eur"
    assert item["price_data"]["product_data"]["name"] == "Order K7QF-2M9D"
    assert asked.params["client_reference_id"] == "pay-1"
    assert asked.params["metadata"] == {"payment": "pay-1", "order": "K7QF-2M9D"}
    assert asked.params["payment_intent_data"]["metadata"] == asked.params["metadata"]
    assert asked.params["locale"] == "zh"


@pytest.mark.parametrize(
    ("path", "official"),
    [("/v1/checkout/sessions", SessionCreateParams), ("/v1/refunds", RefundCreateParams)],
)
def test_requests_hold_only_fields_that_stripe_publishes(api, fake, path, official):
    api.refund(paid_intent(api, fake), Decimal(5), "EUR", "refund-1", {"refund": "1"})

    params = sent_to(fake, path).params

    assert unknown_fields(params, official) == []
    assert unknown_fields(params | {"metadate": "1"}, official) == ["metadate"]


def test_a_nested_field_that_stripe_does_not_publish_would_be_found(api, fake):
    api.create_session(purchase(), "key")
    params = sent_to(fake, "/v1/checkout/sessions").params
    params["line_items"]["0"]["price_data"]["amount"] = "1"

    assert unknown_fields(params, SessionCreateParams) == ["line_items.price_data.amount"]


def test_the_intent_comes_with_the_session_once_there_is_one(api, fake):
    name = api.create_session(purchase(), "key")["id"]
    assert api.session(name)["payment_intent"] is None

    fake.account.pay(name)

    session = api.session(name)
    assert session["payment_status"] == "paid"
    assert session["payment_intent"]["status"] == "succeeded"
    assert session["payment_intent"]["amount_received"] == 5990
    assert session["payment_intent"]["metadata"]["payment"] == "pay-1"


def test_an_expired_session_cannot_be_paid(api, fake):
    name = api.create_session(purchase(), "key")["id"]

    assert api.expire_session(name)["status"] == "expired"

    with pytest.raises(RefusedError):
        api.expire_session(name)
    with pytest.raises(Exception, match="no longer open"):
        fake.account.pay(name)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("0.005", "EUR"),
        ("0.5", "JPY"),
        ("1.234", "KWD"),
        ("1500.50", "ISK"),
        ("0", "EUR"),
        ("-1", "EUR"),
        ("1000000", "EUR"),
    ],
)
def test_an_amount_that_stripe_cannot_write_is_refused_and_not_rounded(api, fake, amount, currency):
    with pytest.raises(RefusedError):
        api.create_session(purchase(amount=Decimal(amount), currency=currency), "key")

    assert fake.asked == []


# --- what goes wrong --------------------------------------------------------------


def test_dropped_replies_make_one_session(api, fake, log):
    fake.drop_replies(2)

    session = api.create_session(purchase(), "key")

    assert list(fake.account.sessions) == [session["id"]]
    assert [call.get("status") for call in log] == [None, None, 200]
    assert [call["body"]["Idempotency-Key"] for call in log] == ["key"] * 3
    assert "RemoteDisconnected" in log[0]["error"]


def test_the_same_key_later_is_the_same_session(api, fake):
    same = purchase()

    assert api.create_session(same, "key")["id"] == api.create_session(same, "key")["id"]


def test_clicks_at_the_same_moment_make_one_session(fake, log):
    same = purchase()

    def click(_number: int) -> str:
        with StripeApi(log) as api:
            return api.create_session(same, "key")["id"]

    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(click, range(16)))

    assert names == set(fake.account.sessions)
    assert len(names) == 1


def test_a_call_whose_twin_is_still_running_is_to_be_made_again(api, fake):
    fake.answers["key"] = None

    with pytest.raises(GatewayUnavailableError):
        api.create_session(purchase(), "key")

    assert len(fake.asked) == 3


def test_the_same_key_for_something_else_is_refused(api, fake):
    same = purchase()
    api.create_session(same, "key")

    with pytest.raises(RefusedError, match="same parameters"):
        api.create_session(dataclasses.replace(same, amount=Decimal(1)), "key")


@pytest.mark.parametrize("status", [429, 500, 503, 401, 403, 409])
def test_what_may_pass_may_be_tried_again(api, fake, status):
    fake.fail(status, times=9)

    with pytest.raises(GatewayUnavailableError):
        api.create_session(purchase(), "key")

    assert fake.account.sessions == {}


@pytest.mark.parametrize("status", [400, 402, 404])
def test_what_stripe_will_never_do_is_refused(api, fake, status):
    fake.fail(status, times=9)

    with pytest.raises(RefusedError):
        api.create_session(purchase(), "key")

    assert len(fake.asked) == 1


def test_a_server_error_is_tried_three_times(api, fake):
    fake.fail(500, times=2)

    api.create_session(purchase(), "key")

    assert len(fake.asked) == 3


def test_a_silent_stripe_is_waited_for_once(fake, log, monkeypatch):
    monkeypatch.setattr(transport, "READ_SECONDS", 0.1)
    fake.delay(0.3, times=9)

    with StripeApi(log) as api, pytest.raises(GatewayUnavailableError):
        api.create_session(purchase(), "key")

    (call,) = log
    assert call["error"].startswith("ReadTimeout")
    assert 0.1 <= call["seconds"] < 0.3


def test_a_stripe_that_is_gone_is_unavailable(settings, monkeypatch, log):
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0.001)
    settings.STRIPE_SECRET_KEY = "sk_test_fake"
    with FakeStripe() as server:
        settings.STRIPE_BASE_URL = server.url

    with StripeApi(log) as api, pytest.raises(GatewayUnavailableError):
        api.create_session(purchase(), "key")

    assert len(log) == 3


def test_a_wrong_key_may_be_set_right(settings, fake, log):
    settings.STRIPE_SECRET_KEY = "sk_test_of_another_shop"

    with StripeApi(log) as api, pytest.raises(GatewayUnavailableError):
        api.create_session(purchase(), "key")


# --- refunds ----------------------------------------------------------------------


def test_a_refund_whose_reply_was_lost_is_made_once(api, fake):
    intent = paid_intent(api, fake)
    fake.drop_replies(2, on="POST /v1/refunds")

    refund = api.refund(intent, Decimal("9.90"), "EUR", "refund-1", {"refund": "r1"})

    assert refund["status"] == "succeeded"
    assert api.refunds(intent) == [refund]
    assert fake.account.charges[refund["charge"]]["amount_refunded"] == 990


def test_more_than_was_paid_is_not_refunded(api, fake):
    intent = paid_intent(api, fake)

    with pytest.raises(RefusedError, match="greater than"):
        api.refund(intent, Decimal(60), "EUR", "refund-1", {})

    assert api.refunds(intent) == []


def test_all_refunds_are_listed_however_many(api, fake):
    intent = paid_intent(api, fake)
    for number in range(120):
        fake.account.create_refund(
            {"payment_intent": intent, "amount": "1", "metadata": {"refund": str(number)}}
        )

    assert [refund["metadata"]["refund"] for refund in api.refunds(intent)] == [
        str(number) for number in reversed(range(120))
    ]
