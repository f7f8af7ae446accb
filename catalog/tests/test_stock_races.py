"""Adjustments at the same moment: none is lost, and the ledger adds up to what is on hand."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import close_old_connections, connection
from django.db.models import Sum
from django.test import Client

from catalog import stock
from catalog.models import Stock, StockMovement
from catalog.tests.factories import make_page, make_sku
from catalog.tests.grid import save

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
ADJUST = StockMovement.Reason.COUNTED
THREADS = 8


@pytest.fixture
def skus():
    page = make_page()
    return [make_sku(page, f"TEE-{size}", option1=size, on_hand=100) for size in "SML"]


def together(work, times=THREADS):
    def once(number):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(once, range(times)))


def test_concurrent_adjustments_never_lose_one(skus):
    def adjust(number):
        chance = random.Random(number)
        changes = {sku: chance.choice([-2, -1, 1, 2]) for sku in chance.sample(skus, 2)}
        stock.adjust(changes, reason=ADJUST)
        return changes

    done = together(adjust, times=48)

    for sku in skus:
        expected = 100 + sum(changes.get(sku, 0) for changes in done)
        assert Stock.objects.get(sku=sku).on_hand == expected
        assert sku.movements.aggregate(total=Sum("quantity")) == {"total": expected}


def test_reading_and_writing_instead_would_lose_some(skus):
    """The control: the same adjustments, each reading the number and writing another."""
    barrier = Barrier(THREADS)

    def write(_number):
        row = Stock.objects.get(sku=skus[0])
        barrier.wait(timeout=30)
        close_old_connections()
        Stock.objects.filter(pk=row.pk).update(on_hand=row.on_hand + 1)

    together(write)

    assert Stock.objects.get(sku=skus[0]).on_hand < 100 + THREADS


def test_editors_who_count_in_the_grid_at_once_all_count(skus, django_user_model):
    user = django_user_model.objects.create_superuser("editor", "editor@example.com", "secret")

    def count(number):
        client = Client()
        client.force_login(user)
        return save(client, skus[number % 3], shown={"on_hand": "100"}, on_hand="101")["errors"]

    assert together(count, times=12) == [{}] * 12

    assert set(Stock.objects.values_list("on_hand", flat=True)) == {104}
    for sku in skus:
        assert sku.movements.aggregate(total=Sum("quantity")) == {"total": 104}


def test_what_is_left_is_never_less_than_nothing(skus):
    def take(_number):
        try:
            stock.adjust({skus[0]: -30}, reason=ADJUST)
        except stock.OutOfStockError:
            return 0
        return 30

    taken = sum(together(take))

    assert taken == 90
    assert Stock.objects.get(sku=skus[0]).on_hand == 10
