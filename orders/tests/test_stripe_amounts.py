"""Amounts and languages, as Stripe writes them."""

from decimal import Decimal
from typing import get_args

import pytest
from stripe.params.checkout import SessionCreateParams

from orders.payments.stripe_checkout import amounts
from orders.tests.fakes.stripe_types import official_fields


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("59.90", "EUR", 5990),
        ("59.9", "eur", 5990),
        ("0.01", "USD", 1),
        ("12000", "JPY", 12000),
        ("12000.000", "KRW", 12000),
        ("1.230", "KWD", 1230),
        ("1500", "ISK", 150000),
        ("999999.99", "EUR", 99999999),
    ],
)
def test_amounts_are_counted_in_the_unit_of_the_currency(amount, currency, units):
    assert amounts.minor_units(Decimal(amount), currency) == units
    assert amounts.from_minor_units(units, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("language", "locale"),
    [("ko", "ko"), ("zh-hans", "zh"), ("zh-hant", "zh-TW"), ("pt-br", "pt-BR"), ("de-at", "de")],
)
def test_languages_are_named_as_stripe_names_them(language, locale):
    assert amounts.locale_of(language) == locale


def test_a_language_stripe_has_no_pages_in_is_left_to_the_browser():
    assert amounts.locale_of("cy") == "auto"


def test_the_languages_are_those_that_stripe_publishes():
    hint = official_fields(SessionCreateParams)["locale"]
    literals = {
        value
        for part in get_args(hint)
        for value in (part, *get_args(part))
        if isinstance(value, str)
    }

    assert literals - {"auto"} == amounts.LOCALES
