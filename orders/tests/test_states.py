"""The life of an order: what may follow what, who wrote it, and what goes back on the shelf."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from catalog import stock
from catalog.models import Stock
from catalog.tests.factories import make_page, make_sku
from orders import states
from orders.models import Order, OrderEvent, OrderSettings, Outbox
from orders.payments import overdue
from orders.tests.factories import order_for, paid

pytestmark = pytest.mark.django_db
State = Order.State
ALLOWED = {
    (State.PENDING, State.PAID),
    (State.PENDING, State.CANCELLED),
    (State.PENDING, State.EXPIRED),
    (State.PAID, State.PACKED),
    (State.PAID, State.CANCELLED),
    (State.PACKED, State.SHIPPED),
    (State.PACKED, State.CANCELLED),
    (State.SHIPPED, State.DELIVERED),
    (State.SHIPPED, State.RETURNED),
    (State.DELIVERED, State.RETURNED),
    (State.EXPIRED, State.PAID),
    (State.EXPIRED, State.CANCELLED),
}


@pytest.fixture
def sku():
    return make_sku(make_page("Dune"), "DUNE", price="20.00", on_hand=5)


def on_hand(sku) -> int:
    return Stock.objects.get(sku=sku).on_hand


def test_only_these_states_may_follow_each_other_and_all_others_raise(sku):
    order = order_for({sku: 1})

    for before, after in product(State, State):
        Order.objects.update(state=before)
        order.items.update(restocked=0)
        if (before, after) in ALLOWED:
            assert states.advance(order, after, by="test").state == after
        else:
            with pytest.raises(states.IllegalTransitionError):
                states.advance(order, after, by="test")
            assert Order.objects.get().state == before


def test_each_step_says_who_when_and_why(sku, editor):
    order = paid(order_for({sku: 1}))

    states.advance(order, State.PACKED, user=editor, reason="Parcel 1 of 1")

    steps = order.events.filter(kind=OrderEvent.Kind.STATE).values_list(
        "from_state", "to_state", "user", "by", "text"
    )
    assert list(steps) == [
        ("", "pending", None, "shopper", ""),
        ("pending", "paid", None, "test", ""),
        ("paid", "packed", editor.pk, "", "Parcel 1 of 1"),
    ]
    assert all(event.created <= timezone.now() for event in order.events.all())


@pytest.mark.parametrize("to", [State.CANCELLED, State.EXPIRED])
def test_an_order_that_comes_to_nothing_gives_its_stock_back_once(sku, to):
    order = order_for({sku: 3})
    assert on_hand(sku) == 2

    states.advance(order, to, by="test")
    with pytest.raises(states.IllegalTransitionError):
        states.advance(order, to, by="test")

    assert on_hand(sku) == 5
    assert sum(sku.movements.values_list("quantity", flat=True)) == 5


def test_a_cancelled_order_keeps_its_goods_off_the_shelf_where_asked(sku):
    order = order_for({sku: 3})

    states.advance(order, State.CANCELLED, by="test", restock=False)

    assert on_hand(sku) == 2


def test_what_was_on_back_order_never_comes_back_as_stock():
    sku = make_sku(on_hand=2, when_sold_out=Stock.WhenSoldOut.SELL_ON)
    order = order_for({sku: 5})

    states.advance(order, State.CANCELLED, by="test")

    assert on_hand(sku) == 2


def test_a_mail_is_owed_for_each_step_the_shopper_hears_of(sku):
    order = paid(order_for({sku: 1}))
    for state in (State.PACKED, State.SHIPPED, State.DELIVERED):
        states.advance(order, state, by="test")

    owed = Outbox.objects.filter(order=order).order_by("pk").values_list("kind", flat=True)
    assert list(owed) == [
        "order_placed",
        "new_order",
        "payment_received",
        "order_packed",
        "order_shipped",
    ]


def test_an_order_on_invoice_is_packed_before_it_is_paid_and_never_expires(sku):
    OrderSettings.objects.create(sends_unpaid=True)
    order = order_for({sku: 1})

    assert order.expires_at is None
    states.advance(order, State.PACKED, by="test")
    order = paid(order)

    assert (order.state, order.money) == (State.PACKED, Order.Money.PAID)


def test_what_is_only_downloaded_is_delivered_without_being_packed():
    sku = make_sku(on_hand=5)
    type(sku.product).objects.update(is_digital=True)
    order = paid(order_for({sku: 1}))

    assert State.PACKED not in states.may_follow(order)
    assert states.advance(order, State.DELIVERED, by="test").state == State.DELIVERED


def test_an_unpaid_order_expires_when_its_time_is_over_and_not_before(sku):
    order = order_for({sku: 3})
    hours = OrderSettings.load().unpaid_hours
    assert order.expires_at == order.created + timedelta(hours=hours)

    assert overdue.expire_due(order.expires_at - timedelta(seconds=1)) == 0
    assert overdue.expire_due(order.expires_at) == 1
    assert overdue.expire_due(order.expires_at) == 0

    order.refresh_from_db()
    assert (order.state, on_hand(sku)) == (State.EXPIRED, 5)
    assert Outbox.objects.filter(kind="order_cancelled").count() == 1


def test_who_left_a_card_page_is_not_told_that_the_order_expired(sku, settings):
    settings.DEBUG = True
    order = order_for({sku: 3}, payment_method="demo_card")
    assert order.expires_at == order.created + timedelta(minutes=60)

    assert overdue.expire_due(order.expires_at) == 1

    assert not Outbox.objects.filter(kind="order_cancelled").exists()


def test_a_paid_order_does_not_expire(sku):
    order = paid(order_for({sku: 3}))

    assert overdue.expire_due(timezone.now() + timedelta(days=365)) == 0
    assert on_hand(sku) == 2
    assert order.state == State.PAID


def test_an_order_that_costs_nothing_is_paid_when_it_is_placed():
    sku = make_sku(price="0.00")

    order = order_for({sku: 1}, payment_method="")

    assert (order.state, order.money) == (State.PAID, Order.Money.PAID)
    assert not order.payments.exists()
    assert not Outbox.objects.filter(kind="payment_received").exists()


def test_stock_that_is_put_back_in_parts_never_exceeds_what_was_taken(sku):
    order = order_for({sku: 3})
    item = order.items.get()

    assert states.put_back(order, {item.pk: 2}) == {item.pk: 2}
    assert states.put_back(order, {item.pk: 2}) == {item.pk: 1}
    assert states.put_back(order) == {}

    assert on_hand(sku) == 5


def test_stock_of_a_sku_that_is_gone_from_the_shop_stops_nothing(sku):
    order = order_for({sku: 1})
    stock.adjust({sku: -4}, reason="adjustment")
    product = sku.product
    product.pages.get().delete()
    sku.delete()

    assert states.advance(order, State.CANCELLED, by="test").state == State.CANCELLED


def test_a_cancellation_is_told_also_where_the_order_had_expired_before(sku):
    order = order_for({sku: 1})
    states.advance(order, State.EXPIRED, by="clock")
    order = paid(order)
    assert order.state == State.PAID

    states.advance(order, State.CANCELLED, by="test")

    told = Outbox.objects.filter(order=order, kind="order_cancelled")
    assert told.count() == 2


def test_cancelling_what_has_expired_tells_nobody_a_second_time(sku):
    order = order_for({sku: 1})
    states.advance(order, State.EXPIRED, by="clock")

    states.advance(order, State.CANCELLED, by="test")

    assert Outbox.objects.filter(order=order, kind="order_cancelled").count() == 1
