"""What was sold in the last days: asked for one product, ranked, and kept for listings."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Product
from catalog.tests.factories import make_page, make_sku
from orders import sales, tasks
from orders.models import Order, OrderItem
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db


def order(days_ago, **quantities):
    """An order placed so many days ago, of SKUs by their code."""
    placed = order_for({SKUS[code]: count for code, count in quantities.items()})
    moment = timezone.now() - timedelta(days=days_ago)
    Order.objects.filter(pk=placed.pk).update(created=moment)
    return placed


SKUS = {}


@pytest.fixture(autouse=True)
def shop():
    """Two products: one of two SKUs, one of a single one."""
    SKUS.clear()
    tee, lamp = make_page("Tee"), make_page("Lamp")
    for page, code in ((tee, "S"), (tee, "L"), (lamp, "LAMP")):
        SKUS[code] = make_sku(page, code, on_hand=500, option1=code)
    return tee.product, lamp.product


def written() -> dict[int, int]:
    return dict(Product.objects.values_list("pk", "sold_30_days"))


def test_pieces_of_all_skus_in_thirty_days_are_written_to_the_product(shop):
    tee, lamp = shop
    order(0, S=2, L=1)
    order(29.9, S=4)
    order(30.1, S=100)
    order(1, LAMP=5)

    sales.refresh()

    assert written() == {tee.pk: 7, lamp.pk: 5}


def test_what_was_sold_longer_ago_is_forgotten(shop):
    tee, _lamp = shop
    placed = order(1, S=2)
    sales.refresh()
    Order.objects.filter(pk=placed.pk).update(created=timezone.now() - timedelta(days=31))

    sales.refresh()

    assert written()[tee.pk] == 0


def test_only_what_changes_is_written(shop):
    order(1, S=2)
    order(1, LAMP=2)
    assert sales.refresh() == 2
    assert sales.refresh() == 0
    order(1, LAMP=1)

    with CaptureQueriesContext(connection) as queries:
        assert sales.refresh() == 1

    updates = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert len(updates) == 1


def test_many_products_are_written_in_small_transactions(shop, monkeypatch):
    monkeypatch.setattr(sales, "PRODUCTS_AT_ONCE", 1)
    order(1, S=2, LAMP=3)

    assert sales.refresh() == 2
    assert set(written().values()) == {2, 3}


def test_lines_of_skus_that_are_gone_are_left_out(shop):
    order(1, S=2)
    OrderItem.objects.update(sku=None)

    assert sales.sold(30) == {}
    assert sales.refresh() == 0


def test_one_product_is_counted_for_seven_and_thirty_days(shop):
    tee, lamp = shop
    order(1, S=2)
    order(10, L=3)
    order(40, L=50)

    assert sales.sold_of(tee.pk) == sales.Sold(in_7_days=2, in_30_days=5)
    assert sales.sold_of(lamp.pk) == sales.Sold(in_7_days=0, in_30_days=0)


def test_the_best_sellers_come_first(shop):
    tee, lamp = shop
    order(1, S=1, LAMP=3)
    order(1, L=1)

    assert sales.best_sellers() == [(lamp.pk, 3), (tee.pk, 2)]
    assert sales.best_sellers(limit=1) == [(lamp.pk, 3)]


def test_the_worst_sellers_are_those_that_had_the_chance(shop):
    tee, lamp = shop
    order(1, S=1)
    new, gone, hidden = (make_page(title) for title in ("New", "Gone", "Hidden"))
    for page in (new, hidden):
        make_sku(page)
    hidden.unpublish()
    Product.objects.exclude(pk=new.product_id).update(created=timezone.now() - timedelta(days=60))

    assert sales.worst_sellers() == [(lamp.pk, 0), (tee.pk, 1)]
    assert gone.product_id not in dict(sales.worst_sellers())


def test_the_beat_counts_every_ten_minutes():
    entry = settings.CELERY_BEAT_SCHEDULE["count what was sold"]

    assert entry["task"] == tasks.refresh_sales.name
    assert entry["schedule"] == 600


def test_the_task_counts(shop):
    order(1, S=2)

    assert tasks.refresh_sales() == 1
