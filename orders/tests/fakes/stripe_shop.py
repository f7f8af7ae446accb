"""A shop that is paid by a fake Stripe, and what shoppers, gateways and clocks do to it."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from unittest import mock
from urllib.parse import urlsplit
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders import outbox
from orders.models import Order, Payment
from orders.payments import reach
from orders.payments.stripe_checkout.client import Purchase
from orders.tests.factories import CUSTOMER
from orders.tests.fakes.stripe import FakeStripe

MESSAGES = "/payments/messages/stripe/"


@contextmanager
def stripe_shop(settings: Settings) -> Iterator[FakeStripe]:
    """A shop with the key of a Stripe that runs; retries make no pause."""
    with FakeStripe() as stripe, mock.patch("stripe._http_client.HTTPClient.INITIAL_DELAY", 0):
        settings.STRIPE_SECRET_KEY = stripe.api_key
        settings.STRIPE_WEBHOOK_SECRETS = [stripe.secret]
        settings.STRIPE_BASE_URL = stripe.url
        with mock.patch.object(reach, "PAUSE_SECONDS", 0):
            yield stripe


def an_order(total: str = "59.90", currency: str = "EUR", **fields: object) -> Order:
    """An order that waits for its money."""
    values = {
        **CUSTOMER,
        "language": "en",
        "checkout_token": uuid4(),
        "total": Decimal(total),
        "currency": currency,
        "payment_method": "stripe",
        "expires_at": timezone.now() + timedelta(hours=1),
    }
    return Order.objects.create(**{**values, **fields})


class Calls(list[dict[str, Any]]):
    """What would stand in the log of payments."""

    def __call__(self, action: str, **facts: object) -> None:
        self.append({"action": action, **facts})


def purchase(**fields: object) -> Purchase:
    """What the shop asks Stripe to let somebody pay, without an order in the books."""
    values = {
        "reference": "pay-1",
        "order_number": "K7QF-2M9D",
        "title": "Order K7QF-2M9D",
        "amount": Decimal("59.90"),
        "currency": "EUR",
        "email": "ada@example.com",
        "language": "zh-hans",
        "expires": timezone.now() + timedelta(hours=2),
        "success_url": "https://shop.example/orders/x/return/",
        "cancel_url": "https://shop.example/orders/x/",
    }
    return Purchase(**{**values, **fields})


def go_to_stripe(client: Client, order: Order) -> str:
    """The shopper presses the button that leads to Stripe; the address they are sent to."""
    reply = client.post(reverse("orders:pay", args=[order.secret]), {"gateway": "stripe"})
    assert reply.status_code == HTTPStatus.FOUND
    return reply["Location"]


def press(address: str, button: str) -> str:
    """Press a button of Stripe's page; the address it sends the shopper to, if it sends them."""

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments: object) -> None:
            return None

    try:
        urllib.request.build_opener(NoRedirect).open(f"{address}/{button}", b"")
    except urllib.error.HTTPError as error:
        if error.code == HTTPStatus.SEE_OTHER:
            return error.headers["Location"]
        raise
    return ""


def come_back(client: Client, address: str) -> str:
    """The browser follows Stripe's redirect; the text of the page it ends on."""
    reply = client.get(urlsplit(address).path, follow=True)
    assert reply.status_code == HTTPStatus.OK
    return reply.content.decode()


def tell(client: Client, body: bytes, headers: dict[str, str]) -> int:
    """Stripe posts a message; the status it is answered with."""
    return client.post(
        MESSAGES, body, content_type="application/json; charset=utf-8", headers=headers
    ).status_code


def tell_all(client: Client, stripe: FakeStripe) -> None:
    """Stripe posts all its messages, and the worker does what follows from them."""
    for body, headers in stripe.messages():
        assert tell(client, body, headers) == HTTPStatus.OK
    work_on_money()


def payment_of(order: Order) -> Payment:
    return order.payments.get()


def session_of(order: Order) -> str:
    return payment_of(order).reference


def work_on_money() -> None:
    """The worker does all that is due; mails are not written, of which others test enough."""
    money = {outbox.PAYMENT_MESSAGE, outbox.REFUND}
    mails = [kind for kind in outbox._handlers if kind not in money]
    with mock.patch.dict(outbox._handlers, dict.fromkeys(mails, lambda row: None)):
        outbox.drain()
