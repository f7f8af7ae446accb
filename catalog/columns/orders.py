"""The orders in which products can be listed, each kept sorted. Pure.

A late page is found as quickly as the first: of some places in the order it is known which slots
come before, so that counting those of a listing tells from where on to look.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from itertools import compress, islice
from typing import Any, NamedTuple

from catalog.columns import bits

# Where more have changed at once, sorting all anew is quicker than moving one after the other.
MOST_MOVED = 200
# There are so many fences at most, and so many slots at least from one to the next.
FENCES = 32
LEAST_APART = 256
# So many more stand where somebody has asked for, such as at the ends of bands of prices.
MOST_ASKED = 32
# So few are sorted by themselves, and the others are not looked at.
FEW = 256
# The first of a set is looked for among so many before all of it is unpacked.
NEAR = 256

Key = Callable[[int], tuple[Any, ...]]


class Seen(NamedTuple):
    """A slot as it stood before its key changed."""

    slot: int
    key: tuple[Any, ...]
    place: int


class Order:
    """Slots sorted by a key, which no two of them share."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.slots = array("I")
        # Keys, in order, and of each the set of slots whose key is no higher.
        self._fences: list[tuple[Any, ...]] | None = None
        self._up_to: list[int] = []
        self._asked: OrderedDict[tuple[Any, ...], None] = OrderedDict()
        self._moved = 0
        # All slots in it are below this.
        self._size = 0

    # What changes

    def fill(self, slots: Iterable[int]) -> None:
        """These and no others are in it."""
        self.slots = array("I", sorted(slots, key=self.key))
        self._size = max(self.slots, default=-1) + 1
        self._fences = None

    def look(self, slots: Iterable[int]) -> list[Seen]:
        """How those of the slots that are in it stand, before their keys change."""
        found = []
        for slot in slots:
            key = self.key(slot)
            place = bisect_left(self.slots, key, key=self.key)
            if place < len(self.slots) and self.slots[place] == slot:
                found.append(Seen(slot, key, place))
        return found

    def change(self, seen: Sequence[Seen], slots: Iterable[int]) -> None:
        """Of those seen before, and of new ones, these are in it from now on."""
        before = {one.slot: one.key for one in seen}
        now = {slot: self.key(slot) for slot in slots}
        come = {slot: key for slot, key in now.items() if before.get(slot) != key}
        gone = [one for one in seen if now.get(one.slot) != one.key]
        if len(come) + len(gone) > MOST_MOVED:
            left = {one.slot for one in gone}
            self.fill([*(slot for slot in self.slots if slot not in left), *come])
            return
        self._size = max(self._size, max(come, default=-1) + 1)
        for one in sorted(gone, key=lambda one: one.place, reverse=True):
            del self.slots[one.place]
        for slot, key in come.items():
            self.slots.insert(bisect_left(self.slots, key, key=self.key), slot)
        self._move({one.slot: one.key for one in gone}, come)

    def _move(self, gone: dict[int, tuple[Any, ...]], come: dict[int, tuple[Any, ...]]) -> None:
        if self._fences is None:
            return
        last = len(self._fences)
        for slot in gone.keys() | come.keys():
            ends = [
                bisect_left(self._fences, keys[slot]) if slot in keys else last
                for keys in (gone, come)
            ]
            for fence in range(min(ends), max(ends)):
                self._up_to[fence] ^= 1 << slot
        self._moved += len(come) + len(gone)
        # Some stretches may be long by now.
        if self._moved > len(self.slots) // 4:
            self._fences = None

    def _fence(self) -> None:
        self._asked.clear()
        self._moved = 0
        every = max(len(self.slots) // FENCES, LEAST_APART)
        places = range(every, len(self.slots), every)
        self._fences = [self.key(self.slots[place - 1]) for place in places]
        self._up_to, found = [], 0
        for place in places:
            found |= bits.of(self.slots[place - every : place])
            self._up_to.append(found)

    # What is asked

    def up_to(self, key: tuple[Any, ...]) -> int:
        """The set of slots whose key is no higher; the same will be asked for again."""
        if self._fences is None:
            self._fence()
        place = bisect_right(self._fences, key)
        fence, found = (self._fences[place - 1], self._up_to[place - 1]) if place else ((), 0)
        if fence != key:
            start = bisect_right(self.slots, fence, key=self.key) if place else 0
            found |= bits.of(self.slots[start : bisect_right(self.slots, key, key=self.key)])
            self._remember(place, key, found)
        return found

    def _remember(self, place: int, key: tuple[Any, ...], found: int) -> None:
        self._fences.insert(place, key)
        self._up_to.insert(place, found)
        self._asked[key] = None
        if len(self._asked) > MOST_ASKED:
            oldest, _none = self._asked.popitem(last=False)
            place = bisect_left(self._fences, oldest)
            del self._fences[place], self._up_to[place]

    def of(self, among: int, start: int, stop: int, *, backwards: bool = False) -> list[int]:
        """Those of a set from one place to another, in this order."""
        count = among.bit_count()
        start, stop = max(start, 0), min(stop, count)
        if start >= stop:
            return []
        if count <= FEW:
            return sorted(bits.slots(among), key=self.key, reverse=backwards)[start:stop]
        place, passed = self._before(among, count, start, backwards=backwards)
        slots = self.slots[:place][::-1] if backwards else self.slots[place:]
        chosen = bits.mask(among, self._size)
        ordered = compress(slots, map(chosen.__getitem__, slots))
        return list(islice(ordered, start - passed, stop - passed))

    def first(self, among: int, *, backwards: bool = False) -> int | None:
        """The first of a set, in this order."""
        packed = among.to_bytes(self._size // 8 + 1, "little")
        near = self.slots[-NEAR:][::-1] if backwards else self.slots[:NEAR]
        for slot in near:
            if packed[slot >> 3] >> (slot & 7) & 1:
                return slot
        return next(iter(self.of(among, 0, 1, backwards=backwards)), None)

    def _before(self, among: int, count: int, start: int, *, backwards: bool) -> tuple[int, int]:
        """A place in the order not long before the ``start``th of a set, and how many it passes."""
        if self._fences is None:
            self._fence()
        if not self._fences:
            return (len(self.slots), 0) if backwards else (0, 0)
        counts = _Counts(self._up_to, among)
        if backwards:
            fence = bisect_left(counts, count - start)
            if fence == len(self._fences):
                return len(self.slots), 0
            passed = count - counts[fence]
        else:
            fence = bisect_right(counts, start) - 1
            if fence < 0:
                return 0, 0
            passed = counts[fence]
        return bisect_right(self.slots, self._fences[fence], key=self.key), passed


class _Counts(Sequence[int]):
    """How many of a set lie up to each fence; only those looked at are counted."""

    def __init__(self, up_to: list[int], among: int) -> None:
        self._up_to, self._among = up_to, among

    def __len__(self) -> int:
        return len(self._up_to)

    def __getitem__(self, fence: int) -> int:
        return (self._up_to[fence] & self._among).bit_count()
