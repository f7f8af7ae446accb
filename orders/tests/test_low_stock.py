"""The merchant hears of it when stock runs low: once for each time that it does."""

import pytest
from django.core import mail
from django.db import transaction

from catalog import stock
from catalog.models import Stock, StockMovement
from catalog.tests.factories import make_page, make_sku
from orders import outbox
from orders.models import Outbox
from orders.tests.factories import order_for
from orders.tests.mail_rows import settings_of_orders

pytestmark = pytest.mark.django_db
COUNTED = StockMovement.Reason.COUNTED


@pytest.fixture(autouse=True)
def merchant():
    settings_of_orders(tells_of_orders=False)


def sent():
    while outbox.drain():
        pass
    return [message for message in mail.outbox if message.to == ["owner@example.com"]]


def test_an_order_that_takes_stock_below_its_mark_is_told_of_once():
    dune = make_sku(make_page("Dune"), "DUNE", on_hand=5, option1="A3")
    moon = make_sku(make_page("Moon"), "MOON", on_hand=4)

    order_for({dune: 1, moon: 1})
    order_for({dune: 1, moon: 1})
    order_for({dune: 1})

    first, second = sent()
    assert first.subject == "Low stock: Moon"
    assert second.subject == "Low stock: Dune"
    for text in (first.body, first.alternatives[0].content):
        assert "MOON" in text
        assert "DUNE" not in text
        page = moon.product.pages.get()
        assert f"http://localhost:8000/admin/products/{page.pk}/variants/" in text


def test_all_that_one_transaction_lets_run_low_is_one_mail():
    skus = [make_sku(make_page(f"Print {n}"), f"P{n}", on_hand=4) for n in range(5)]

    order_for(dict.fromkeys(skus, 2))

    (message,) = sent()
    assert message.subject == "Low stock: Print 0, Print 1, Print 2 and 2 more"
    for sku in skus:
        assert sku.code in message.body
    assert message.body.count("2 left") == 5


def test_an_ordinary_order_costs_no_query_more(django_assert_num_queries):
    skus = [make_sku(make_page(), on_hand=100) for _ in range(3)]

    with transaction.atomic(), django_assert_num_queries(5):
        # Three updates, the ledger, and one look at how all of them stand.
        stock.take(dict.fromkeys(skus, 1), reference="X")

    assert not Outbox.objects.exists()


@pytest.mark.parametrize(
    ("before", "low_at", "change", "is_told"),
    [
        (4, None, -1, True),
        (4, None, -4, True),
        (5, None, -1, False),
        (3, None, -1, False),
        (11, 10, -1, True),
        (11, 0, -1, False),
        (1, 0, -1, True),
        (2, None, +5, False),
    ],
)
def test_what_counts_is_crossing_the_skus_own_mark_or_the_shops(before, low_at, change, is_told):
    sku = make_sku(on_hand=before)
    Stock.objects.filter(sku=sku).update(low_at=low_at)

    stock.adjust({sku: change}, reason=COUNTED)

    assert Outbox.objects.filter(kind=outbox.LOW_STOCK).exists() == is_told


def test_what_is_not_on_sale_may_run_out():
    sku = make_sku(on_hand=5)
    type(sku).objects.update(is_active=False)

    stock.adjust({sku: -5}, reason=COUNTED)

    assert not Outbox.objects.exists()


@pytest.mark.parametrize("rules", [{"merchant_email": ""}, {"tells_of_low_stock": False}])
def test_where_nobody_wants_to_know_nothing_is_written_down(rules):
    settings_of_orders(**rules)
    sku = make_sku(on_hand=5)

    stock.adjust({sku: -3}, reason=COUNTED)

    assert not Outbox.objects.exists()
