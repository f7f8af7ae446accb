"""How Stripe writes amounts and languages. Pure."""

from decimal import Decimal

# https://docs.stripe.com/currencies: Stripe's own lists, which are not ISO 4217's (MGA, ISK, UGX).
WITHOUT_DECIMALS = frozenset(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()  # noqa: SIM905
)
THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
# Written with two decimals that have to be 00.
WHOLE_WITH_DECIMALS = frozenset({"ISK", "UGX"})
# Eight digits in the smallest unit.
TOO_MUCH = 10**8

# fmt: off
LOCALES = frozenset({
    "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA",
    "hi-IN", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt",
    "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
})
# fmt: on
CHINESE = {"zh-hans": "zh", "zh-hant": "zh-TW"}


class AmountError(ValueError):
    """Stripe has no way to write exactly this amount."""


def minor_units(amount: Decimal, currency: str) -> int:
    """The amount in the unit that Stripe counts in; never another amount than the one given."""
    units = amount.scaleb(_places(currency))
    step = _step(currency)
    if units % step or not 0 < units < TOO_MUCH:
        raise AmountError(f"Stripe cannot take {amount} {currency}")
    return int(units)


def from_minor_units(units: int, currency: str) -> Decimal:
    return Decimal(units).scaleb(-_places(currency))


def locale_of(language: str) -> str:
    """A language as Stripe's pages name it; ``auto`` leaves it to the browser."""
    code, _, country = language.partition("-")
    for locale in (CHINESE.get(language, ""), f"{code}-{country.upper()}", code):
        if locale in LOCALES:
            return locale
    return "auto"


def _places(currency: str) -> int:
    if currency.upper() in WITHOUT_DECIMALS:
        return 0
    return 3 if currency.upper() in THREE_DECIMALS else 2


def _step(currency: str) -> int:
    """Stripe wants the last digit of three decimals to be 0, and the decimals of some to be 00."""
    if currency.upper() in THREE_DECIMALS:
        return 10
    return 100 if currency.upper() in WHOLE_WITH_DECIMALS else 1
