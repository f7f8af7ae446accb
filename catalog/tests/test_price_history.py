"""Prices of many SKUs at any moment, and what shoppers see of them, in few queries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog import moment, price_history
from catalog.cards import cards
from catalog.models import CatalogSettings, ProductPage, Sku
from catalog.tests.factories import make_category, make_page, make_sku, set_price

pytestmark = pytest.mark.django_db


def reduced(page=None, **fields):
    """A SKU that cost 10, then 9, then 12, and has been reduced to 8 for 40 days."""
    now = timezone.now()
    sku = make_sku(page, price=None, **fields)
    for amount, ago in (("10.00", 200), ("9.00", 65), ("12.00", 60)):
        set_price(sku, amount, at=now - timedelta(days=ago))
    set_price(sku, "8.00", "12.00", at=now - timedelta(days=40))
    return sku


def test_many_skus_are_asked_with_one_query(django_assert_num_queries):
    skus = [reduced().pk for _ in range(3)]
    now = timezone.now()

    with django_assert_num_queries(1):
        lowest = price_history.lowest_before_reductions(skus, now)
    with django_assert_num_queries(1):
        before = price_history.prices_at(skus, now - timedelta(days=62))
    with django_assert_num_queries(1):
        changes = price_history.next_changes(skus, now - timedelta(days=62))

    assert set(lowest.values()) == {Decimal(9)}
    assert {price.amount for price in before.values()} == {Decimal(9)}
    assert {round((now - at) / timedelta(days=1)) for at in changes.values()} == {60}


def test_what_costs_nothing_or_is_not_reduced_is_left_out():
    plain, unpriced = make_sku(price="10.00"), make_sku(price=None)
    keys = [plain.pk, unpriced.pk]

    assert price_history.lowest_before_reductions(keys, timezone.now()) == {}
    assert set(price_history.prices_at(keys, timezone.now())) == {plain.pk}


def test_a_price_point_says_the_lowest_price_only_where_it_was_asked_for():
    sku = reduced()

    plain = Sku.objects.with_prices().get(pk=sku.pk)
    (asked,) = price_history.with_lowest([Sku.objects.with_prices().get(pk=sku.pk)])

    assert plain.price.lowest_before is None
    assert asked.price.lowest_before == 9


class TestShoppers:
    WORDS = "Lowest price of the 30 days before: €9.00"

    def text(self, client, page):
        return " ".join(client.get(page.url).content.decode().split())

    def test_the_product_page_says_the_lowest_price_of_each_variant(self, client):
        page = make_page()
        reduced(page, option1="S")
        reduced(page, option1="M")
        make_sku(page, price="10.00", option1="L")

        # Beside the title for whoever chooses with scripts and without, and at each of the two
        # variants that are reduced.
        assert self.text(client, page).count(self.WORDS) == 4

    def test_a_card_says_it(self, client):
        category = make_category()
        reduced(make_page(category=category))
        make_sku(make_page(category=category), price="10.00")

        assert self.text(client, category).count(self.WORDS) == 1

    def test_neither_says_it_where_the_merchant_shows_none(self, client):
        shown = CatalogSettings.load()
        shown.shows_lowest_price = False
        shown.save()
        page = make_page()
        reduced(page)

        assert "Lowest price" not in self.text(client, page)
        assert "Lowest price" not in self.text(client, page.get_parent().specific)

    def test_it_is_that_of_the_moment_shown(self):
        sku = reduced()
        friday = timezone.now() + timedelta(days=3)
        set_price(sku, "6.00", "12.00", at=friday)
        page = ProductPage.objects.get(product=sku.product_id)

        with moment.at(friday):
            (variant,) = page.variants()

        assert variant.price.amount == 6
        assert variant.price.lowest_before == 8

    def test_cards_take_a_constant_number_of_queries(self, django_assert_num_queries):
        for _ in range(2):
            reduced(make_page())
        pages = list(ProductPage.objects.all())
        with django_assert_num_queries(4):
            cards(pages[:1])
        for _ in range(6):
            page = make_page()
            reduced(page, option1="S")
            reduced(page, option1="M")
        pages = list(ProductPage.objects.all())

        with django_assert_num_queries(4):
            found = cards(pages)

        assert {card.price.lowest_before for card in found} == {Decimal(9)}

    def test_nothing_reduced_costs_no_query(self, django_assert_num_queries):
        skus = [make_sku(price="10.00")]
        with django_assert_num_queries(0):
            price_history.with_lowest(skus)
