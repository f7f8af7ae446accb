"""A letter of the shop: all that will stand on paper, in words. Pure; ``paper.py`` draws it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date


@dataclass(frozen=True)
class Column:
    """Without a share it is for numbers, right-aligned just wide enough; texts share the rest."""

    heading: str
    share: float = 0
    is_strong: bool = False


@dataclass(frozen=True)
class Cell:
    """A text, and what stands below it in small print."""

    text: str
    small: tuple[str, ...] = ()
    # An empty box to be ticked with a pen, instead of a text.
    is_box: bool = False


@dataclass(frozen=True)
class Sum:
    """A line below the table. ``level`` 2 is what has to be paid, 0 is an explanation of it."""

    label: str
    amount: str
    level: int = 1


@dataclass(frozen=True)
class Note:
    """A paragraph or a list of label and value below everything else."""

    title: str = ""
    text: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    is_framed: bool = False


@dataclass(frozen=True)
class Letter:
    """``paging`` has the placeholders ``{page}`` and ``{pages}``."""

    title: str
    day: date
    paging: str
    seller: str
    # The seller in one line, to be read above the address through the window of the envelope.
    sender: str
    address: tuple[str, ...]
    info: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sums: tuple[Sum, ...] = ()
    notes: tuple[Note, ...] = ()
    # Columns of lines at the foot of every page.
    foot: tuple[tuple[str, ...], ...] = field(default=())


def texts(part: object) -> Iterator[str]:
    """Every text in a letter, for the choice of fonts."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from texts(item)
    elif is_dataclass(part):
        for entry in fields(part):
            yield from texts(getattr(part, entry.name))
