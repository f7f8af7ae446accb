"""Values of a page that are made when something first asks for them, and not at all otherwise.

A page that is put together from parts that are kept (``{% keep %}``) asks for little. Each part
that shows such a value depends on what was read for it, the second as much as the first.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from catalog.kept import Notes, noting
from catalog.kept.noting import shown_too

Value = TypeVar("Value")


class Later(Generic[Value]):
    """Call it for its value, as templates do by themselves. For one request, never kept."""

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make = make
        self._made: tuple[Value, Notes] | None = None

    def __call__(self) -> Value:
        if self._made is None:
            with noting() as notes:
                value = self._make()
            self._made = value, notes
        shown_too(self._made[1])
        return self._made[0]
