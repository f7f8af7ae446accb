"""Money that a person has to send back: asked for on the order, told to the shopper when sent."""

from decimal import Decimal

import pytest

from orders import outbox
from orders.models import Outbox, Refund
from orders.payments import refunds
from orders.tests.desk_orders import State, address, an_order, do, last_event, member_of, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def refund():
    order = an_order(State.PAID)
    asked = refunds.ask(order, Decimal(5), reason="Late")
    outbox.drain()
    order.refresh_from_db()
    return asked


def told():
    return Outbox.objects.filter(kind=outbox.ORDER_REFUNDED)


def test_the_order_asks_for_the_money_until_somebody_says_that_it_is_sent(client, editor, refund):
    order = refund.order
    order.refresh_from_db()
    assert "€5.00" in order.alert
    assert f"/refunds/{refund.pk}/sent/" in client.get(address(order)).content.decode()
    assert not told().exists()

    do(client, order, f"refunds/{refund.pk}/sent")

    refund.refresh_from_db()
    assert (refund.state, order.alert) == (Refund.State.DONE, "")
    assert told().count() == 1
    assert last_event(order).text == "€5.00 sent by hand"
    assert "/sent/" not in client.get(address(order)).content.decode()


def test_said_twice_it_is_done_and_told_once(client, editor, refund):
    values = posted(refund.order)
    for _click in range(2):
        client.post(address(refund.order, f"refunds/{refund.pk}/sent"), values)

    assert told().count() == 1


@pytest.mark.parametrize("amount", [5, 7])
def test_an_order_asks_for_each_of_two_refunds_until_both_are_sent(client, editor, refund, amount):
    order = refund.order
    second = refunds.ask(order, Decimal(amount))
    outbox.drain()

    do(client, order, f"refunds/{second.pk}/sent")
    assert "€5.00" in order.alert

    again = do(client, order, f"refunds/{second.pk}/sent")
    assert "Nothing was done" in " ".join(map(str, again.context["messages"]))
    assert told().count() == 1

    do(client, order, f"refunds/{refund.pk}/sent")
    assert (order.alert, told().count()) == ("", 2)


def test_cancelling_an_order_that_was_paid_to_the_bank_asks_for_its_money(client, editor):
    order = an_order(State.PAID)
    assert (
        "nobody sends the money back but you"
        in client.get(address(order, "cancel")).content.decode()
    )

    do(client, order, "cancel", refund="on", restock="on")
    outbox.drain()

    order.refresh_from_db()
    assert order.refunds.get().state == Refund.State.WAITING
    assert "€25.00" in order.alert
    assert "Nothing is left to do" not in client.get(address(order)).content.decode()
    assert not told().exists()


def test_who_may_not_refund_does_not_say_that_money_is_sent(client, refund):
    client.force_login(member_of("Fulfilment"))

    answer = client.post(address(refund.order, f"refunds/{refund.pk}/sent"), posted(refund.order))

    refund.refresh_from_db()
    assert answer.status_code in {302, 403}
    assert refund.state == Refund.State.WAITING


def test_what_a_gateway_sends_back_is_not_said_to_be_sent_by_hand(client, editor, settings):
    settings.DEBUG = True
    order = an_order(State.PAID, payment_method="demo_card")
    refund = refunds.ask(order, Decimal(5))

    assert (
        client.post(address(order, f"refunds/{refund.pk}/sent"), posted(order)).status_code == 404
    )
