"""Where the shop sends, and which ways of sending an order it offers."""

import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_countries import countries as all_countries

from orders.models import OrderSettings, ShippingMethod

# The key of what is offered where nothing is set up; no row has it.
UNSET = 0


def offered(
    *,
    country: str,
    weight: int,
    goods: Decimal,
    rules: OrderSettings | None = None,
    methods: Sequence[ShippingMethod] | None = None,
) -> list[ShippingMethod]:
    """The ways to send goods of so many grams and so much money to a country, first one first.

    ``goods`` is in prices as they are shown, less what a coupon takes off. None means that the shop
    does not send this there. A shop in which no method was ever set up sends for nothing.
    """
    if not ships_to(country, rules):
        return []
    if methods is None:
        methods = list(ShippingMethod.objects.select_related("tax_class"))
    if not methods:
        return [ShippingMethod(pk=UNSET, name=_("Standard shipping"))]
    return fitting(methods, country=country, weight=weight, goods=goods)


def fitting(
    methods: Iterable[ShippingMethod], *, country: str, weight: int, goods: Decimal
) -> list[ShippingMethod]:
    """Those of the methods that are offered for an order, by position and price. Pure."""
    found = [method for method in methods if _fits(method, country, weight, goods)]
    return sorted(found, key=lambda method: (method.position, method.price, method.pk))


def _fits(method: ShippingMethod, country: str, weight: int, goods: Decimal) -> bool:
    codes = {chosen.code for chosen in method.countries}
    return (
        method.is_active
        and (not codes or country in codes)
        and method.weight_from <= weight
        and (method.weight_until is None or weight <= method.weight_until)
        and method.value_from <= goods
        and (method.value_below is None or goods < method.value_below)
    )


def ships_to(country: str, rules: OrderSettings | None = None) -> bool:
    """Whether the shop sends to a country at all, whatever the order."""
    return country in _codes(rules)


def countries(rules: OrderSettings | None = None) -> list[tuple[str, str]]:
    """The countries the shop sends to, code and name, sorted by name in the active language."""
    return list(_in_order(get_language(), frozenset(_codes(rules))))


@lru_cache(maxsize=32)
def _in_order(_language: str | None, wanted: frozenset[str]) -> tuple[tuple[str, str], ...]:
    named = [(code, str(name)) for code, name in all_countries if code in wanted]
    return tuple(sorted(named, key=lambda country: _sort_key(country[1])))


def _codes(rules: OrderSettings | None = None) -> set[str]:
    known = set(all_countries.countries)
    chosen = {country.code for country in (rules or OrderSettings.load()).ships_to}
    return chosen & known if chosen else known


def _sort_key(name: str) -> str | bytes:
    """Letters with accents stand beside those without, not behind z; Chinese goes by sound."""
    if get_language() == "zh-hans":
        # The characters in use stand in this encoding in the order of their pinyin.
        return name.encode("gb18030")
    letters = unicodedata.normalize("NFKD", name)
    return "".join(each for each in letters if not unicodedata.combining(each)).casefold()
