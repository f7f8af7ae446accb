"""The columns of an export: those of the shop's own format, and one for each attribute."""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from catalog.importing.formats import OWN
from catalog.importing.own import CONTINUED

# Excel takes 32,767 UTF-16 units for a cell; a character may be two of them.
MOST_IN_A_CELL = 16_000
# What the reader takes for one row (rows.MOST_CHARACTERS, rows.MOST_LINES), with a margin.
MOST_IN_A_ROW = 150_000
MOST_LINES_IN_A_ROW = 800

_LINE_END = re.compile("[\r\n]")

Row = Mapping[str, Any]


def columns(attributes: Iterable[str], *, with_cost: bool) -> dict[str, str]:
    """The names of the columns by their meaning, in their order."""
    own = {
        meaning: names[0]
        for meaning, names in OWN.columns.items()
        if with_cost or meaning != "cost"
    }
    return own | {f"attribute:{name}": f"Attribute: {name}" for name in attributes}


def pieces(row: Row) -> Iterable[Row]:
    """The row; what does not fit follows in rows that continue it, cell by cell."""
    rest: dict[str, Any] = dict(row)
    while rest:
        piece, rest = _split(rest)
        yield piece
        if rest:
            rest["row"] = CONTINUED


def _split(row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    piece: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    room, lines = MOST_IN_A_ROW, MOST_LINES_IN_A_ROW
    for meaning, value in row.items():
        text = value if isinstance(value, str) else ""
        end = _end(text, min(room, MOST_IN_A_CELL), lines)
        piece[meaning] = value if end == len(text) else text[:end]
        if end < len(text):
            rest[meaning] = text[end:]
        room -= end
        lines -= _line_ends(text[:end])
    return piece, rest


def _end(text: str, most: int, lines: int) -> int:
    """How much of a text fits into so many characters and lines."""
    end = min(len(text), most)
    if _line_ends(text[:end]) <= lines:
        return end
    ends = (found.end() for found in _LINE_END.finditer(text))
    return next(islice(ends, lines - 1, None)) if lines > 0 else 0


def _line_ends(text: str) -> int:
    return sum(1 for _found in _LINE_END.finditer(text))
