"""What is written down of each call to Stripe."""

from collections.abc import Generator

import pytest
from pytest_django.fixtures import Settings

from orders.payments.base import GatewayUnavailableError
from orders.payments.stripe_checkout.client import StripeApi
from orders.tests.fakes.stripe import FakeStripe
from orders.tests.fakes.stripe_shop import Calls, purchase


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


def test_the_log_holds_what_was_said_and_no_secret(api, fake, log):
    api.session(fake.account.pay(api.create_session(purchase(), "key")["id"])["id"])

    created, read = log
    assert (created["action"], created["status"]) == ("POST /v1/checkout/sessions", 200)
    assert created["body"]["client_reference_id"] == "pay-1"
    assert created["answer"]["status"] == "open"
    assert read["action"] == f"GET /v1/checkout/sessions/{created['answer']['id']}"
    assert read["body"] == {"expand[0]": "payment_intent"}
    assert read["answer"]["payment_intent"]["client_secret"] == "…"
    assert fake.api_key not in repr(log)
    assert "never_to_be_logged" not in repr(log)


def test_an_answer_that_is_no_json_is_unavailable_and_logged(api, fake, log, monkeypatch):
    monkeypatch.setattr("orders.tests.fakes.stripe.json.dumps", lambda thing: "<html>Bad gateway")

    with pytest.raises(GatewayUnavailableError):
        api.session("cs_test_1")

    assert log[0]["answer"] == {"text": "<html>Bad gateway"}
