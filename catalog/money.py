"""Money: Decimal amounts with a currency, rounded where the currency rounds. Pure, no database."""

from decimal import ROUND_HALF_UP, Decimal

from babel.core import UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import get_language, to_locale

# The most a price may be: 11 digits before the point and 3 after, as the columns hold it.
MAX_DIGITS = 14
DECIMAL_PLACES = 3


def quantize(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the smallest unit of the currency (ISO 4217: EUR 0.01, JPY 1, KWD 0.001)."""
    return amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)), ROUND_HALF_UP)


def line_total(unit_price: Decimal, quantity: int, currency: str) -> Decimal:
    """What so many cost together, as cart, order and mail all say it."""
    return quantize(unit_price * quantity, currency)


def format_money(amount: Decimal, currency: str, language: str | None = None) -> str:
    """Write an amount as a reader of the language expects it; the active language by default."""
    # Babel rounds half to even, so rounding comes first.
    rounded = quantize(amount, currency)
    locale = to_locale(language or get_language() or "en")
    try:
        return format_currency(rounded, currency, locale=locale)
    except (UnknownLocaleError, ValueError):
        return format_currency(rounded, currency, locale="en")
