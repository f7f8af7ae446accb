"""A price list: SKU codes and prices as text, from a file or pasted. Pure."""

import csv
import io
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.importing import values

DELIMITERS = ("\t", ";", ",", "|")
MOST_LINES = 50_000
MOST_CHARACTERS = 2_000_000
# How the columns are called, letters and digits only.
CODES = {"sku", "skucode", "code", "variantsku", "articlenumber", "artikelnummer", "itemnumber"}
PRICES = {"price", "newprice", "saleprice", "regularprice", "amount", "variantprice", "preis"}


@dataclass(frozen=True)
class Written:
    """A price on a line (counted from 1) of the list."""

    line: int
    code: str
    amount: Decimal


@dataclass
class PriceList:
    prices: list[Written] = field(default_factory=list)
    # (line, what is wrong with it), in the order of the lines.
    problems: list[tuple[int, str]] = field(default_factory=list)


def parse(text: str, currency: str) -> PriceList:
    """Read a list; each line is understood or is a problem, and none is lost."""
    lines = text.splitlines()
    if len(text) > MOST_CHARACTERS or len(lines) > MOST_LINES:
        message = _("The list is too long: at most %(count)s lines.") % {"count": f"{MOST_LINES:,}"}
        return PriceList(problems=[(1, message)])
    delimiter = _delimiter(lines)
    found = PriceList()
    seen: dict[str, int] = {}
    places: tuple[int, int] | None = None
    is_first = True
    for number, line in enumerate(lines, 1):
        if not line.strip().strip(delimiter):
            continue
        cells = _cells(line, delimiter)
        if is_first:
            is_first = False
            places = _header(cells)
            if places:
                continue
        try:
            written = _read(number, cells, places, currency)
            if first := seen.get(written.code.lower()):
                raise ValueError(
                    _("“%(code)s” has a price on line %(line)s already.")
                    % {"code": written.code, "line": first}
                )
        except ValueError as error:
            found.problems.append((number, str(error)))
        else:
            seen[written.code.lower()] = number
            found.prices.append(written)
    return found


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:
        cells = line.split(delimiter)
    return [cell.strip() for cell in cells]


def _delimiter(lines: list[str]) -> str:
    """The one that most lines have, the least usual in a price first."""
    filled = [line for line in lines[:200] if line.strip()]
    counts = {delimiter: sum(delimiter in line for line in filled) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: (counts[delimiter] * 2 >= len(filled), 0))


def _header(cells: list[str]) -> tuple[int, int] | None:
    """Where code and price stand, if this is a header."""
    names = ["".join(filter(str.isalnum, cell.casefold())) for cell in cells]
    codes = [place for place, name in enumerate(names) if name in CODES]
    prices = [place for place, name in enumerate(names) if name in PRICES]
    return (codes[0], prices[0]) if codes and prices else None


def _read(number: int, cells: list[str], places: tuple[int, int] | None, currency: str) -> Written:
    if places is None and len([cell for cell in cells if cell]) > 2:
        raise ValueError(
            _(
                "There is more than a code and a price. "
                "Where the price has a comma, put a semicolon before the price."
            )
        )
    code_at, price_at = places or (0, 1)
    if len(cells) <= max(code_at, price_at) or not cells[code_at] or not cells[price_at]:
        raise ValueError(_("A SKU code and a price are needed."))
    code = values.code(cells[code_at])
    amount, _sign = values.money(cells[price_at], currency)
    return Written(number, code, amount)
