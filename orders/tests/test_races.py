"""Rivals on connections of their own, each race with a control that shows it when unguarded."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from catalog import listing, stock
from catalog.models import Sku, Stock
from catalog.tests.factories import make_sku
from orders.checkout import CartChangedError
from orders.models import Order, OrderItem, Outbox
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

BUYERS = 24


def race(action, times: int) -> list[object]:
    """Run an action at the same moment in threads; return results, or the error of each."""
    start = threading.Barrier(times)

    def run(number: int) -> object:
        try:
            start.wait(timeout=30)
            return action(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def buy_one(sku: Sku) -> object:
    return order_for({Sku.objects.with_availability().get(pk=sku.pk): 1})


def test_more_buyers_than_units_buy_exactly_what_there_is():
    sku = make_sku(on_hand=5)

    results = race(lambda _: buy_one(sku), BUYERS)

    orders = [result for result in results if isinstance(result, Order)]
    refused = [result for result in results if isinstance(result, CartChangedError)]
    assert (len(orders), len(refused)) == (5, BUYERS - 5), results
    assert Stock.objects.get(sku=sku).on_hand == 0
    assert sku.movements.aggregate(Sum("quantity"))["quantity__sum"] == 0
    assert Order.objects.count() == OrderItem.objects.count() == 5
    assert Outbox.objects.filter(kind="order_placed").count() == 5


@pytest.mark.postgresql
def test_without_the_conditional_update_the_same_race_sells_more(monkeypatch):
    """The control: the shop's own checkout with the guard off, check and then act.

    Only on PostgreSQL: on SQLite each order has the whole database to itself.
    """
    sku = make_sku(on_hand=5)
    all_have_checked = threading.Barrier(BUYERS)

    def take_carelessly(sku: Sku, quantity: int) -> int:
        on_hand = Stock.objects.get(sku=sku).on_hand
        all_have_checked.wait(timeout=30)
        if on_hand < quantity:
            raise stock.OutOfStockError(sku)
        Stock.objects.filter(sku=sku).update(on_hand=on_hand - quantity)
        return quantity

    monkeypatch.setattr(stock, "_take_one", take_carelessly)

    results = race(lambda _: buy_one(sku), BUYERS)

    sold = [result for result in results if isinstance(result, Order)]
    assert len(sold) == BUYERS, results


def test_without_a_transaction_the_same_race_sells_more_on_any_database():
    """The control for SQLite: the same check and act, each step a transaction of its own."""
    sku = make_sku(on_hand=5)
    all_have_checked = threading.Barrier(BUYERS)

    def buy_carelessly(_number: int) -> str:
        on_hand = Stock.objects.get(sku=sku).on_hand
        all_have_checked.wait(timeout=30)
        if on_hand < 1:
            return "refused"
        Stock.objects.filter(sku=sku).update(on_hand=on_hand - 1)
        return "sold"

    assert race(buy_carelessly, BUYERS).count("sold") > 5


def test_one_checkout_sent_many_times_at_once_is_one_order():
    sku = make_sku(on_hand=50)
    token = uuid4()

    results = race(lambda _: order_for({sku: 1}, checkout_token=token), 10)

    assert {result.pk for result in results} == {Order.objects.get().pk}
    assert Outbox.objects.filter(kind="order_placed").count() == 1
    assert Stock.objects.get(sku=sku).on_hand == 49


def test_without_a_common_token_the_same_clicks_are_many_orders():
    """The control: each submit with a token of its own."""
    sku = make_sku(on_hand=50)

    race(lambda _: order_for({sku: 1}, checkout_token=uuid4()), 10)

    assert Order.objects.count() == 10


def test_carts_with_the_same_things_in_opposite_order_do_not_block_each_other():
    one, two = make_sku(on_hand=100), make_sku(on_hand=100)
    carts = [{one: 1, two: 1}, {two: 1, one: 1}]

    results = race(lambda number: order_for(carts[number % 2]), BUYERS)

    assert all(isinstance(result, Order) for result in results), results
    assert Stock.objects.get(sku=one).on_hand == Stock.objects.get(sku=two).on_hand == 100 - BUYERS


def test_two_variants_sold_out_at_once_leave_the_listing_sold_out():
    small = make_sku(on_hand=1, option1="S")
    large = make_sku(small.product, on_hand=1, option1="L")
    variants = [small, large]

    race(lambda number: order_for({variants[number]: 1}), 2)

    small.product.refresh_from_db()
    assert small.product.in_stock is False


def test_adjustments_at_the_same_time_all_count():
    sku = make_sku(on_hand=0)

    race(lambda _: stock.adjust({sku: 2}, reason="adjustment"), 10)

    assert Stock.objects.get(sku=sku).on_hand == 20
    assert sku.movements.aggregate(Sum("quantity"))["quantity__sum"] == 20


def test_back_orders_at_the_same_time_take_no_more_than_there_was():
    sku = make_sku(on_hand=5, when_sold_out=Stock.WhenSoldOut.SELL_ON)

    race(lambda _: order_for({sku: 2}), 10)

    owed = OrderItem.objects.aggregate(Sum("back_ordered"))["back_ordered__sum"]
    assert owed == 15
    assert Stock.objects.get(sku=sku).on_hand == 0


@pytest.mark.postgresql
def test_an_import_and_an_order_of_the_same_product_do_not_block_each_other():
    """Both take stock rows first and the product after; the other way round is a deadlock."""
    sku = make_sku(on_hand=1)
    importer_holds_stock = threading.Event()

    def work(number: int) -> object:
        if number:
            importer_holds_stock.wait(timeout=30)
            return buy_one(sku)
        with transaction.atomic():
            stock.lock(sku.product)
            importer_holds_stock.set()
            # Time for the order to reach the row and wait there.
            time.sleep(0.5)
            listing.refresh([sku.product_id])
        return "imported"

    imported, order = race(work, 2)

    assert imported == "imported", imported
    assert isinstance(order, Order), order
