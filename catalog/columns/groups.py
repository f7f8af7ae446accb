"""Columns by which products are grouped: each value knows the set of those that have it."""

from array import array
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from itertools import compress

from catalog.columns import bits

# With more values than this, such as of authors, a set for each would take too much memory:
# then they are counted one product after the other.
MOST_SETS = 256
NOTHING = -1


class Group:
    """One value for each slot at most, such as its brand."""

    def __init__(self) -> None:
        self.names: list[Hashable] = []
        self._numbers: dict[Hashable, int] = {}
        # By slot the number of its value.
        self._of = array("i")
        self._sets: list[int] | None = []

    def put(self, values: Mapping[int, Hashable | None]) -> None:
        """By slot what it has from now on; None for nothing."""
        gone: dict[int, list[int]] = {}
        come: dict[int, list[int]] = {}
        size = max(values, default=-1) + 1
        self._of.extend([NOTHING] * (size - len(self._of)))
        for slot, value in values.items():
            before = self._of[slot]
            now = NOTHING if value is None else self._number(value)
            if before != now:
                gone.setdefault(before, []).append(slot)
                come.setdefault(now, []).append(slot)
                self._of[slot] = now
        gone.pop(NOTHING, None)
        come.pop(NOTHING, None)
        if len(self.names) > MOST_SETS:
            self._sets = None
        for number, slots in gone.items():
            self._leave(number, bits.of(slots))
        for number, slots in come.items():
            self._join(number, bits.of(slots))

    def _number(self, value: Hashable) -> int:
        number = self._numbers.setdefault(value, len(self.names))
        if number == len(self.names):
            self.names.append(value)
            if self._sets is not None:
                self._sets.append(0)
        return number

    def _leave(self, number: int, slots: int) -> None:
        if self._sets is not None:
            self._sets[number] &= ~slots

    def _join(self, number: int, slots: int) -> None:
        if self._sets is not None:
            self._sets[number] |= slots

    def having(self, value: Hashable) -> int:
        """The set of slots that have it."""
        number = self._numbers.get(value, NOTHING)
        if number == NOTHING:
            return 0
        if self._sets is not None:
            return self._sets[number]
        return bits.of(slot for slot, own in enumerate(self._of) if own == number)

    def counts(self, among: int) -> Iterator[tuple[Hashable, int]]:
        """Each value with how many of a set have it, where any has."""
        if self._sets is not None:
            for value, slots in zip(self.names, self._sets, strict=True):
                if count := (slots & among).bit_count():
                    yield value, count
            return
        found = Counter(compress(self._of, bits.mask(among, len(self._of))))
        found.pop(NOTHING, None)
        for number, count in found.items():
            yield self.names[number], count


class Tree(Group):
    """The paths of the categories that products stand in, each with all that stands below it."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self._step = step
        self._below: dict[str, int] = {}

    def _branches(self, number: int) -> Iterator[str]:
        path = str(self.names[number])
        return (path[:end] for end in range(self._step, len(path) + 1, self._step))

    def _leave(self, number: int, slots: int) -> None:
        for path in self._branches(number):
            self._below[path] &= ~slots

    def _join(self, number: int, slots: int) -> None:
        for path in self._branches(number):
            self._below[path] = self._below.get(path, 0) | slots

    def below(self, path: str) -> int:
        """The set of slots in the category at this path, or anywhere below it."""
        return self._below.get(path, 0)
