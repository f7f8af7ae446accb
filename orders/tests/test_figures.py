"""What the books tell the catalogue of products."""

import pytest

from catalog.signals import SOLD, product_figures
from catalog.tests.factories import make_page, make_sku
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db


def test_a_product_is_sold_as_often_as_it_stands_in_orders(django_assert_num_queries):
    page = make_page()
    small, large = make_sku(page, option1="S"), make_sku(page, option1="L")
    other, unsold = make_sku(), make_sku()
    order_for({small: 2, large: 1, other: 1})
    order_for({small: 1})

    products = [sku.product_id for sku in (small, other, unsold)]
    with django_assert_num_queries(1):
        sold = product_figures.of(SOLD, products)

    assert sold == {small.product_id: 3, other.product_id: 1}
