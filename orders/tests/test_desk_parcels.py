"""Parcels that have left: how they are followed, and what is sent after them."""

from datetime import UTC, datetime

import pytest

from catalog import stock
from catalog.models import Stock, StockMovement
from catalog.tests.factories import make_page, make_sku
from orders.documents.seller import seller
from orders.documents.slips import slip_of_parcel
from orders.models import OrderEvent, OrderSettings, Shipment
from orders.tests.desk_orders import State, address, an_order, do, last_event, posted, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _by_somebody_who_may_do_anything(editor):
    pass


def tracking(parcel: Shipment) -> str:
    return f"shipments/{parcel.pk}"


@pytest.mark.parametrize("state", [State.SHIPPED, State.DELIVERED])
def test_a_tracking_number_that_comes_late_is_added_and_stands_in_the_timeline(
    client, editor, state
):
    order = an_order(state)
    parcel = Shipment.objects.create(order=order, carrier="Post")
    mails = order.outbox.count()

    page = client.get(address(order)).content.decode()
    assert address(order, tracking(parcel)) in page
    assert 'value="Post"' in client.get(address(order, tracking(parcel))).content.decode()
    do(client, order, tracking(parcel), carrier="Courier", tracking_number="RR1")

    parcel.refresh_from_db()
    assert (parcel.carrier, parcel.tracking_number) == ("Courier", "RR1")
    event = last_event(order)
    assert (event.kind, event.user) == (OrderEvent.Kind.NOTE, editor)
    assert event.text.splitlines() == ["Carrier: Post → Courier", "Tracking number: – → RR1"]
    assert order.outbox.count() == mails


def test_tracking_that_stays_as_it_is_leaves_no_line_in_the_timeline(client):
    order = an_order(State.SHIPPED)
    parcel = Shipment.objects.create(order=order, carrier="Post")
    events = order.events.count()

    do(client, order, tracking(parcel), carrier="Post")

    assert order.events.count() == events


def test_two_desks_do_not_overwrite_each_others_tracking(client):
    order = an_order(State.SHIPPED)
    parcel = Shipment.objects.create(order=order)
    mine, theirs = (posted(order, carrier="Post", tracking_number=one) for one in ("M", "T"))

    client.post(address(order, tracking(parcel)), theirs)
    response = client.post(address(order, tracking(parcel)), mine, follow=True)

    parcel.refresh_from_db()
    assert parcel.tracking_number == "T"
    assert "has moved on meanwhile" in said(response)


def test_the_parcel_of_another_order_is_not_found(client):
    order, other = an_order(State.SHIPPED), an_order(State.SHIPPED)
    parcel = Shipment.objects.create(order=other)

    assert client.get(address(order, tracking(parcel))).status_code == 404
    assert client.post(address(order, tracking(parcel)), posted(order)).status_code == 404


def test_a_parcel_that_came_back_is_not_followed_any_more(client):
    order = an_order(State.RETURNED)
    parcel = Shipment.objects.create(order=order)

    response = do(client, order, tracking(parcel), carrier="Post")

    assert "has moved on meanwhile" in said(response)
    assert tracking(parcel) not in client.get(address(order)).content.decode()


@pytest.mark.parametrize(
    ("carrier", "number", "sentence"),
    [
        ("Post", "RR1", "Sent with Post, parcel RR1."),
        ("Post", "", "Sent with Post."),
        ("", "RR1", "Sent as parcel RR1."),
        ("", "", "Sent on Jan. 2, 2026."),
    ],
)
def test_the_shopper_reads_as_much_of_a_parcel_as_is_known(client, carrier, number, sentence):
    order = an_order(State.SHIPPED)
    moment = datetime(2026, 1, 2, 12, tzinfo=UTC)
    Shipment.objects.create(order=order, carrier=carrier, tracking_number=number, created=moment)

    assert sentence in client.get(order.get_absolute_url()).content.decode()


def test_each_parcel_has_a_slip_of_what_lies_in_it(client):
    lamp = make_sku(make_page("Lamp"), "LAMP", on_hand=1, when_sold_out=Stock.WhenSoldOut.SELL_ON)
    order = an_order(State.PACKED, quantities={lamp: 3})
    item = order.items.get()
    do(client, order, "ship", carrier="Post")
    stock.adjust({lamp: 2}, reason=StockMovement.Reason.RECEIVED)
    do(client, order, "send-rest", **{f"now_{item.pk}": 2})
    first, second = order.shipments.all()

    assert [part.quantity for part in first.contents.all()] == [1]
    assert [part.quantity for part in second.contents.all()] == [2]
    page = client.get(address(order)).content.decode()
    for parcel in (first, second):
        path = f"shipments/{parcel.pk}/slip"
        assert address(order, path) in page
        assert client.get(address(order, path))["Content-Type"] == "application/pdf"
    made = slip_of_parcel(second, "DE", seller(OrderSettings.load()))
    assert [(line.quantity, line.back_ordered) for line in made.lines] == [(2, 0)]


def test_the_slip_of_a_parcel_is_not_had_through_another_order_or_without_contents(client):
    order, other = an_order(State.PACKED), an_order(State.PACKED)
    do(client, order, "ship")
    parcel = order.shipments.get()
    empty = Shipment.objects.create(order=order)

    assert client.get(address(other, f"shipments/{parcel.pk}/slip")).status_code == 404
    assert client.get(address(order, f"shipments/{empty.pk}/slip")).status_code == 404
    client.logout()
    assert client.get(address(order, f"shipments/{parcel.pk}/slip")).status_code == 302
