"""Money that goes back by Stripe: asked for at the desk, or at Stripe itself."""

import json
from collections.abc import Generator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from orders.models import Order, Outbox, Refund
from orders.payments import paying, refunds
from orders.tests.fakes.stripe import FakeStripe
from orders.tests.fakes.stripe_shop import (
    an_order,
    come_back,
    go_to_stripe,
    payment_of,
    press,
    stripe_shop,
    tell,
    tell_all,
    work_on_money,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stripe(settings: Settings) -> Generator[FakeStripe, None, None]:
    with stripe_shop(settings) as server:
        yield server


@pytest.fixture
def paid(client, stripe) -> Order:
    """An order of 59.90 euro that was paid at Stripe."""
    order = an_order()
    come_back(client, press(go_to_stripe(client, order), "pay"))
    order.refresh_from_db()
    return order


def refund_at_stripe(stripe: FakeStripe, cents: int, **metadata: str) -> dict:
    (intent,) = stripe.account.intents
    params = {"payment_intent": intent, "amount": str(cents), "metadata": metadata}
    return stripe.account.create_refund(params)


def amount_refunded(order: Order) -> Decimal:
    order.refresh_from_db()
    return order.amount_refunded


def test_a_part_goes_back_once_under_the_name_stripe_gave_it(stripe, paid):
    refund = refunds.ask(paid, Decimal("9.90"), reason="scratched")
    work_on_money()
    work_on_money()

    refund.refresh_from_db()
    (made,) = stripe.account.refunds.values()
    assert (made["amount"], made["metadata"]["refund"]) == (990, str(refund.key))
    assert (refund.state, refund.reference) == (Refund.State.DONE, made["id"])
    assert amount_refunded(paid) == Decimal("9.90")


def test_all_of_it_may_go_back_in_parts(stripe, paid):
    for part in ("20.00", "39.90"):
        refunds.ask(paid, Decimal(part))
        work_on_money()

    (charge,) = stripe.account.charges.values()
    assert charge["refunded"]
    assert amount_refunded(paid) == Decimal("59.90")


def test_what_stripe_tells_of_our_own_refund_is_no_second_one(client, stripe, paid):
    refunds.ask(paid, Decimal("9.90"))
    work_on_money()

    tell_all(client, stripe)

    assert paid.refunds.count() == 1
    assert amount_refunded(paid) == Decimal("9.90")


def test_a_refund_is_made_once_though_stripe_has_forgotten_its_key(stripe, paid):
    refunds.ask(paid, Decimal("9.90"))
    stripe.drop_replies(3, on="POST /v1/refunds")
    work_on_money()
    assert paid.refunds.get().state == Refund.State.WAITING
    assert len(stripe.account.refunds) == 1

    stripe.answers.clear()
    Outbox.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    work_on_money()

    assert len(stripe.account.refunds) == 1
    assert paid.refunds.get().state == Refund.State.DONE


def test_a_refund_made_at_stripe_comes_into_the_books_once(client, stripe, paid):
    made = refund_at_stripe(stripe, 500)

    for _ in range(3):
        tell_all(client, stripe)
        paying.settle(payment_of(paid))

    refund = paid.refunds.get()
    assert (refund.amount, refund.reference) == (Decimal("5.00"), made["id"])
    assert amount_refunded(paid) == Decimal("5.00")


def test_one_word_about_a_refund_is_enough(client, stripe, paid):
    refund_at_stripe(stripe, 500)
    (event,) = [one for one in stripe.account.events if one["type"] == "refund.created"]
    assert event["data"]["object"]["metadata"] == {}

    tell(client, *stripe.sign(json.dumps(event).encode()))
    work_on_money()

    assert amount_refunded(paid) == Decimal("5.00")


def test_metadata_of_somebody_else_does_not_disturb(client, stripe, paid):
    refund_at_stripe(stripe, 500, refund="it was scratched")

    tell_all(client, stripe)

    assert amount_refunded(paid) == Decimal("5.00")


def test_a_refund_that_stripe_refuses_does_not_count_and_somebody_looks(stripe, paid):
    refund_at_stripe(stripe, 5990)
    refund = refunds.ask(paid, Decimal("9.90"))

    work_on_money()

    refund.refresh_from_db()
    paid.refresh_from_db()
    assert refund.state == Refund.State.FAILED
    assert "already been refunded" in refund.failure
    assert paid.alert


def test_a_refund_whose_metadata_names_ours_and_failed_is_refused(stripe, paid):
    refund = refunds.ask(paid, Decimal("9.90"))
    made = refund_at_stripe(stripe, 990, refund=str(refund.key))
    stripe.account.finish_refund(made["id"], "failed")

    work_on_money()

    refund.refresh_from_db()
    assert refund.state == Refund.State.FAILED
    assert amount_refunded(paid) == 0


def test_a_refund_that_the_shoppers_bank_sends_back_days_later_no_longer_counts(
    client, stripe, paid
):
    refund = refunds.ask(paid, Decimal("9.90"))
    work_on_money()
    refund.refresh_from_db()

    stripe.account.finish_refund(refund.reference, "failed")
    tell_all(client, stripe)
    tell_all(client, stripe)

    refund.refresh_from_db()
    assert refund.state == Refund.State.FAILED
    assert amount_refunded(paid) == 0
    assert paid.alert


def test_an_order_paid_after_it_was_cancelled_gets_its_money_back(client, stripe):
    order = an_order()
    address = go_to_stripe(client, order)
    client.post(f"{order.get_absolute_url()}cancel/")
    press(address, "pay")

    tell_all(client, stripe)

    order.refresh_from_db()
    (charge,) = stripe.account.charges.values()
    assert order.state == Order.State.CANCELLED
    assert charge["refunded"]
    assert order.amount_refunded == order.amount_paid == Decimal("59.90")
