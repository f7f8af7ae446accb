"""Lost, repeated, reordered and forged messages: the books say what Stripe says, and no more."""

import copy
import json
import random
import time
from collections.abc import Generator
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import hypothesis
import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from orders.models import Order, Outbox, Payment, PaymentEvent
from orders.payments import paying, refunds
from orders.tests.fakes.stripe import FakeStripe
from orders.tests.fakes.stripe_objects import Account
from orders.tests.fakes.stripe_parameters import StripeRefusal
from orders.tests.fakes.stripe_shop import (
    an_order,
    come_back,
    go_to_stripe,
    payment_of,
    press,
    session_of,
    stripe_shop,
    tell,
    tell_all,
    work_on_money,
)

pytestmark = pytest.mark.django_db

CENT = Decimal("0.01")


@pytest.fixture
def stripe(settings: Settings) -> Generator[FakeStripe, None, None]:
    with stripe_shop(settings) as server:
        yield server


@pytest.fixture
def open_order(client, stripe) -> Order:
    """An order whose shopper is at Stripe's page and has not paid."""
    order = an_order()
    go_to_stripe(client, order)
    return order


# --- lost replies ---------------------------------------------------------------------


def test_a_hundred_lost_replies_charge_nobody_twice(client, stripe):
    dice, orders = random.Random(1), []
    while stripe.replies_dropped < 100:
        order = an_order()
        orders.append(order)
        # Three in a row, and the shop itself gives up; then the shopper presses again.
        stripe.drop_replies(dice.randrange(1, 6), "POST /v1/checkout/sessions")
        while not (address := go_to_stripe(client, order)).startswith(stripe.url):
            pass
        back = press(address, "pay")
        stripe.drop_replies(dice.randrange(1, 6), "GET /v1")
        come_back(client, back)
        while payment_of(order).state != Payment.State.CAPTURED:
            come_back(client, back)
        refunds.ask(order, Decimal("9.90"))
        stripe.drop_replies(dice.randrange(1, 6), "POST /v1/refunds")
        while order.refunds.get().state != "done":
            Outbox.objects.update(next_at=timezone.now())
            work_on_money()

    charges = stripe.account.charges.values()
    assert len(stripe.account.sessions) == len(charges) == len(orders)
    assert {(one["amount"], one["amount_refunded"]) for one in charges} == {(5990, 990)}
    for order in Order.objects.all():
        assert (order.amount_paid, order.amount_refunded) == (Decimal("59.90"), Decimal("9.90"))


# --- messages in any order ---------------------------------------------------------------

ACTIONS = {
    "the card pays": lambda account, name: account.pay(name),
    "the card is declined": lambda account, name: account.decline(name),
    "the bank will pay": lambda account, name: account.pay_later(name),
    "the bank pays": lambda account, name: account.clear(name, succeeded=True),
    "the bank does not pay": lambda account, name: account.clear(name, succeeded=False),
    "the session ends": lambda account, name: account.expire_session(name),
    "somebody refunds at Stripe": lambda account, name: account.create_refund(
        {"payment_intent": account.sessions[name]["payment_intent"] or "", "amount": "700"}
    ),
}
OURS = ["a message comes", "the worker works", "the shopper comes back", "the desk refunds"]


@pytest.fixture
def untouched(stripe, open_order) -> Account:
    """What Stripe holds when the shopper has come and done nothing yet."""
    return copy.deepcopy(stripe.account)


stories = st.lists(
    st.tuples(st.sampled_from([*ACTIONS, *OURS]), st.integers(0, 99)), min_size=1, max_size=6
)


@given(stories, st.randoms(use_true_random=False))
@hypothesis.settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_told_in_whatever_order_the_books_say_what_stripe_says(
    client, stripe, open_order, untouched, story, dice
):
    with transaction.atomic():
        stripe.account, order = copy.deepcopy(untouched), open_order
        stripe.answers.clear()
        for action, number in story:
            act(client, stripe, order, action, number)
        # Some messages are lost, some come twice, none in order; one comes after all that happened.
        messages = stripe.messages()
        told = [messages[-1], *dice.choices(messages, k=dice.randrange(4))] if messages else []
        dice.shuffle(told)
        for message in told:
            assert tell(client, *message) == 200
        work_on_money()
        check_books(stripe, order)
        transaction.set_rollback(True)


def act(client: Client, stripe: FakeStripe, order: Order, action: str, number: int) -> None:
    if action in ACTIONS:
        with suppress(StripeRefusal):
            ACTIONS[action](stripe.account, session_of(order))
    elif action == "a message comes":
        if messages := stripe.messages():
            tell(client, *messages[number % len(messages)])
    elif action == "the worker works":
        work_on_money()
    elif action == "the shopper comes back":
        paying.settle(payment_of(order))
    else:
        with suppress(refunds.RefundError):
            refunds.ask(order, Decimal(number + 1) * CENT)


def check_books(stripe: FakeStripe, order: Order) -> None:
    order.refresh_from_db()
    payment = payment_of(order)
    account = stripe.account
    session = account.sessions[payment.reference]
    charges = list(account.charges.values())
    assert order.amount_paid == sum(one["amount"] for one in charges) * CENT
    assert order.amount_refunded == sum(one["amount_refunded"] for one in charges) * CENT
    assert {one.reference for one in order.refunds.all() if one.state == "done"} == set(
        account.refunds
    )
    assert order.state == (Order.State.PAID if charges else Order.State.PENDING)
    assert payment.state == expected_state(session, account)
    mails = Outbox.objects.filter(order=order, kind="payment_received").count()
    assert mails == len(charges)
    names = PaymentEvent.objects.filter(direction="message").values_list("event_id", flat=True)
    assert len(names) == len(set(names)) <= len(account.events)


def expected_state(session: dict, account: Account) -> str:
    if session["payment_status"] == "paid":
        return Payment.State.CAPTURED
    if session["status"] == "expired":
        return Payment.State.CANCELLED
    if session["status"] == "open":
        return Payment.State.NEW
    is_on_its_way = account.intents[session["payment_intent"]]["status"] == "processing"
    return Payment.State.PENDING if is_on_its_way else Payment.State.FAILED


# --- messages of others -------------------------------------------------------------------


def paid_message(order: Order) -> bytes:
    """What Stripe would say if the order were paid."""
    session = {"id": session_of(order), "object": "checkout.session", "payment_status": "paid"}
    session["metadata"] = {"payment": str(payment_of(order).key)}
    event = {"id": "evt_x", "object": "event", "type": "checkout.session.completed"}
    return json.dumps(event | {"data": {"object": session}}).encode()


def nothing_came_of_it(order: Order) -> bool:
    order.refresh_from_db()
    messages = PaymentEvent.objects.filter(direction="message")
    return order.state == Order.State.PENDING and not messages.exists()


def test_a_thousand_forged_messages_are_refused_and_leave_nothing(client, stripe, open_order):
    dice = random.Random(2)
    body, headers = stripe.sign(paid_message(open_order))
    rows = Outbox.objects.count()

    for _ in range(1000):
        assert tell(client, *forged(dice, stripe, body, headers["Stripe-Signature"])) == 400

    assert nothing_came_of_it(open_order)
    assert Outbox.objects.count() == rows


def forged(
    dice: random.Random, stripe: FakeStripe, body: bytes, signature: str
) -> tuple[bytes, dict[str, str]]:
    """The message without a signature, with another's, or one byte of body or signature changed."""
    way = dice.randrange(5)
    if way == 0:
        return body, {}
    if way == 1:
        return stripe.sign(body, secret=f"whsec_{dice.random()}")
    if way == 2:
        return body, {"Stripe-Signature": signature.replace("v1=", "v0=")}
    if way == 3:
        place = dice.randrange(len(body))
        changed = bytes([body[place] ^ dice.randrange(1, 256)])
        return body[:place] + changed + body[place + 1 :], {"Stripe-Signature": signature}
    place = dice.randrange(signature.index("v1=") + 3, len(signature))
    other = dice.choice([letter for letter in "0123456789abcdef" if letter != signature[place]])
    changed = signature[:place] + other + signature[place + 1 :]
    return body, {"Stripe-Signature": changed}


def test_a_message_of_yesterday_is_refused_though_it_is_signed(client, stripe, open_order):
    message = stripe.sign(paid_message(open_order), at=time.time() - 86400)

    assert tell(client, *message) == 400
    assert nothing_came_of_it(open_order)


def test_a_signed_message_that_lies_changes_nothing(client, stripe, open_order):
    message = stripe.sign(paid_message(open_order))

    assert tell(client, *message) == 200
    work_on_money()

    open_order.refresh_from_db()
    assert open_order.state == Order.State.PENDING


def test_a_message_about_somebody_elses_payment_is_kept_and_does_nothing(client, stripe):
    other = an_order()
    go_to_stripe(client, other)
    body = paid_message(other).replace(str(payment_of(other).key).encode(), b"not a key")
    body = body.replace(session_of(other).encode(), b"cs_of_another_shop")

    assert tell(client, *stripe.sign(body)) == 200
    work_on_money()

    assert PaymentEvent.objects.get(direction="message").payment is None
    assert payment_of(other).state == Payment.State.NEW


def test_a_message_that_comes_ten_times_is_stored_once(client, stripe, open_order):
    stripe.account.pay(session_of(open_order))

    for _ in range(10):
        tell_all(client, stripe)

    assert PaymentEvent.objects.filter(direction="message").count() == len(stripe.account.events)
    assert open_order.events.filter(kind="payment").count() == 1


def test_a_message_is_answered_although_stripe_is_down_and_worked_off_later(
    client, stripe, open_order
):
    stripe.account.pay(session_of(open_order))
    stripe.drop_requests(99)
    tell_all(client, stripe)
    open_order.refresh_from_db()
    assert open_order.state == Order.State.PENDING

    stripe.faults.clear()
    Outbox.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    work_on_money()

    open_order.refresh_from_db()
    assert open_order.state == Order.State.PAID


def test_messages_need_no_csrf_token_and_nothing_but_post_is_heard(stripe, open_order):
    strict = Client(enforce_csrf_checks=True)

    assert tell(strict, *stripe.sign(paid_message(open_order))) == 200
    assert strict.get("/payments/messages/stripe/").status_code == 405
