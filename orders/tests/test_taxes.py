"""Which rate of a country counts for what."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalog.models import TaxClass
from orders.models import TaxRate
from orders.taxes import Rates, rates


def rate(country: str, percent: str, tax_class: TaxClass | None = None) -> TaxRate:
    return TaxRate.objects.create(country=country, rate=Decimal(percent), tax_class=tax_class)


def test_a_class_has_its_own_rate_and_everything_else_the_standard_one(db):
    books, food = TaxClass.objects.create(name="Books"), TaxClass.objects.create(name="Food")
    rate("DE", "19")
    rate("DE", "7", books)

    found = rates("DE")

    assert [found.of(key) for key in (None, books.pk, food.pk)] == [19, 7, 19]


def test_another_country_has_other_rates(db):
    books = TaxClass.objects.create(name="Books")
    rate("DE", "19")
    rate("DE", "7", books)
    rate("FR", "20")

    assert rates("FR").of(books.pk) == 20
    assert rates("FR").of(None) == 20


def test_nothing_is_taxed_where_no_rate_was_set(db):
    rate("DE", "19")

    assert [rates(country).of(None) for country in ("US", "", "de", "\x01")] == [0, 0, 0, 0]


def test_a_class_may_be_taxed_where_nothing_else_is(db):
    alcohol = TaxClass.objects.create(name="Alcohol")
    rate("HK", "30", alcohol)

    assert rates("HK").of(alcohol.pk) == 30
    assert rates("HK").of(None) == 0


def test_a_rate_of_nought_is_a_rate_and_not_a_gap(db):
    books = TaxClass.objects.create(name="Books")
    rate("GB", "20")
    rate("GB", "0", books)

    assert rates("GB").of(books.pk) == 0


def test_rates_keep_three_decimals(db):
    rate("US", "8.875")

    assert rates("US").of(None) == Decimal("8.875")


def test_all_rates_of_a_country_are_one_question(db, django_assert_num_queries):
    classes = [TaxClass.objects.create(name=f"Class {number}") for number in range(10)]
    for each in classes:
        rate("DE", "7", each)

    with django_assert_num_queries(1):
        found = rates("DE")
        assert [found.of(each.pk) for each in classes] == [7] * 10


def test_without_any_rates_everything_is_free_of_tax():
    assert Rates({}).of(None) == Rates({}).of(3) == 0


def test_a_country_has_one_standard_rate_and_one_for_each_class(db):
    books = TaxClass.objects.create(name="Books")
    rate("DE", "19")
    rate("DE", "7", books)

    for tax_class in (None, books):
        with pytest.raises(IntegrityError), transaction.atomic():
            rate("DE", "5", tax_class)
        with pytest.raises(ValidationError, match="There is a "):
            TaxRate(country="DE", rate=Decimal(5), tax_class=tax_class).full_clean()


@pytest.mark.parametrize("percent", ["-0.001", "100.001"])
def test_a_rate_is_between_nought_and_a_hundred(db, percent):
    with pytest.raises(ValidationError) as refused:
        TaxRate(country="DE", rate=Decimal(percent)).full_clean()
    assert list(refused.value.message_dict) == ["rate"]
