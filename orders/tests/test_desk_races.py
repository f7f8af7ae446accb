"""Two desks at the same order in the same moment, on connections of their own."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from catalog import stock
from catalog.models import Stock, StockMovement
from catalog.tests.factories import make_sku
from orders import states
from orders.desk import actions
from orders.models import Order, OrderEvent, Refund, Shipment
from orders.tests.desk_orders import State, address, an_order, on_hand, posted
from orders.tests.test_races import race

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

DESKS = 6


@pytest.fixture
def desks():
    """Clients of one who may do anything, each with a session."""
    user = get_user_model().objects.create_superuser("desk", "desk@example.com", "secret")
    clients = [Client(raise_request_exception=False) for _number in range(DESKS)]
    for client in clients:
        client.force_login(user)
    return clients


def all_send(desks, order, action, **typed):
    form = posted(order, **typed)
    answers = race(lambda at: desks[at].post(address(order, action), form), DESKS)
    assert [answer.status_code for answer in answers] == [302] * DESKS, answers


def test_money_goes_back_once(desks):
    order = an_order(State.PAID)

    all_send(desks, order, "refund", amount="5.00", agreed="1")

    order.refresh_from_db()
    assert Refund.objects.count() == 1
    assert order.amount_refunded == 5


def test_without_the_comparison_money_goes_back_as_often_as_somebody_clicks(desks, monkeypatch):
    """The control: the same race, with what was seen not compared."""
    monkeypatch.setattr(actions.OrderActionView, "needs_fresh_look", False)
    order = an_order(State.PAID)
    form = posted(order, amount="1.00", agreed="1")

    race(lambda at: desks[at].post(address(order, "refund"), form), DESKS)

    assert Refund.objects.count() > 1


def test_one_parcel_is_sent(desks):
    order = an_order(State.PACKED)

    all_send(desks, order, "ship", carrier="Post")

    assert Shipment.objects.count() == 1
    assert OrderEvent.objects.filter(to_state=State.SHIPPED).count() == 1


def owing_order(lamp):
    """Two lamps, of which at least one was not there."""
    return an_order(State.SHIPPED, quantities={lamp: 2})


def a_lamp(on_hand):
    return make_sku(on_hand=on_hand, when_sold_out=Stock.WhenSoldOut.SELL_ON)


def test_what_was_owed_is_sent_once(desks):
    lamp = a_lamp(1)
    order = owing_order(lamp)
    stock.adjust({lamp: 5}, reason=StockMovement.Reason.RECEIVED)

    all_send(desks, order, "send-rest", **{f"now_{order.items.get().pk}": 1})

    assert Shipment.objects.count() == 1
    assert (order.items.get().back_ordered, on_hand(lamp)) == (0, 4)


def test_the_last_piece_is_sent_to_one_of_those_who_are_owed_it(desks):
    lamp = a_lamp(0)
    orders = [owing_order(lamp) for _desk in desks]
    stock.adjust({lamp: 1}, reason=StockMovement.Reason.RECEIVED)
    lines = [order.items.get() for order in orders]
    forms = [
        posted(order, **{f"now_{line.pk}": 1}) for order, line in zip(orders, lines, strict=True)
    ]

    race(lambda at: desks[at].post(address(orders[at], "send-rest"), forms[at]), DESKS)

    assert Shipment.objects.count() == 1
    assert on_hand(lamp) == 0


def test_an_order_is_packed_or_cancelled_never_both(desks):
    order = an_order(State.PAID)
    item = order.items.get()
    form = posted(order, restock="on", refund="on")
    ends = ["pack", "cancel"] * (DESKS // 2)

    answers = race(lambda at: desks[at].post(address(order, ends[at]), form), DESKS)

    assert [answer.status_code for answer in answers] == [302] * DESKS, answers
    order, item = Order.objects.get(), type(item).objects.get()
    assert order.events.filter(to_state__in=[State.PACKED, State.CANCELLED]).count() == 1
    if order.state == State.CANCELLED:
        assert (item.restocked, order.amount_refunded) == (2, 25)
    else:
        assert (order.state, item.restocked, order.amount_refunded) == (State.PACKED, 0, 0)
        assert State.SHIPPED in states.may_follow(order)
