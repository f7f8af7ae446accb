from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import listing, price_history, prices
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


class TestFromNowOn:
    """What ``set_prices`` says counts for good, whatever was going to end."""

    def test_a_price_in_force_that_would_end_is_written_again(self):
        sku = make_sku(price="10.00")
        end = timezone.now() + timedelta(days=2)
        entry(sku, "regular", 12, until=end)

        set_price(sku, "12.00")

        assert price_of(sku, end).amount == 12
        assert sku.prices.count() == 3

    def test_and_only_once(self):
        sku = make_sku(price="10.00")
        entry(sku, "regular", 12, until=timezone.now() + timedelta(days=2))
        set_price(sku, "12.00")

        set_price(sku, "12.00")

        assert sku.prices.count() == 3

    def test_no_sale_means_that_none_comes_back(self):
        sku = make_sku(price="10.00", compare_at="12.00")
        end = timezone.now() + timedelta(days=2)
        entry(sku, "sale", None, until=end)
        assert price_of(sku, end).amount == 10

        set_price(sku, "12.00")

        assert price_of(sku, end) == PricePoint(Decimal(12), None, "EUR")

    def test_what_is_planned_to_begin_later_stays_planned(self):
        sku = make_sku(price="10.00")
        friday = timezone.now() + timedelta(days=3)
        set_price(sku, "15.00", at=friday)

        set_price(sku, "12.00")

        assert price_of(sku).amount == 12
        assert price_of(sku, friday).amount == 15

    def test_many_take_as_few_queries_as_one(self, django_assert_num_queries):
        made = [make_sku(price="10.00").pk for _ in range(8)]

        for amount, keys in (("11.00", made[:1]), ("12.00", made)):
            skus = list(Sku.objects.with_prices().filter(pk__in=keys))
            # The last finds the listings in which they stand elsewhere now.
            with django_assert_num_queries(11):
                prices.set_prices([prices.NewPrice(sku, Decimal(amount)) for sku in skus])


class TestWithdrawing:
    """From its moment on the ledger answers as if the entry had never been written."""

    def test_a_price_to_come_that_is_cancelled_never_counts(self):
        sku = make_sku(price="10.00")
        friday = timezone.now() + timedelta(days=3)
        planned = entry(sku, "regular", 15, friday)

        assert prices.withdraw([planned], reason="Too dear") == 1

        assert price_of(sku, friday).amount == 10
        assert planned.withdrawal.reason == "Too dear"
        assert sku.prices.count() == 2

    def test_nor_does_it_come_in_the_way_of_a_price_written_after_it_was_cancelled(self):
        sku = make_sku(price="10.00")
        friday = timezone.now() + timedelta(days=3)
        prices.withdraw([entry(sku, "regular", 15, friday)])

        set_price(sku, "12.00")

        assert price_of(sku, friday).amount == 12

    def test_a_sale_that_is_ended_uncovers_the_one_below_it(self):
        sku = make_sku(price="10.00")
        entry(sku, "sale", 8)
        deeper = entry(sku, "sale", 5, until=timezone.now() + timedelta(days=9))
        assert price_of(sku).amount == 5
        before = timezone.now()

        prices.withdraw([deeper])

        assert price_of(sku).amount == 8
        assert price_of(sku, before).amount == 5

    def test_the_listing_knows_at_once(self):
        sku = make_sku(price="10.00")
        sale = entry(sku, "sale", 8)
        listing.refresh([sku.product_id])
        assert Product.objects.get(pk=sku.product_id).lowest_price == 8

        prices.withdraw([sale])

        product = Product.objects.get(pk=sku.product_id)
        assert (product.lowest_price, product.on_sale) == (Decimal(10), False)

    def test_what_is_over_or_gone_is_left_as_it_is(self):
        sku = make_sku(price="10.00")
        now = timezone.now()
        over = entry(sku, "sale", 8, now - timedelta(days=3), now - timedelta(days=2))
        gone = entry(sku, "sale", 7)
        prices.withdraw([gone], reason="first")

        assert prices.withdraw([over, gone], reason="second") == 0

        assert gone.withdrawal.reason == "first"

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        rows=st.lists(
            st.tuples(
                st.sampled_from(["regular", "sale"]),
                st.integers(1, 9),
                st.integers(-10, 10),
                st.one_of(st.none(), st.integers(1, 8)),
            ),
            min_size=1,
            max_size=7,
        ),
        which=st.integers(0, 6),
        later=st.tuples(st.integers(1, 9), st.integers(0, 6)),
    )
    def test_it_is_the_ledger_without_the_row(self, rows, which, later):
        """Also to a price that is written after it: with and without the row side by side."""
        now = timezone.now()
        given_sku, model_sku = (make_sku(price="20.00") for _ in range(2))
        removed = None
        for place, (kind, amount, start, days) in enumerate(rows):
            at = now + timedelta(days=start, minutes=-1)
            until = at + timedelta(days=days) if days else None
            written = entry(given_sku, kind, amount, at, until)
            if place == which % len(rows):
                removed = written
            else:
                entry(model_sku, kind, amount, at, until)
        untouched = {day: price_of(given_sku, now + timedelta(days=day)) for day in range(-11, 0)}

        prices.withdraw([removed], at=now)
        for sku in (given_sku, model_sku):
            entry(sku, "regular", later[0], now + timedelta(days=later[1]))

        for half in range(44):
            at = now + timedelta(hours=12 * half)
            assert price_of(given_sku, at) == price_of(model_sku, at)
        for day, before in untouched.items():
            assert price_of(given_sku, now + timedelta(days=day)) == before
        line = price_history.timelines([given_sku.pk])[given_sku.pk]
        for half in range(-20, 44):
            at = now + timedelta(hours=12 * half)
            assert line.price_at(at) == price_of(given_sku, at)


def entry(sku, kind, amount, start=None, until=None):
    return Price.objects.create(
        sku=sku,
        kind=kind,
        amount=amount,
        currency="EUR",
        valid_from=start or timezone.now(),
        valid_until=until,
    )
