"""Dates, rates, numbers and amounts as a reader of a language writes them. Pure."""

from datetime import date
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from django.utils.translation import to_locale

from catalog.money import format_money

__all__ = ["amount", "day", "number", "rate"]

HUNDRED = Decimal(100)
amount = format_money


def locale_of(language: str) -> Locale:
    try:
        return Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def day(moment: date, language: str) -> str:
    return format_date(moment, "long", locale_of(language))


def rate(percent: Decimal, language: str) -> str:
    """19 becomes 19 %, and 7.25 keeps its quarter."""
    return format_percent(percent / HUNDRED, locale=locale_of(language), decimal_quantization=False)


def number(value: Decimal | int, language: str) -> str:
    return format_decimal(value, locale=locale_of(language))
