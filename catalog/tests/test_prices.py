from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog import listing
from catalog.models import Price, Product, Sku
from catalog.models.prices import PricePoint
from catalog.tests.factories import make_page, make_sku, set_price

pytestmark = pytest.mark.django_db


def price_of(sku, at=None):
    return Sku.objects.with_prices(at).get(pk=sku.pk).price


def test_a_price_and_an_earlier_price_are_a_sale_and_a_regular_entry():
    sku = make_sku(price="42.99", compare_at="44.99")

    assert price_of(sku) == PricePoint(Decimal("42.99"), Decimal("44.99"), "EUR")
    assert set(sku.prices.values_list("kind", "amount")) == {
        ("sale", Decimal("42.99")),
        ("regular", Decimal("44.99")),
    }


def test_an_earlier_price_that_is_not_higher_is_no_reduction():
    sku = make_sku(price="10.00", compare_at="10.00")

    assert price_of(sku).compare_at is None


def test_setting_the_price_in_force_writes_nothing():
    sku = make_sku(price="42.99", compare_at="44.99")

    set_price(sku, "42.99", "44.99")

    assert sku.prices.count() == 2


def test_a_sale_ends_by_a_new_entry_and_the_ledger_keeps_the_old_ones():
    sku = make_sku(price="42.99", compare_at="44.99")

    set_price(sku, "44.99")

    assert price_of(sku) == PricePoint(Decimal("44.99"), None, "EUR")
    assert sku.prices.count() == 3


def test_a_price_of_the_future_counts_from_its_moment_without_anything_running():
    sku = make_sku(price="10.00")
    friday = timezone.now() + timedelta(days=3)

    set_price(sku, "12.00", at=friday)

    assert price_of(sku).amount == Decimal("10.00")
    assert price_of(sku, friday - timedelta(microseconds=1)).amount == Decimal("10.00")
    assert price_of(sku, friday).amount == Decimal("12.00")


def test_a_sale_with_an_end_is_over_at_its_end():
    sku = make_sku(price="10.00")
    start, end = timezone.now(), timezone.now() + timedelta(days=2)
    Price.objects.create(
        sku=sku, kind="sale", amount=8, currency="EUR", valid_from=start, valid_until=end
    )

    assert price_of(sku).amount == 8
    assert price_of(sku, end).amount == 10


def test_the_price_of_the_past_can_still_be_asked():
    sku = make_sku(price="10.00")
    before = timezone.now()

    set_price(sku, "15.00")

    assert price_of(sku, before).amount == Decimal("10.00")


def test_an_entry_in_another_currency_is_no_price_here():
    sku = make_sku(price=None)
    Price.objects.create(sku=sku, kind="regular", amount=8, currency="KRW")

    assert price_of(sku) is None


@pytest.mark.parametrize("amount", ["-0.01", "-100"])
def test_the_database_refuses_a_price_below_zero(amount):
    sku = make_sku(price=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(sku=sku, kind="regular", amount=Decimal(amount), currency="EUR")


def test_a_listing_carries_the_lowest_price_of_the_variants_on_sale():
    page = make_page()
    make_sku(page, price="30.00", option1="Large")
    make_sku(page, price="20.00", option1="Small")
    make_sku(page, price="5.00", option1="Sample", is_active=False)

    assert Product.objects.get(pk=page.product_id).lowest_price == Decimal("20.00")


def test_a_listed_price_whose_moment_has_come_is_recognised_and_refreshed():
    sku = make_sku(price="10.00")
    soon = timezone.now() + timedelta(hours=1)
    set_price(sku, "12.00", at=soon)
    product = Product.objects.get(pk=sku.product_id)
    assert (product.lowest_price, product.price_changes_at) == (Decimal("10.00"), soon)
    assert listing.refresh_due() == 0

    # The hour is over: everything lies two hours further back.
    passed = timedelta(hours=2)
    for price in Price.objects.all():
        Price.objects.filter(pk=price.pk).update(valid_from=price.valid_from - passed)
    Product.objects.filter(pk=product.pk).update(price_changes_at=soon - passed)

    assert listing.refresh_due() == 1
    product.refresh_from_db()
    assert (product.lowest_price, product.price_changes_at) == (Decimal("12.00"), None)
