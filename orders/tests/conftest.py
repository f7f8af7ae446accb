"""Stand-ins for what the shop talks to over the network."""

from collections.abc import Generator

import pytest
from pytest_django.fixtures import Settings

from orders import coupon_tries
from orders.payments import reach
from orders.payments.paypal import transport
from orders.tests.fakes.paypal import CLIENT_ID, CLIENT_SECRET, WEBHOOK_ID, FakePayPal


@pytest.fixture(autouse=True)
def _no_wrong_codes_left_behind() -> Generator[None, None, None]:
    """What one test tried as a coupon must not count in the next."""
    yield
    coupon_tries.memory.forget()


@pytest.fixture(autouse=True)
def _no_gateway_is_away() -> Generator[None, None, None]:
    """What one test has left without an answer must be asked in the next."""
    yield
    reach.forget()


@pytest.fixture
def paypal(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Generator[FakePayPal, None, None]:
    """A PayPal of the test's own, which the shop is set up for.

    A request that PayPal's own documents do not allow makes the test fail.
    """
    monkeypatch.setattr(transport, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(reach, "PAUSE_SECONDS", 0)
    transport.forget_tokens()
    with FakePayPal().running() as fake:
        settings.PAYPAL_BASE_URL = fake.base_url
        settings.PAYPAL_CLIENT_ID = CLIENT_ID
        settings.PAYPAL_CLIENT_SECRET = CLIENT_SECRET
        settings.PAYPAL_WEBHOOK_ID = WEBHOOK_ID
        yield fake
    assert fake.violations == []
