"""PayPal's messages: forged, repeated, late and in any order, they are only a reason to look."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.tests.factories import make_page, make_sku
from orders import outbox
from orders.models import Order, Outbox, Payment, PaymentEvent
from orders.payments import gateway, messages
from orders.payments.paypal import books
from orders.payments.paypal.errors import PayPalRefusedError
from orders.payments.paypal.transport import Request, Transport, issue_of
from orders.tests.fakes.paypal import FakePayPal
from orders.tests.fakes.paypal_wire import Fault, Received
from orders.tests.paypal_shop import (
    MESSAGES,
    approved,
    come_back,
    go_to_paypal,
    paid_once,
    state_of,
    tell,
    tell_all,
    waiting_order,
)

pytestmark = pytest.mark.django_db

TOTAL = Decimal("25.00")


@pytest.fixture
def sku():
    return make_sku(make_page("Dune"), "DUNE", price="12.50", on_hand=9)


@pytest.fixture
def order(sku, paypal) -> Order:
    return waiting_order(sku)


def test_a_message_is_kept_once_however_often_it_comes(client, paypal, order):
    come_back(client, paypal, approved(client, paypal, order))
    for _ in range(3):
        tell_all(client, paypal)

    kept = PaymentEvent.objects.filter(direction=PaymentEvent.Direction.MESSAGE)
    assert sorted(kept.values_list("action", flat=True)) == [
        "CHECKOUT.ORDER.APPROVED",
        "PAYMENT.CAPTURE.COMPLETED",
    ]
    assert {row.payment for row in kept} == {order.payments.get()}
    assert state_of(order) == paid_once(TOTAL)


def test_a_message_is_answered_before_its_effect(client, paypal, order):
    approved(client, paypal, order)

    assert tell(client, paypal, paypal.account.events[0]) == 200
    assert not paypal.account.captures
    assert Outbox.objects.filter(kind=outbox.PAYMENT_MESSAGE).count() == 1


def test_a_message_that_cannot_be_proven_now_is_asked_for_again(client, paypal, order):
    approved(client, paypal, order)
    event = paypal.account.events[0]
    paypal.plan(Fault.ERROR, "verify-webhook-signature", times=3)

    assert tell(client, paypal, event) == 503
    assert not PaymentEvent.objects.filter(event_id=event["id"]).exists()
    assert tell(client, paypal, event) == 200


def test_messages_are_not_taken_without_the_id_of_our_webhook(client, paypal, order, settings):
    approved(client, paypal, order)
    settings.PAYPAL_WEBHOOK_ID = ""

    assert tell(client, paypal, paypal.account.events[0]) == 400


def test_a_refund_tells_of_its_payment_though_we_know_nothing_of_the_capture(client, paypal, order):
    order_id = approved(client, paypal, order)
    paypal.account.capture(order_id)
    (capture_id,) = paypal.account.captures
    paypal.account.refund(capture_id, {"amount": {"currency_code": "EUR", "value": "5.00"}})

    assert tell(client, paypal, paypal.account.events[-1]) == 200
    outbox.drain()

    state = state_of(order)
    assert (state["paid"], state["refunded"]) == (TOTAL, Decimal("5.00"))


def test_a_message_about_something_else_is_kept_and_changes_nothing(client, paypal, order):
    approved(client, paypal, order)
    before = state_of(order)
    for resource in ({}, [], {"id": "X", "purchase_units": []}, {"custom_id": "1 or 1=1"}):
        paypal.account.emit("CUSTOMER.DISPUTE.CREATED", "dispute", resource)
    paypal.account.emit("CHECKOUT.ORDER.APPROVED", "checkout-order", {"purchase_units": []})
    paypal.account.emit("PAYMENT.CAPTURE.REFUNDED", "refund", {"links": [{"rel": "up"}]})
    strangers = paypal.account.events[1:]
    # An event without an object in it is none that PayPal's documents know.
    strangers = [event for event in strangers if isinstance(event["resource"], dict)]

    assert [tell(client, paypal, event) for event in strangers] == [200] * 5
    outbox.drain()
    assert state_of(order) == before


@pytest.mark.parametrize("resource", [None, [], "x", 1])
def test_a_message_without_an_object_is_about_nothing(resource):
    event = {"event_type": "PAYMENT.CAPTURE.COMPLETED", "resource": resource}

    assert books.subject_of(event, client=None) == ("", "")


def forgeries(body: bytes, headers: dict[str, str]):
    """Ever other ways in which a message is not the one that PayPal signed."""
    chance = random.Random(1)
    event = json.loads(body)
    while True:
        forged, said = bytearray(body), dict(headers)
        match chance.randrange(8):
            case 0:
                place = chance.randrange(len(forged))
                forged[place] ^= 1 << chance.randrange(7)
            case 1:
                forged = json.dumps({**event, "id": f"WH-{chance.random()}"}).encode()
            case 2:
                forged = body.replace(b"25.00", str(chance.randrange(9999)).encode())
            case 3:
                said[chance.choice(list(said))] = str(chance.random())
            case 4:
                del said[chance.choice(list(said))]
            case 5:
                sign = chance.randbytes(32).hex()
                said["PAYPAL-TRANSMISSION-SIG"] = f"s{sign}"
            case 6:
                said["PAYPAL-CERT-URL"] = f"https://{chance.random()}.example/paypal.com/cert"
            case 7:
                forged = chance.randbytes(chance.randrange(400))
        yield bytes(forged), said


def test_a_thousand_forged_messages_change_nothing(client, paypal, order):
    order_id = approved(client, paypal, order)
    body, headers = paypal.message(paypal.account.events[0])
    # What a forger can reach at most: the shop never takes the body's word, so even an event
    # of a real approval must not be let through.
    before = state_of(order), Outbox.objects.count()
    answers, forged = set(), forgeries(body, headers)

    for _ in range(1_000):
        bad, said = next(forged)
        response = client.post(MESSAGES, bad, content_type="application/json", headers=said)
        answers.add(response.status_code)

    assert answers == {400}
    assert (state_of(order), Outbox.objects.count()) == before
    assert not PaymentEvent.objects.filter(direction=PaymentEvent.Direction.MESSAGE).exists()
    assert paypal.account.orders[order_id]["status"] == "APPROVED"
    assert tell(client, paypal, paypal.account.events[0]) == 200
    # Bytes that were changed on the way are no question that PayPal's documents allow.
    paypal.violations.clear()


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def at_once(paypal, monkeypatch) -> FakePayPal:
    """The same PayPal, without the network in between."""

    def call(transport: Transport, request: Request):
        headers = {"paypal-request-id": request.idempotency_key}
        reply = paypal._once(Received(request.method, request.path, headers, request.content))
        if reply.status >= 400:
            raise PayPalRefusedError(issue_of(reply.body), reply.status, reply.body)
        return reply.body

    monkeypatch.setattr(Transport, "call", call)
    return paypal


def deliver(paypal: FakePayPal, event: dict) -> None:
    """One message, and what a worker then does about it, which a repeated one is not owed."""
    if messages.store("paypal", gateway("paypal").read_message(*paypal.message(event))):
        kept = PaymentEvent.objects.get(event_id=event["id"])
        messages.work_off(Outbox.objects.get(key=f"message:{kept.pk}"))


STEPS = ("approve", "complete", "refund", *["look"] * 2, *["deliver"] * 5)
SEQUENCES = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 9)), max_size=9)


@pytest.mark.once
@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_order_messages_come_in_the_books_say_the_same_in_the_end(
    client, at_once, order, data
):
    """Approved, taken pending, completed, refunded in two parts by hand; told of in any order.

    At any moment in between somebody may look (the shopper who comes back, the clock), and any
    message may come again.
    """
    paypal = at_once
    paypal.account.capture_status = "PENDING"
    if not paypal.account.orders:
        go_to_paypal(client, order)
    (order_id,) = paypal.account.orders
    _forget_all_but_the_order(paypal, order_id)
    with taken_back():
        todo = ["approve", "complete", "refund 5.00", "refund 2.50"]
        for step, number in data.draw(SEQUENCES):
            _do(step, number, paypal, order_id, todo)
        while todo:
            _go_on(paypal, order_id, todo)
        for event in data.draw(st.permutations(paypal.account.events)):
            deliver(paypal, event)

        state = state_of(order)
        kept = PaymentEvent.objects.filter(direction=PaymentEvent.Direction.MESSAGE)
        assert kept.count() == len(paypal.account.events)
    assert state == {
        **paid_once(TOTAL),
        "money": Order.Money.PARTLY_REFUNDED,
        "refunded": Decimal("7.50"),
        "refunds": [Decimal("2.50"), Decimal("5.00")],
        "mails": {outbox.PAYMENT_RECEIVED: 1, outbox.ORDER_REFUNDED: 2},
    }


def _do(step: str, number: int, paypal, order_id: str, todo: list[str]) -> None:
    events = paypal.account.events
    if step == "deliver" and events:
        deliver(paypal, events[number % len(events)])
    elif step == "look":
        gateway("paypal").settle(Payment.objects.get(reference=order_id))
    elif todo and todo[0].startswith(step):
        _go_on(paypal, order_id, todo)


def _go_on(paypal, order_id: str, todo: list[str]) -> None:
    """The next thing that is so at PayPal."""
    step = todo.pop(0)
    if step == "approve":
        paypal.account.approve(order_id)
        return
    if not paypal.account.captures:
        gateway("paypal").settle(Payment.objects.get(reference=order_id))
    (capture_id,) = paypal.account.captures
    if step == "complete":
        paypal.account.end_capture(capture_id, "COMPLETED")
    else:
        amount = {"currency_code": "EUR", "value": step.removeprefix("refund ")}
        paypal.account.refund(capture_id, {"amount": amount})


def _forget_all_but_the_order(paypal: FakePayPal, order_id: str) -> None:
    account = paypal.account
    account.orders[order_id]["status"] = "PAYER_ACTION_REQUIRED"
    for kept in (account.captures, account.refunds, account.events, paypal._answered):
        kept.clear()
