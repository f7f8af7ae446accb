"""The first page of the admin: figures that are true, for those whose work they are."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from catalog.models import PriceBatch
from catalog.tests.factories import make_page, make_sku
from home.dashboard import HEIGHT, bars, revenue_by_day
from orders.models import Order
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db


def test_revenue_of_a_day_is_the_total_of_its_orders():
    sku = make_sku(price="20.00", on_hand=50)
    order_for({sku: 1})
    order_for({sku: 2})
    earlier = order_for({sku: 3})
    Order.objects.filter(pk=earlier.pk).update(created=timezone.now() - timedelta(days=3))
    long_ago = order_for({sku: 4})
    Order.objects.filter(pk=long_ago.pk).update(created=timezone.now() - timedelta(days=40))

    days = revenue_by_day(timezone.localdate())

    assert len(days) == 30
    assert (days[-1].orders, days[-1].revenue) == (2, Decimal(60))
    assert (days[-4].orders, days[-4].revenue) == (1, Decimal(60))
    assert sum(day.orders for day in days) == 3


def test_the_highest_bar_is_as_high_as_the_chart_and_an_empty_day_has_none():
    order_for({make_sku(price="20.00"): 1})

    drawn = bars(revenue_by_day(timezone.localdate()))

    assert (drawn[-1].y, drawn[-1].height) == (0, HEIGHT)
    assert all(bar.height == 0 for bar in drawn[:-1])


def test_a_shop_without_orders_says_so(client, editor):
    page = client.get("/admin/").content.decode()

    assert "There were no orders in the last 30 days." in page
    assert "Nothing is low" in page
    assert "Nothing waits" in page


def test_the_owner_sees_orders_low_stock_and_what_waits(client, editor):
    page = make_page("Lighthouse")
    sku = make_sku(page, "LH", price="20.00", on_hand=3)
    order = order_for({sku: 2})
    page.title = "Lighthouse, second edition"
    page.save_revision()
    batch = PriceBatch.objects.create(name="Black Friday", live=False)
    batch.save_revision()
    batch.get_workflow().start(batch, editor)

    html = client.get("/admin/").content.decode()

    assert order.number in html
    assert "€40.00" in html
    assert "1 SKU is low or sold out" in html
    assert "1 price batch waits for approval" in html
    assert "Black Friday" in html
    assert "1 product has changes that are not public" in html


def test_the_first_page_asks_no_more_for_more_orders(client, editor, django_assert_max_num_queries):
    for _number in range(12):
        order_for({make_sku(on_hand=3): 1})

    with django_assert_max_num_queries(40):
        client.get("/admin/")


@pytest.mark.parametrize(
    ("group", "panels"),
    [
        ("Merchandiser", {"shop-low-stock", "shop-waiting"}),
        ("Fulfilment", {"shop-sales", "shop-low-stock"}),
        ("Marketer", set()),
        ("Finance", {"shop-sales", "shop-waiting"}),
        ("Owner", {"shop-sales", "shop-low-stock", "shop-waiting"}),
    ],
)
def test_each_group_sees_the_panels_of_its_work(client, django_user_model, group, panels):
    user = django_user_model.objects.create_user("somebody", "s@example.com", "secret")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)

    html = client.get("/admin/").content.decode()

    every = {"shop-sales", "shop-low-stock", "shop-waiting"}
    assert {name for name in every if f'id="{name}-section"' in html} == panels
