"""Money: Decimal amounts with a currency, rounded where the currency rounds. Pure, no database."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from babel.core import UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import get_language, to_locale

# The most a price may be: 11 digits before the point and 3 after, as the columns hold it.
MAX_DIGITS = 14
DECIMAL_PLACES = 3
# No price reaches this.
TOO_MUCH = Decimal(10) ** (MAX_DIGITS - DECIMAL_PLACES)


@cache
def smallest_unit(currency: str) -> Decimal:
    """The least that two amounts can differ by (ISO 4217: EUR 0.01, JPY 1, KWD 0.001)."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def quantize(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the smallest unit of the currency."""
    return amount.quantize(smallest_unit(currency), ROUND_HALF_UP)


def round_to(amount: Decimal, ending: Decimal, currency: str) -> Decimal:
    """The nearest amount with this fraction (0.95; 0 for whole units), half up.

    A price above zero stays above zero: 0.30 becomes 0.95.
    """
    rounded = (amount - ending).quantize(Decimal(1), ROUND_HALF_UP) + ending
    while rounded <= 0 < amount:
        rounded += 1
    return quantize(rounded, currency)


def line_total(unit_price: Decimal, quantity: int, currency: str) -> Decimal:
    """What so many cost together, as cart, order and mail all say it."""
    return quantize(unit_price * quantity, currency)


def share_out(
    amount: Decimal, weights: Sequence[Decimal], currency: str, keys: Sequence[str]
) -> list[Decimal]:
    """Divide an amount by weights into whole smallest units that add up to it.

    By largest remainders (Hamilton's method): what rounding down leaves over goes where
    most was cut off; of equal cuts to the larger weight, then by ``keys``, so that the
    order of the weights does not matter. Without any weight nothing can be shared out.
    """
    whole = sum(weights, Decimal(0))
    if not whole:
        return [Decimal(0)] * len(weights)
    unit = smallest_unit(currency)
    # In whole units, and compared as fractions of the same denominator: exact, no division.
    units = int((amount / unit).to_integral_value(ROUND_HALF_UP))
    exact = [units * weight for weight in weights]
    shares = [int((part / whole).to_integral_value(ROUND_FLOOR)) for part in exact]
    cut_off = [part - share * whole for part, share in zip(exact, shares, strict=True)]
    order = sorted(range(len(weights)), key=lambda at: (-cut_off[at], -weights[at], keys[at]))
    for at in order[: units - sum(shares)]:
        shares[at] += 1
    return [share * unit for share in shares]


def format_money(amount: Decimal, currency: str, language: str | None = None) -> str:
    """Write an amount as a reader of the language expects it; the active language by default."""
    # Babel rounds half to even, so rounding comes first.
    return _written(quantize(amount, currency), currency, language or get_language() or "en")


# A shop has few prices, and shows each of them often.
@lru_cache(maxsize=5_000)
def _written(rounded: Decimal, currency: str, language: str) -> str:
    locale = to_locale(language)
    try:
        return format_currency(rounded, currency, locale=locale)
    except (UnknownLocaleError, ValueError):
        return format_currency(rounded, currency, locale="en")
