"""The keys of what is listed, in its order, page by page: a late page costs what the first does.

A database finds the 24,000th of many products by sorting all of them, and so it does for the
first. So the keys of several pages are read at once and kept until something in the listing
changes; what is shown of the products is read by their keys.
"""

from array import array
from collections.abc import Hashable, Sequence

from django.db.models import QuerySet

from catalog import kept

# So many keys are read at once.
AT_ONCE = 480
# What has no tag, because it changes all the time, is as old as that at most, in seconds.
KEPT_FOR = {"viewed": 60, "selling": 60, "liked": 60}
LONGEST = 300


class SortedKeys(Sequence[int]):
    """Of a sorted queryset the primary keys, as far as they are asked for.

    ``name`` is what the listing and its order are kept under; without one nothing is kept.
    """

    def __init__(
        self,
        pages: QuerySet,
        total: int,
        name: tuple[Hashable, ...] | None,
        tags: Sequence[str],
        sort: str = "",
    ) -> None:
        self._keys = pages.values_list("pk", flat=True)
        self._total = total
        self._name = name
        self._tags = tags
        self._seconds = KEPT_FOR.get(sort, LONGEST)

    def __len__(self) -> int:
        return self._total

    def __getitem__(self, place: slice) -> list[int]:
        start, stop = place.start or 0, min(place.stop or self._total, self._total)
        if self._name is None:
            return list(self._keys[start:stop])
        found: list[int] = []
        for part in range(start // AT_ONCE, -(-stop // AT_ONCE)):
            begin = part * AT_ONCE
            found += self._part(begin)[max(start - begin, 0) : stop - begin].tolist()
        return found

    def _part(self, begin: int) -> "array[int]":
        def read() -> "array[int]":
            kept.shows(*self._tags)
            # An eighth of what a list of as many numbers takes.
            return array("q", self._keys[begin : begin + AT_ONCE])

        return kept.get(("keys", *(self._name or ()), begin), read, self._seconds)
