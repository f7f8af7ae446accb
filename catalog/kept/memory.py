"""Values that this process keeps in its own memory, and what they show."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from django.utils import timezone

from catalog import moment
from catalog.kept.log import LONGEST, Position, is_unknown, view
from catalog.kept.noting import Notes, noting, shown_too

Value = TypeVar("Value")

# Values of which pages are put together are small; this many of them take some tens of MB.
MOST_VALUES = 2_000


@dataclass
class _Kept:
    value: Any
    notes: Notes
    began: Position
    # Monotonic seconds.
    expires: float
    # The view's number when it was last found to be right; what was heard while it was made
    # counts too.
    checked: int = -1

    def is_right(self) -> bool:
        if time.monotonic() > self.expires:
            return False
        if self.notes.until and self.notes.until <= timezone.now():
            return False
        number = view.number
        if self.checked != number:
            if view.changed_since(self.began, self.notes.tags) is not None:
                return False
            self.checked = number
        return True


_values: OrderedDict[Any, _Kept] = OrderedDict()
_lock = Lock()


@dataclass
class _Beginning:
    """Of the making of a page: where the log was, and what was made since if that is not known."""

    position: Position | None
    own: dict[Any, tuple[Any, Notes]] = field(default_factory=dict)


_begun: ContextVar[_Beginning | None] = ContextVar("where it began", default=None)


def get(key: Any, make: Callable[[], Value], seconds: float = LONGEST / 2) -> Value:
    """The value under ``key``, made by ``make()`` if it is not there or no longer right.

    What ``make`` says by ``shows`` and ``until`` holds for the value, and for whatever is being
    made around it. All threads get the same object, which nobody may change; so it has nothing
    of a request or of a member in it. It is kept for so many seconds at most. A preview, and a
    transaction that has changed something, neither read nor leave anything here.
    """
    began = _position()
    if began is not None and (found := _values.get(key)) and found.is_right():
        shown_too(found.notes)
        return found.value
    own = _own() if began is None else {}
    if key in own:
        value, notes = own[key]
    else:
        with noting() as notes:
            value = make()
        own[key] = value, notes
        _keep([(key, value, notes)], began, seconds)
    shown_too(notes)
    return value


def get_many(
    keys: Sequence[Any],
    make: Callable[[list[Any]], Iterable[tuple[Any, Value, Notes]]],
    seconds: float = LONGEST / 2,
) -> dict[Any, Value]:
    """The values under many keys, as ``get`` has them; those missing are made together.

    ``make`` is given their keys, and says what it made of each, with notes on what that shows.
    What it says by itself holds for all of them.
    """
    began = _position()
    values: dict[Any, Value] = {}
    for key in keys if began is not None else ():
        if (found := _values.get(key)) and found.is_right():
            shown_too(found.notes)
            values[key] = found.value
    if missing := [key for key in keys if key not in values]:
        with noting() as of_all:
            made = list(make(missing))
        for key, value, notes in made:
            notes.take(of_all)
            shown_too(notes)
            values[key] = value
        _keep(made, began, seconds)
    return values


@contextmanager
def from_here() -> Iterator[None]:
    """Within this whatever is made counts as begun now: a page shows late what it read early."""
    token = _begun.set(_Beginning(view.position()))
    try:
        yield
    finally:
        _begun.reset(token)


def is_known() -> bool:
    """Whether this thread can know now what has changed, and sees no more than everybody else."""
    return not (moment.is_preview() or is_unknown()) and view.position() is not None


def has_begun() -> bool:
    """Whether what was read before may be part of what is kept (``from_here``)."""
    return _begun.get() is not None


def _position() -> Position | None:
    """Since when what is made now is known to be right; None where nothing may be kept."""
    if moment.is_preview() or is_unknown():
        return None
    begun = _begun.get()
    return begun.position if begun else view.position()


def _own() -> dict[Any, tuple[Any, Notes]]:
    """What is made for this page alone: a page is of one moment, and asks for nothing twice.

    A preview may look at several moments, and whatever else is made may change what it reads.
    """
    begun = _begun.get()
    return {} if begun is None or moment.is_preview() else begun.own


def _keep(made: Iterable[tuple[Any, Any, Notes]], began: Position | None, seconds: float) -> None:
    # Not is_unknown() again: what make() itself changes is changed for everybody.
    if began is None:
        return
    expires = time.monotonic() + seconds
    with _lock:
        for key, value, notes in made:
            _values[key] = _Kept(value, notes, began, expires)
            _values.move_to_end(key)
        while len(_values) > MOST_VALUES:
            _values.popitem(last=False)


def forget() -> None:
    """Keep nothing of all that, and know nothing of the log; for tests and after a restore."""
    with _lock:
        _values.clear()
    view.forget()
