"""What the desk does with an order: each action once, for whoever was first, in the books."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.tests.factories import make_page, make_sku
from orders import events, outbox, states
from orders.models import Order, Payment, Refund, Shipment
from orders.payments import paying
from orders.tests.desk_orders import State, address, an_order, do, last_event, on_hand, posted, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _by_somebody_who_may_do_anything(editor):
    pass


def test_money_on_the_bank_account_makes_an_order_paid(client, editor):
    order = an_order()

    response = do(
        client, order, "pay", amount="25.00", received=timezone.localdate(), note="Ref 17"
    )

    assert (order.state, order.amount_paid) == (State.PAID, Decimal(25))
    assert order.payments.get().state == Payment.State.CAPTURED
    event = last_event(order)
    assert event.text == f"Received on {timezone.localdate():%Y-%m-%d}. Ref 17"
    assert event.user == editor
    assert "The payment is in the books." in said(response)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount": "24.99"}, "amount"),
        ({"amount": "1e9"}, "amount"),
        ({"amount": "-25"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"received": "yesterday"}, "received"),
        ({"received": (timezone.localdate() + timedelta(days=2)).isoformat()}, "received"),
    ],
)
def test_what_is_not_the_whole_money_leaves_an_order_unpaid(client, typed, field):
    order = an_order()
    typed = {"amount": "25.00", "received": timezone.localdate(), "note": "Ref 17", **typed}

    response = do(client, order, "pay", **typed)

    assert field in response.context["form"].errors
    assert "Ref 17" in response.content.decode()
    assert (order.state, order.amount_paid) == (State.PENDING, 0)


def test_who_chose_another_way_can_send_money_to_the_bank_all_the_same(client):
    order = an_order()
    Payment.objects.update(gateway="paypal")

    do(client, order, "pay", amount="25.00", received=timezone.localdate())

    assert order.state == State.PAID
    assert {one.gateway: one.state for one in order.payments.all()} == {
        "paypal": Payment.State.NEW,
        "bank_transfer": Payment.State.CAPTURED,
    }


def test_an_order_goes_its_whole_way(client):
    order = an_order(State.PAID)

    do(client, order, "pack", reason="Two boxes")
    assert order.state == State.PACKED
    assert last_event(order).text == "Two boxes"
    do(
        client,
        order,
        "ship",
        carrier="Post",
        tracking_number="RR1",
        tracking_url="https://post.example/RR1",
    )
    assert order.state == State.SHIPPED
    parcel = order.shipments.get()
    assert (parcel.carrier, parcel.tracking_number) == ("Post", "RR1")
    assert parcel.tracking_url == "https://post.example/RR1"
    do(client, order, "deliver")

    assert order.state == State.DELIVERED
    assert order.outbox.filter(kind=outbox.ORDER_SHIPPED).count() == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://post.example/1", "http://"])
def test_a_parcel_is_followed_on_the_web_only(client, url):
    order = an_order(State.PACKED)

    response = do(client, order, "ship", carrier="Post", tracking_url=url)

    assert "tracking_url" in response.context["form"].errors
    assert order.state == State.PACKED
    assert not Shipment.objects.exists()


def test_a_second_click_ships_no_second_parcel(client):
    order = an_order(State.PACKED)
    form = posted(order, carrier="Post")

    client.post(address(order, "ship"), form)
    response = client.post(address(order, "ship"), form, follow=True)

    assert Shipment.objects.count() == 1
    assert "has moved on meanwhile" in said(response)
    assert "shipped" in said(response)


@pytest.mark.parametrize(
    "action",
    ["pay", "pack", "ship", "deliver", "return", "cancel", "refund", "clear-alert", "send-rest"],
)
def test_what_cannot_be_done_any_more_says_so(client, action):
    order = an_order(State.EXPIRED)
    if action in {"pay", "cancel"}:
        states.advance(order, State.CANCELLED)
        Order.objects.update(paid_at=timezone.now())
    stands = Order.objects.values().get()

    shown = client.get(address(order, action), follow=True)
    sent = do(client, order, action, note="x", amount="25.00", received="2026-01-01")

    for response in (shown, sent):
        assert response.redirect_chain == [(address(order), 302)]
        assert "has moved on meanwhile" in said(response)
    assert Order.objects.values().get() == stands


def test_returned_goods_go_back_on_the_shelf_as_many_as_can_be_sold(client):
    tee, mug = (make_sku(make_page(name), name, price="10.00", on_hand=5) for name in ("T", "M"))
    order = an_order(State.SHIPPED, quantities={tee: 3, mug: 1})
    lines = {item.sku_code: item for item in order.items.all()}

    do(client, order, "return", **{f"restock_{lines['T'].pk}": 2}, reason="One is torn")

    assert order.state == State.RETURNED
    assert (on_hand(tee), on_hand(mug)) == (4, 4)
    lines["T"].refresh_from_db()
    assert lines["T"].restocked == 2


def test_no_more_goes_back_on_the_shelf_than_was_taken(client):
    order = an_order(State.SHIPPED)
    item = order.items.get()

    response = do(client, order, "return", **{f"restock_{item.pk}": 3})

    assert response.context["form"].errors[f"restock_{item.pk}"] == ["No more than 2."]
    assert order.state == State.SHIPPED


@pytest.mark.parametrize(("restock", "left"), [("on", 10), ("", 8)])
def test_a_cancelled_order_gives_goods_and_money_back(client, restock, left):
    order = an_order(State.PAID)
    sku = order.items.get().sku

    do(client, order, "cancel", restock=restock, refund="on", reason="Out of the way")

    assert order.state == State.CANCELLED
    assert on_hand(sku) == left
    assert order.amount_refunded == 25
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason) == (25, "Out of the way")
    assert [(part.quantity, part.amount) for part in refund.items.all()] == [(2, 25)]


def test_money_is_kept_where_that_is_wanted(client):
    order = an_order(State.PAID)

    do(client, order, "cancel", restock="on")

    assert order.state == State.CANCELLED
    assert not Refund.objects.exists()


def test_an_order_that_was_paid_twice_gives_both_back(client):
    order = an_order(State.PAID)
    again = paying.new_payment(order, "bank_transfer")
    Payment.objects.filter(pk=again.pk).update(
        state=Payment.State.CAPTURED, captured_at=timezone.now()
    )
    Order.objects.update(amount_paid=50)

    do(client, order, "cancel", restock="on", refund="on")

    assert order.amount_refunded == 50
    assert {refund.payment_id for refund in Refund.objects.all()} == set(
        order.payments.values_list("pk", flat=True)
    )


def test_a_warning_is_settled_with_a_note(client, editor):
    order = an_order(State.PAID)
    events.alert(order, "It was paid twice.")

    assert "It was paid twice." in client.get(address(order)).content.decode()
    do(client, order, "clear-alert", note="Sent back")

    assert order.alert == ""
    event = last_event(order)
    assert (event.text, event.user) == ("It was paid twice. → Sent back", editor)


def test_a_warning_that_came_meanwhile_is_not_settled_unseen(client):
    order = an_order(State.PAID)
    events.alert(order, "One")
    form = posted(order, note="Done")
    events.alert(order, "Two")

    client.post(address(order, "clear-alert"), form)

    order.refresh_from_db()
    assert order.alert == "Two"


def test_a_note_is_written_once_and_stays(client, editor):
    order = an_order()

    do(client, order, "note", note="Wants <b>blue</b> paper")

    event = last_event(order)
    assert (event.kind, event.text, event.user) == ("note", "Wants <b>blue</b> paper", editor)
    assert "Wants &lt;b&gt;blue&lt;/b&gt; paper" in client.get(address(order)).content.decode()


def test_a_second_click_writes_no_second_note_and_a_late_one_is_not_lost(client):
    order = an_order(State.PAID)
    form = posted(order, note="Call back")
    states.advance(order, State.PACKED)

    for _click in range(2):
        client.post(address(order, "note"), form)

    assert [event.text for event in order.events.filter(kind="note")] == ["Call back"]


def test_an_empty_note_is_none(client):
    order = an_order()
    before = order.events.count()

    response = do(client, order, "note", note="  ")

    assert "note" in response.context["form"].errors
    assert order.events.count() == before
