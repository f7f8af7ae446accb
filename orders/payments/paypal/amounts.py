"""Which currencies PayPal takes, how it wants amounts and languages written. Pure."""

from decimal import Decimal

from babel.core import get_global

from catalog.money import quantize

# https://developer.paypal.com/docs/api/reference/currency-codes/, "PayPal account payments".
# BRL, CNY and MYR only for merchants of that country. KRW is not among them.
CURRENCIES = frozenset(
    {
        "AUD",
        "BRL",
        "CAD",
        "CHF",
        "CNY",
        "CZK",
        "DKK",
        "EUR",
        "GBP",
        "HKD",
        "HUF",
        "ILS",
        "JPY",
        "MXN",
        "MYR",
        "NOK",
        "NZD",
        "PHP",
        "PLN",
        "RUB",
        "SEK",
        "SGD",
        "THB",
        "TWD",
        "USD",
    }
)
# From the same page: an amount with decimals is an error, also where ISO 4217 has some.
WITHOUT_DECIMALS = frozenset({"HUF", "JPY", "TWD"})


class AmountError(ValueError):
    """PayPal has no way to write this amount: a currency it does not take, or too fine a part."""


def amount_string(amount: Decimal, currency: str) -> str:
    """The amount with the decimals that PayPal wants; never another amount than the one given."""
    if currency not in CURRENCIES:
        raise AmountError(f"PayPal does not take {currency}")
    places = Decimal(1) if currency in WITHOUT_DECIMALS else Decimal("0.01")
    written = quantize(amount, currency).quantize(places)
    if written != amount or amount <= 0:
        raise AmountError(f"PayPal cannot take {amount} {currency}")
    return f"{written:f}"


def money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"currency_code": currency, "value": amount_string(amount, currency)}


def locale_of(language: str) -> str:
    """A language as PayPal's pages name it (ko: ko-KR, zh-hans: zh-CN); empty if unknown."""
    code, *rest = language.split("-")
    if rest and len(rest[-1]) == 2:
        country = rest[-1].upper()
    else:
        likely = get_global("likely_subtags")
        tag = "_".join([code, *(part.title() for part in rest)])
        country = (likely.get(tag) or likely.get(code, "")).rpartition("_")[2]
    return f"{code}-{country}" if len(code) == len(country) == 2 else ""
