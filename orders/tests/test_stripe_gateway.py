"""Orders that are paid at Stripe: from the button to the books, through the shop's own views."""

from collections.abc import Generator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders.models import Order, Outbox, Payment, PaymentEvent
from orders.payments import overdue, paying
from orders.tests.fakes.stripe import FakeStripe
from orders.tests.fakes.stripe_shop import (
    an_order,
    come_back,
    go_to_stripe,
    payment_of,
    press,
    session_of,
    stripe_shop,
    tell_all,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stripe(settings: Settings) -> Generator[FakeStripe, None, None]:
    with stripe_shop(settings) as server:
        yield server


def test_a_shopper_pays_and_comes_back_to_a_paid_order(client, stripe):
    order = an_order()

    address = go_to_stripe(client, order)
    page = come_back(client, press(address, "pay"))

    order.refresh_from_db()
    payment = payment_of(order)
    assert address.startswith(stripe.url)
    assert (order.state, order.amount_paid) == (Order.State.PAID, Decimal("59.90"))
    assert payment.state == Payment.State.CAPTURED
    assert payment.capture_reference in stripe.account.intents
    assert order.number in page


def test_every_call_is_in_the_log_without_a_secret(client, stripe):
    order = an_order()

    come_back(client, press(go_to_stripe(client, order), "pay"))

    calls = PaymentEvent.objects.filter(payment=payment_of(order), direction="call")
    assert [call.action.split("/")[2] for call in calls] == ["checkout", "checkout", "refunds"]
    assert {call.status for call in calls} == {200}
    kept = repr([(call.body, call.answer) for call in calls])
    assert order.number in kept
    assert stripe.api_key not in kept
    assert "never_to_be_logged" not in kept


def test_stripe_speaks_the_shoppers_language_and_sends_them_back_in_it(client, stripe):
    go_to_stripe(client, an_order(language="ko"))

    (session,) = stripe.account.sessions.values()
    assert session["locale"] == "ko"
    assert "/ko/orders/" in session["success_url"]


def test_the_session_ends_with_the_order(client, stripe):
    order = an_order(expires_at=timezone.now() + timedelta(hours=2))

    go_to_stripe(client, order)

    (session,) = stripe.account.sessions.values()
    assert session["expires_at"] == int(order.expires_at.timestamp())


def test_a_declined_card_leaves_the_page_open_for_another(client, stripe):
    order = an_order()
    address = go_to_stripe(client, order)

    assert press(address, "decline") == ""
    tell_all(client, stripe)
    assert payment_of(order).state == Payment.State.NEW

    come_back(client, press(address, "pay"))
    assert payment_of(order).state == Payment.State.CAPTURED
    assert len(stripe.account.charges) == 1


@pytest.mark.parametrize(("button", "is_paid"), [("confirm", True), ("refuse", False)])
def test_a_second_step_decides(client, stripe, button, is_paid):
    order = an_order()
    address = go_to_stripe(client, order)
    press(address, "secure")

    press(address, button)
    tell_all(client, stripe)

    order.refresh_from_db()
    assert (order.state == Order.State.PAID) is is_paid


def test_going_back_pays_nothing_and_leads_to_the_same_session_again(client, stripe):
    order = an_order()
    address = go_to_stripe(client, order)

    come_back(client, stripe.account.sessions[session_of(order)]["cancel_url"])

    assert payment_of(order).state == Payment.State.NEW
    assert go_to_stripe(client, order) == address
    assert len(stripe.account.sessions) == 1


def test_a_message_alone_settles_an_order_whose_shopper_never_comes_back(client, stripe):
    order = an_order()
    press(go_to_stripe(client, order), "pay")

    tell_all(client, stripe)

    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert Outbox.objects.filter(order=order, kind="payment_received").count() == 1


def test_the_clock_settles_an_order_of_which_nobody_is_heard(client, stripe):
    order = an_order()
    press(go_to_stripe(client, order), "pay")

    assert overdue.check_due(timezone.now() + timedelta(minutes=3)) == 1

    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_a_bank_debit_is_on_its_way_until_the_bank_has_paid(client, stripe):
    order = an_order()
    come_back(client, press(go_to_stripe(client, order), "later"))
    assert payment_of(order).state == Payment.State.PENDING

    stripe.account.clear(session_of(order), succeeded=True)
    tell_all(client, stripe)

    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_a_bank_debit_that_bounces_leaves_the_order_waiting_for_another_payment(client, stripe):
    order = an_order()
    come_back(client, press(go_to_stripe(client, order), "later"))

    stripe.account.clear(session_of(order), succeeded=False)
    tell_all(client, stripe)

    order.refresh_from_db()
    assert order.state == Order.State.PENDING
    assert payment_of(order).state == Payment.State.FAILED
    assert Outbox.objects.filter(order=order, kind="payment_failed").exists()


@pytest.mark.parametrize("wrong", [{"amount": 5989}, {"amount": 5991}, {"currency": "usd"}])
def test_money_that_is_not_what_was_asked_for_pays_nothing(client, stripe, wrong):
    order = an_order()
    go_to_stripe(client, order)

    stripe.account.pay(session_of(order), **wrong)
    tell_all(client, stripe)

    order.refresh_from_db()
    assert (order.state, order.amount_paid) == (Order.State.PENDING, 0)
    assert payment_of(order).state == Payment.State.NEW
    assert order.alert


@pytest.mark.parametrize(
    ("total", "currency", "units"), [("12000", "KRW", 12000), ("4.500", "KWD", 4500)]
)
def test_currencies_with_other_decimals_are_paid_to_the_last_unit(
    client, stripe, total, currency, units
):
    order = an_order(total, currency)

    come_back(client, press(go_to_stripe(client, order), "pay"))

    order.refresh_from_db()
    assert stripe.account.charges.popitem()[1]["amount"] == units
    assert (order.state, order.amount_paid) == (Order.State.PAID, Decimal(total))


# --- time that runs out -----------------------------------------------------------


def test_an_order_that_expires_takes_its_page_at_stripe_with_it(client, stripe):
    order = an_order()
    go_to_stripe(client, order)
    Order.objects.update(expires_at=timezone.now())

    assert overdue.expire_due() == 1

    assert stripe.account.sessions[session_of(order)]["status"] == "expired"
    assert payment_of(order).state == Payment.State.CANCELLED


def test_an_order_paid_in_its_last_moment_does_not_expire(client, stripe):
    order = an_order()
    press(go_to_stripe(client, order), "pay")
    Order.objects.update(expires_at=timezone.now())

    overdue.expire_due()

    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_after_its_time_a_session_is_given_up_and_the_next_click_begins_another(client, stripe):
    order = an_order()
    go_to_stripe(client, order)
    stripe.account.expire_session(session_of(order))

    refused = client.post(
        reverse("orders:pay", args=[order.secret]), {"gateway": "stripe"}, follow=True
    )

    assert "time for this payment is over" in refused.content.decode()
    assert go_to_stripe(client, order).startswith(stripe.url)
    assert sorted(order.payments.values_list("state", flat=True)) == ["cancelled", "new"]


def test_a_payment_that_stripe_was_never_told_of_is_given_up_after_an_hour(stripe):
    payment = paying.new_payment(an_order(), "stripe")

    paying.settle(payment)
    assert payment.state == Payment.State.NEW

    Payment.objects.update(created=timezone.now() - timedelta(hours=2))
    assert paying.settle(payment).state == Payment.State.CANCELLED
    assert stripe.asked == []
