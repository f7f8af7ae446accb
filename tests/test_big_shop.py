"""The shop that the benchmarks fill is one that the shop itself could have made."""

import pytest
from wagtail.models import Page

from bench.big_shop import fill
from catalog import listing
from catalog.models import Product, ProductPage, Sku, Stock
from orders.models import OrderItem

pytestmark = pytest.mark.django_db
COLUMNS = ["pk", "lowest_price", "in_stock", "on_sale"]


def test_its_rows_are_as_the_shop_would_write_them(client):
    shelf = fill(60)

    assert ProductPage.objects.child_of(shelf).count() == shelf.numchild == 60
    assert not any(Page.find_problems())
    assert Stock.objects.count() == Sku.objects.count() >= 60
    assert OrderItem.objects.filter(sku__product__pages__path__startswith=shelf.path).exists()
    before = list(Product.objects.order_by("pk").values_list(*COLUMNS))
    listing.refresh([row[0] for row in before])
    assert list(Product.objects.order_by("pk").values_list(*COLUMNS)) == before
    live = ProductPage.objects.live().first()
    assert client.get(live.url).status_code == 200
    assert live in ProductPage.objects.live().search(live.title.split()[-1]).get_queryset()


def test_it_can_be_extended_by_another_category(client):
    fill(5)

    other = fill(7, category="More", seed=2)

    assert ProductPage.objects.child_of(other).count() == 7
    assert ProductPage.objects.count() == 12
    assert not any(Page.find_problems())
