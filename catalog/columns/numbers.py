"""Columns of whole numbers, of which a range is asked for, such as prices. Pure."""

from array import array
from collections.abc import Mapping

from catalog.columns.orders import Order

NONE = -(2**63)
MOST = 2**63 - 1
# Higher than any slot.
_LAST = 2**63


class Numbers:
    """A number for each slot, or none."""

    def __init__(self) -> None:
        self.of = array("q")
        self._order = Order(lambda slot: (self.of[slot], slot))

    def put(self, values: Mapping[int, int | None], *, is_filling: bool = False) -> None:
        """By slot what it has from now on. While it is being filled nothing is asked."""
        size = max(values, default=-1) + 1
        self.of.extend([NONE] * (size - len(self.of)))
        new = {slot: NONE if value is None else value for slot, value in values.items()}
        changed = {slot: value for slot, value in new.items() if self.of[slot] != value}
        if not changed:
            return
        had = [] if is_filling else [slot for slot in changed if self.of[slot] != NONE]
        seen = self._order.look(had)
        for slot, value in changed.items():
            self.of[slot] = value
        if not is_filling:
            self._order.change(seen, [slot for slot, value in changed.items() if value != NONE])

    def filled(self) -> None:
        """All is put that there is."""
        self._order.fill(slot for slot, value in enumerate(self.of) if value != NONE)

    def between(self, low: int | None, high: int | None, among: int) -> int:
        """Those of a set whose number lies between these, the ends included."""
        found = among & self._up_to(MOST if high is None else high)
        return found if low is None else found & ~self._up_to(low - 1)

    def _up_to(self, end: int) -> int:
        return self._order.up_to((end, _LAST)) if self._order.slots else 0

    def lowest(self, among: int) -> int | None:
        """The lowest number of a set."""
        return self._end(among, backwards=False)

    def ends(self, among: int) -> tuple[int | None, int | None]:
        """The lowest and the highest number of a set."""
        return self._end(among, backwards=False), self._end(among, backwards=True)

    def _end(self, among: int, *, backwards: bool) -> int | None:
        have = among & self._up_to(MOST)
        if not have:
            return None
        return self.of[self._order.first(have, backwards=backwards)]
