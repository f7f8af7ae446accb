"""Which messages are taken for Stripe's."""

import json
import random
import time
from collections.abc import Generator

import pytest

from orders.payments.base import ForgedMessageError
from orders.payments.stripe_checkout.webhooks import verified
from orders.tests.fakes.stripe import FakeStripe

EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "checkout.session.completed",
    "data": {"object": {"id": "cs_1", "object": "checkout.session", "metadata": {}}},
}
SECRETS = ["whsec_new", "whsec_fake"]


@pytest.fixture
def fake() -> Generator[FakeStripe, None, None]:
    with FakeStripe() as server:
        yield server


@pytest.fixture
def message(fake: FakeStripe) -> tuple[bytes, str]:
    """A body that says that something was paid, and its signature."""
    body, headers = fake.sign(json.dumps(EVENT).encode())
    return body, headers["Stripe-Signature"]


def test_a_message_is_read_if_one_of_the_secrets_has_signed_it(message):
    body, signature = message

    event = verified(body, signature, SECRETS)

    assert event == EVENT


@pytest.mark.parametrize("secrets", [[], [""], [" "], ["whsec_of_another_shop"]])
def test_a_message_is_nothing_without_the_right_secret(message, secrets):
    with pytest.raises(ForgedMessageError):
        verified(*message, secrets)


@pytest.mark.parametrize(("age", "is_read"), [(290, True), (310, False), (-60, True)])
def test_an_old_message_is_refused_though_its_signature_is_right(fake, message, age, is_read):
    body, headers = fake.sign(message[0], at=time.time() - age)

    if is_read:
        assert verified(body, headers["Stripe-Signature"], SECRETS)
    else:
        with pytest.raises(ForgedMessageError):
            verified(body, headers["Stripe-Signature"], SECRETS)


@pytest.mark.parametrize("body", [b"", b"[]", b'"event"', b"{}", b'{"object": "charge"}', b"\xff"])
def test_what_is_signed_and_no_event_is_refused(fake, body):
    with pytest.raises(ForgedMessageError):
        verified(body, fake.sign(body)[1]["Stripe-Signature"], SECRETS)


@pytest.mark.parametrize(
    "signature",
    ["", "t=,v1=", "t=1", "v1=é", "t=9999999999,v1=ﬀ", "t=1e3,v1=a", "=,=,=", "t=" + "9" * 5000],
)
def test_a_signature_that_makes_no_sense_is_refused(message, signature):
    with pytest.raises(ForgedMessageError):
        verified(message[0], signature, SECRETS)


def test_a_thousand_changed_messages_are_refused(message):
    body, signature = message
    dice = random.Random(4)
    for _ in range(1000):
        changed, forged = mutated(dice, body, signature)
        with pytest.raises(ForgedMessageError):
            verified(changed, forged, SECRETS)


def mutated(dice: random.Random, body: bytes, signature: str) -> tuple[bytes, str]:
    """The message with one byte of its body, or one letter of what proves it, another."""
    if dice.random() < 0.5:
        place = dice.randrange(len(body))
        return body[:place] + bytes([body[place] ^ dice.randrange(1, 256)]) + body[
            place + 1 :
        ], signature
    place = dice.randrange(len(signature))
    other = dice.choice([letter for letter in "0123456789abcdeftv=," if letter != signature[place]])
    return body, signature[:place] + other + signature[place + 1 :]
