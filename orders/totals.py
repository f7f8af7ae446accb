"""What an order costs. Pure: lines in, amounts out."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from catalog.money import line_total


class Line(Protocol):
    """Anything with a unit price and a quantity: a line of a cart or of an order."""

    @property
    def unit_price(self) -> Decimal: ...

    @property
    def quantity(self) -> int: ...


@dataclass(frozen=True)
class Totals:
    lines: tuple[Decimal, ...]
    grand_total: Decimal


def totals(lines: Iterable[Line], currency: str) -> Totals:
    """Each line rounded as the currency rounds, and their sum: so the lines always add up."""
    amounts = tuple(line_total(line.unit_price, line.quantity, currency) for line in lines)
    return Totals(amounts, sum(amounts, Decimal(0)))
