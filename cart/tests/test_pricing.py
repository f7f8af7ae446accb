"""Whoever put something in pays what it cost then, for as long as the merchant holds it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cart import pricing
from cart.entries import Entry
from cart.models import MAX_HOURS, CartSettings
from catalog.models import Price
from catalog.prices import withdraw
from catalog.tests.factories import make_page, make_sku, set_price

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def ago(**age):
    return timezone.now() - timedelta(**age)


@pytest.fixture
def sku():
    """Cost 20 since last week."""
    sku = make_sku(make_page("Dune"), "DUNE", price=None)
    set_price(sku, "20.00", at=ago(days=7))
    return sku


def offer(sku, added, quantity=1):
    return pricing.offers({sku.code: Entry(quantity, added)})[sku.code]


def hold(hours):
    CartSettings.objects.update_or_create(pk=1, defaults={"hold_hours": hours})


def test_a_price_that_rose_since_it_was_put_in_is_not_charged(sku):
    set_price(sku, "25.00", at=ago(hours=1))

    found = offer(sku, ago(hours=2))

    assert found.unit_price == Decimal("20.00")
    assert found.now.amount == Decimal("25.00")
    assert found.saves
    assert not found.has_risen


def test_a_price_that_fell_since_is_charged_as_it_is_today(sku):
    set_price(sku, "15.00", at=ago(hours=1))

    found = offer(sku, ago(hours=2))

    assert found.unit_price == Decimal("15.00")
    assert not found.saves
    assert not found.has_risen


def test_a_sale_that_ended_since_is_held_too(sku):
    set_price(sku, "12.00", "20.00", at=ago(hours=3))
    set_price(sku, "20.00", at=ago(hours=1))

    assert offer(sku, ago(hours=2)).unit_price == Decimal("12.00")
    assert offer(sku, ago(hours=4)).unit_price == Decimal("20.00")


def test_the_merchant_says_for_how_long(sku):
    set_price(sku, "25.00", at=ago(minutes=10))
    added = ago(hours=3)

    hold(2)
    assert offer(sku, added).unit_price == Decimal("25.00")
    hold(4)
    assert offer(sku, added).unit_price == Decimal("20.00")


def test_a_day_unless_the_merchant_says_otherwise_and_reading_writes_nothing(sku):
    set_price(sku, "25.00", at=ago(minutes=10))

    assert offer(sku, ago(hours=23, minutes=59)).unit_price == Decimal("20.00")
    assert offer(sku, ago(hours=24)).unit_price == Decimal("25.00")
    assert not CartSettings.objects.exists()


def test_nought_hours_hold_nothing(sku):
    hold(0)
    set_price(sku, "25.00")

    found = offer(sku, ago(seconds=30))

    assert found.unit_price == Decimal("25.00")
    assert found.has_risen


def test_when_the_hold_has_ended_both_prices_are_known(sku):
    set_price(sku, "25.00", at=ago(hours=1))

    found = offer(sku, ago(hours=25))

    assert (found.then.amount, found.unit_price) == (Decimal("20.00"), Decimal("25.00"))
    assert found.has_risen
    assert not found.saves


@pytest.mark.parametrize("years", [1, 7000])
def test_a_moment_to_come_gets_no_price_of_tomorrow(sku, years):
    set_price(sku, "5.00", at=timezone.now() + timedelta(hours=1))

    found = offer(sku, datetime(2026 + years, 1, 1, tzinfo=UTC))

    assert found.unit_price == Decimal("20.00")
    assert found.held_until <= timezone.now() + timedelta(hours=24)


@pytest.mark.parametrize("added", [datetime(1, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)])
def test_what_had_no_price_then_costs_what_it_costs_today(sku, added):
    hold(MAX_HOURS)

    found = offer(sku, added)

    assert found.then is None
    assert found.unit_price == Decimal("20.00")


def test_each_line_has_a_moment_of_its_own():
    first, second = (make_sku(make_page(), code, price=None) for code in ("ONE", "TWO"))
    for sku in (first, second):
        set_price(sku, "10.00", at=ago(days=2))
        set_price(sku, "11.00", at=ago(hours=2))
        set_price(sku, "12.00", at=ago(hours=1))

    found = pricing.offers({"ONE": Entry(1, ago(hours=3)), "TWO": Entry(1, ago(minutes=90))})

    assert found["ONE"].unit_price == Decimal("10.00")
    assert found["TWO"].unit_price == Decimal("11.00")


def test_an_entry_withdrawn_since_counted_when_the_thing_was_put_in(sku):
    set_price(sku, "2.00", at=ago(hours=3))
    withdraw(list(Price.objects.filter(amount=2)), at=ago(hours=1))

    assert offer(sku, ago(hours=2)).unit_price == Decimal("2.00")
    assert offer(sku, ago(minutes=30)).unit_price == Decimal("20.00")


def test_the_checkout_gets_only_what_may_be_sold(sku):
    gone = make_sku(make_page("Gone"), "GONE")
    make_sku(make_page("Sold"), "SOLD", on_hand=0)
    members = make_sku(make_page("Members"), "MEMBERS")
    gone.product.pages.get().unpublish()
    page = members.product.pages.get()
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    codes = ["DUNE", "GONE", "SOLD", "MEMBERS", "NO-SUCH"]

    offered = pricing.offers(dict.fromkeys(codes, (1, NOW)))
    found = {code: offer for code, offer in offered.items() if offer.available}

    assert set(found) == {"DUNE"}
    assert set(pricing.offers(dict.fromkeys(codes, (1, NOW)))) == {"DUNE", "SOLD"}


@pytest.mark.parametrize("lines", [1, 30])
def test_two_queries_whatever_the_number_of_lines(lines, django_assert_num_queries):
    page = make_page()
    skus = [make_sku(page, option1=str(number)) for number in range(lines)]
    entries = {sku.code: Entry(1, ago(seconds=number)) for number, sku in enumerate(skus)}

    # The second asks for how long prices are held, which is kept where there is a Redis.
    with django_assert_num_queries(2):
        found = pricing.offers(entries)
        facts = [(one.unit_price, one.then, one.available, one.sku.label) for one in found.values()]

    assert len(facts) == lines


def test_nobody_holds_a_price_for_ever():
    with pytest.raises(ValidationError):
        CartSettings(hold_hours=MAX_HOURS + 1).full_clean()
    CartSettings(hold_hours=MAX_HOURS).full_clean()
