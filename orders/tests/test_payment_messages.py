"""Where gateways send their messages, before any gateway has looked at them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from catalog.tests.factories import make_sku
from orders.models import PaymentEvent
from orders.payments import log, messages
from orders.payments.base import Message
from orders.payments.views import MOST_BYTES
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db


def send(path: str, body: bytes = b"{}", **headers):
    return Client(enforce_csrf_checks=True).post(
        path, body, content_type="application/json", headers=headers
    )


@pytest.mark.parametrize("slug", ["bank_transfer", "demo_card", "stripe", "paypal"])
def test_what_nobody_has_signed_is_refused_and_leaves_no_trace(slug):
    assert send(f"/payments/messages/{slug}/").status_code == 400
    assert not PaymentEvent.objects.filter(direction="message").exists()


def test_a_gateway_that_does_not_exist_sends_nothing():
    assert send("/payments/messages/gold/").status_code == 404


def test_a_message_that_is_too_long_is_not_read():
    assert send("/payments/messages/stripe/", b"x" * (MOST_BYTES + 1)).status_code == 413


def test_a_message_is_posted_and_nothing_else():
    assert Client().get("/payments/messages/stripe/").status_code == 405


def test_calls_about_no_payment_are_forgotten_after_a_month_and_all_else_is_kept():
    payment = order_for({make_sku(price="20.00"): 1}).payments.get()
    log.for_payment("paypal")("POST /verify")
    log.for_payment("paypal", payment)("POST /orders")
    messages.store("paypal", Message("WH-1", "PAYMENT"))

    assert log.forget_strangers() == 0
    assert log.forget_strangers(timezone.now() + timedelta(days=31)) == 1

    assert set(PaymentEvent.objects.values_list("action", flat=True)) == {"POST /orders", "PAYMENT"}
