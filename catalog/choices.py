"""What a shopper chooses of a product, one option after the other: Size, then Frame."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.models.skus import Sku

PLACES = (1, 2, 3)


@dataclass(frozen=True)
class Choice:
    """One option: which of a SKU's it is, its name, and its values as the variants have them."""

    place: int
    name: str
    values: tuple[str, ...]
    # The value of the variant that is chosen at first.
    value: str


def choices(variants: Sequence[Sku], names: Sequence[str], first: Sku | None) -> list[Choice]:
    """The options to choose by one after the other; none where a list of variants says more.

    That is so with a single option, whose values may each show their price, and where some
    variant has no value for an option that others have.
    """
    used = [place for place in PLACES if any(_value(sku, place) for sku in variants)]
    if len(used) < 2 or any(not _value(sku, place) for sku in variants for place in used):
        return []
    found = []
    for number, place in enumerate(used):
        spelled = _spelled(_value(sku, place) for sku in variants)
        value = spelled[_value(first, place).lower()] if first else ""
        found.append(Choice(place, _name(names, number), tuple(spelled.values()), value))
    return found


def chosen(variants: Sequence[Sku], for_sale: Sequence[Sku], code: str) -> Sku | None:
    """The variant that a shared address names, sold out or not; else the first one for sale."""
    named = (sku for sku in variants if sku.code.lower() == code.lower())
    return next(named, None) or next(iter(for_sale), None)


def _value(sku: Sku, place: int) -> str:
    return getattr(sku, f"option{place}")


def _name(names: Sequence[str], number: int) -> str:
    if number < len(names):
        return names[number]
    return _("Option %(number)d") % {"number": number + 1}


def _spelled(values: Iterable[str]) -> dict[str, str]:
    """Each value once, as it is first spelled: for the database "oak" and "Oak" are the same."""
    spelled: dict[str, str] = {}
    for value in values:
        spelled.setdefault(value.lower(), value)
    return spelled
