"""What is being made says what it shows, and until when that is right."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# Concerns all that is kept.
EVERYTHING = "everything"


@dataclass
class Notes:
    """What was said while something was made."""

    tags: set[str] = field(default_factory=set)
    until: datetime | None = None
    # Functions, each with its arguments, to be called whenever the thing is shown.
    each_time: list[tuple[Callable[..., object], tuple[Any, ...]]] = field(default_factory=list)

    def take(self, other: "Notes") -> None:
        """This shows the other one as well."""
        self.tags |= other.tags
        self.each_time += other.each_time
        if other.until:
            self.ends(other.until)

    def ends(self, moment: datetime) -> None:
        self.until = min(self.until, moment) if self.until else moment


_notes: ContextVar[Notes | None] = ContextVar("notes on what is being made", default=None)


@contextmanager
def noting() -> Iterator[Notes]:
    """Within this something is made; what is said of it is said of nothing around it."""
    notes = Notes()
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def shows(*tags: str) -> None:
    """What is being made depends on these; nothing happens where nothing is being made."""
    if (notes := _notes.get()) is not None:
        notes.tags.update(tags)


def until(moment: datetime | None) -> None:
    """What is being made is right only until this moment, if there is one (timezone-aware)."""
    if moment is not None and (notes := _notes.get()) is not None:
        notes.ends(moment)


def each_time(function: Callable[..., object], *arguments: Any) -> None:
    """Have ``function(request, *arguments)`` called whenever the page is shown from now on.

    The function stands in a module; the arguments can be written as JSON. It is not called for
    the request that makes the page.
    """
    if (notes := _notes.get()) is not None:
        notes.each_time.append((function, arguments))


def shown_too(notes: Notes) -> None:
    """What is being made shows something that was made before."""
    if (around := _notes.get()) is not None:
        around.take(notes)
