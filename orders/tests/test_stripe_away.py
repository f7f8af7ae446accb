"""Stripe that is down, slow or not set up: orders are kept, and paid another way or later."""

from collections.abc import Generator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders.models import Order
from orders.payments import overdue, reach
from orders.tests.fakes.stripe import FakeStripe
from orders.tests.fakes.stripe_shop import an_order, come_back, go_to_stripe, press, stripe_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def stripe(settings: Settings) -> Generator[FakeStripe, None, None]:
    with stripe_shop(settings) as server:
        yield server


def ways_to_pay(client: Client, order: Order) -> str:
    return client.get(order.get_absolute_url()).content.decode()


def test_when_stripe_is_down_the_order_is_kept_and_paid_another_way(client, stripe):
    order = an_order()
    stripe.drop_requests(99)

    reply = client.post(
        reverse("orders:pay", args=[order.secret]), {"gateway": "stripe"}, follow=True
    )

    assert reply.status_code == 200
    assert "does not answer" in reply.content.decode()
    assert 'value="bank_transfer"' in ways_to_pay(client, order)
    client.post(reverse("orders:pay", args=[order.secret]), {"gateway": "bank_transfer"})
    order.refresh_from_db()
    assert (order.state, order.payment_method) == (Order.State.PENDING, "bank_transfer")


def test_who_comes_after_one_that_waited_for_a_dead_stripe_does_not_wait(
    client, stripe, monkeypatch
):
    monkeypatch.setattr(reach, "PAUSE_SECONDS", 60)
    stripe.drop_requests(99)
    go_to_stripe(client, an_order())
    asked = len(stripe.asked)

    go_to_stripe(client, an_order())

    assert len(stripe.asked) == asked


def test_when_stripe_is_down_at_the_return_the_order_becomes_paid_later(client, stripe):
    order = an_order()
    back = press(go_to_stripe(client, order), "pay")
    stripe.fail(503, times=3)

    assert "cannot see your payment yet" in come_back(client, back)
    overdue.check_due(timezone.now() + timedelta(minutes=3))

    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_a_wrong_key_hides_no_payment_for_good(client, stripe, settings):
    order = an_order()
    back = press(go_to_stripe(client, order), "pay")
    settings.STRIPE_SECRET_KEY = "sk_test_of_another_shop"
    assert "cannot see your payment yet" in come_back(client, back)

    settings.STRIPE_SECRET_KEY = stripe.api_key
    come_back(client, back)

    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_without_a_key_stripe_is_not_offered(client, settings):
    settings.STRIPE_SECRET_KEY = ""
    order = an_order()

    assert 'value="stripe"' not in ways_to_pay(client, order)
    reply = client.post(reverse("orders:pay", args=[order.secret]), {"gateway": "stripe"})

    assert reply["Location"] == order.get_absolute_url()
    assert not order.payments.exists()
