"""Pieces that were sold before they were there: put in, sent later, or owed no more."""

import pytest

from catalog import stock
from catalog.models import Stock, StockMovement
from catalog.tests.factories import make_page, make_sku
from orders import outbox
from orders.desk.next_steps import advice
from orders.desk.parcels import SendRestView
from orders.desk.shipping import send_rest
from orders.models import Order, Shipment
from orders.tests.desk_orders import (
    State,
    address,
    an_order,
    do,
    last_event,
    member_of,
    on_hand,
    posted,
    said,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _by_somebody_who_may_do_anything(editor):
    pass


@pytest.fixture
def lamp():
    """One is on hand; more are sold all the same."""
    sell_on = Stock.WhenSoldOut.SELL_ON
    return make_sku(make_page("Lamp"), "LAMP", price="10.00", on_hand=1, when_sold_out=sell_on)


@pytest.fixture
def order_in(lamp):
    """Three lamps in an order in some state, of which two are owed."""
    return lambda state: an_order(state, quantities={lamp: 3})


def receive(sku, count):
    stock.adjust({sku: count}, reason=StockMovement.Reason.RECEIVED)


def now(order, count):
    return {f"now_{order.items.get().pk}": count}


def owed(order) -> int:
    return order.items.get().back_ordered


@pytest.mark.parametrize("state", [State.SHIPPED, State.DELIVERED])
def test_what_was_owed_is_sent_in_a_parcel_of_its_own(client, editor, lamp, order_in, state):
    order = order_in(state)
    receive(lamp, 5)

    do(client, order, "send-rest", **now(order, 2), carrier="Post", tracking_number="RR2")

    assert (owed(order), on_hand(lamp), order.state) == (0, 3, state)
    parcel = order.shipments.get()
    assert (parcel.carrier, parcel.tracking_number, parcel.user) == ("Post", "RR2", editor)
    movement = StockMovement.objects.latest("pk")
    assert (movement.quantity, movement.reason) == (-2, StockMovement.Reason.ORDER)
    assert (movement.reference, movement.user) == (order.number, editor)
    assert (last_event(order).text, last_event(order).user) == ("Owed no longer: 2 × LAMP", editor)
    mails = order.outbox.filter(kind=outbox.ORDER_SHIPPED).order_by("pk")
    assert [row.payload for row in mails] == [{}, {"shipment": parcel.pk}]


def test_what_is_there_of_it_is_offered_and_the_rest_stays_owed(client, lamp, order_in):
    order = order_in(State.SHIPPED)
    receive(lamp, 1)

    form = client.get(address(order, "send-rest")).context["form"]
    assert form[f"now_{order.items.get().pk}"].value() == 1
    do(client, order, "send-rest", **now(order, 1))

    assert (owed(order), on_hand(lamp)) == (1, 0)


@pytest.mark.parametrize(("count", "field"), [(2, "now"), (3, "now"), (0, None), (-1, "now")])
def test_no_more_is_sent_than_is_owed_and_on_hand(client, lamp, order_in, count, field):
    order = order_in(State.SHIPPED)
    receive(lamp, 1)
    mails = order.outbox.count()

    response = do(client, order, "send-rest", **now(order, count), carrier="Post")

    wrong = f"now_{order.items.get().pk}" if field else "__all__"
    assert list(response.context["form"].errors) == [wrong]
    assert 'value="Post"' in response.content.decode()
    assert (owed(order), on_hand(lamp), order.outbox.count()) == (2, 1, mails)
    assert not Shipment.objects.exists()


def test_a_second_click_sends_no_second_parcel(client, lamp, order_in):
    order = order_in(State.SHIPPED)
    receive(lamp, 5)
    form = posted(order, **now(order, 1))

    client.post(address(order, "send-rest"), form)
    response = client.post(address(order, "send-rest"), form, follow=True)

    assert "has moved on meanwhile" in said(response)
    assert (Shipment.objects.count(), owed(order), on_hand(lamp)) == (1, 1, 4)


def test_who_is_overtaken_while_the_form_is_read_is_told_so(
    client, editor, lamp, order_in, monkeypatch
):
    order = order_in(State.SHIPPED)
    receive(lamp, 5)
    form = posted(order, **now(order, 2))
    read = SendRestView.get_form

    def overtaken(view, form_class=None):
        send_rest(order, {order.items.get().pk: 2}, user=editor)
        return read(view, form_class)

    monkeypatch.setattr(SendRestView, "get_form", overtaken)
    response = client.post(address(order, "send-rest"), form, follow=True)

    assert "has moved on meanwhile" in said(response)
    assert (Shipment.objects.count(), owed(order), on_hand(lamp)) == (1, 0, 3)


def test_pieces_of_a_sku_that_is_gone_are_taken_off_no_stock(client, lamp, order_in):
    order = order_in(State.SHIPPED)
    lamp.product.pages.get().delete()
    lamp.delete()

    do(client, order, "send-rest", **now(order, 2))

    assert (owed(order), Shipment.objects.count()) == (0, 1)


@pytest.mark.parametrize("is_paid", [True, False])
def test_what_has_come_meanwhile_is_packed_with_the_rest(client, lamp, order_in, is_paid):
    order = order_in(State.PAID if is_paid else State.PENDING)
    Order.objects.update(is_sent_unpaid=True)
    receive(lamp, 5)

    page = client.get(address(order, "pack"))
    assert "the others stay owed" in page.content.decode()
    assert page.context["form"][f"now_{order.items.get().pk}"].value() == 2
    do(client, order, "pack", **now(order, 2))

    assert (order.state, owed(order), on_hand(lamp)) == (State.PACKED, 0, 3)
    assert [event.text for event in order.events.filter(kind="note")] == [
        "Owed no longer: 2 × LAMP"
    ]


def test_what_is_not_there_is_packed_by_nobody(client, lamp, order_in):
    order = order_in(State.PAID)
    receive(lamp, 1)

    response = do(client, order, "pack", **now(order, 2))

    assert f"now_{order.items.get().pk}" in response.context["form"].errors
    assert (order.state, owed(order), on_hand(lamp)) == (State.PAID, 2, 1)


def test_what_stays_out_of_the_parcel_stays_owed(client, lamp, order_in):
    order = order_in(State.PAID)

    do(client, order, "pack")

    assert (order.state, owed(order)) == (State.PACKED, 2)


def test_an_order_that_owes_nothing_is_packed_without_a_word_about_it(client):
    order = an_order(State.PAID)

    html = client.get(address(order, "pack")).content.decode()

    assert "owed" not in html.lower()


def test_what_was_put_in_goes_back_on_the_shelf_with_the_rest(client, lamp, order_in):
    order = order_in(State.PAID)
    receive(lamp, 1)
    do(client, order, "pack", **now(order, 1))

    do(client, order, "cancel", restock="on")

    assert on_hand(lamp) == 2


@pytest.mark.parametrize("state", [State.RETURNED, State.CANCELLED, State.EXPIRED])
def test_an_order_that_came_back_or_to_nothing_owes_nothing(client, lamp, order_in, state):
    order = order_in(state)
    receive(lamp, 5)

    response = do(client, order, "send-rest", **now(order, 2))

    assert "has moved on meanwhile" in said(response)
    assert not Shipment.objects.exists()
    assert "on back order" not in client.get(address(order)).content.decode()
    assert "on back order" not in client.get(order.get_absolute_url()).content.decode()


def test_orders_that_owe_something_are_found(client, lamp, order_in):
    owing, gone, sent = order_in(State.SHIPPED), order_in(State.CANCELLED), an_order(State.PAID)

    def listed(answer):
        return set(client.get("/admin/orders/", {"owing": answer}).context["object_list"])

    assert listed("yes") == {owing}
    assert listed("no") == {gone, sent}


def test_the_desk_is_told_what_is_left_to_do_as_long_as_something_is_owed(client, lamp, order_in):
    order = order_in(State.DELIVERED)

    page = client.get(address(order))
    assert page.context["primary"].url == address(order, "send-rest")
    assert "still owed" in advice(order)
    receive(lamp, 2)
    do(client, order, "send-rest", **now(order, 2))

    assert "still owed" not in advice(Order.objects.get(pk=order.pk))
    assert address(order, "send-rest") not in client.get(address(order)).content.decode()


@pytest.mark.parametrize(("role", "may"), [("Fulfilment", True), ("Marketer", False)])
def test_who_sends_what_was_owed(client, lamp, order_in, role, may):
    order = order_in(State.SHIPPED)
    receive(lamp, 2)
    client.force_login(member_of(role))

    client.post(address(order, "send-rest"), posted(order, **now(order, 2)))

    assert Shipment.objects.exists() is may
