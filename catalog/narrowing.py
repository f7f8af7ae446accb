"""A listing narrowed down to what is asked: its counts, and the keys of its pages in order.

Answered from the columns in memory (``catalog.columns``) where there are any, else from the
database; both give the same.
"""

from array import array
from collections.abc import Hashable, Sequence
from itertools import compress, islice
from typing import TYPE_CHECKING, Protocol

from catalog import kept
from catalog.asked import Asked
from catalog.columns.counting import ColumnCounts, ListedKeys
from catalog.columns.store import Columns
from catalog.counting import Counts, SqlCounts
from catalog.sorted_keys import SortedKeys

if TYPE_CHECKING:
    from catalog.browsing import Listing

Name = tuple[Hashable, ...] | None


class Narrowed(Protocol):
    """What of a listing meets all that is asked."""

    counts: Counts

    def keys(self, sort: str) -> Sequence[int]:
        """The keys of its pages; by default in the order of the listing itself."""


def narrowed(
    listing: "Listing", asked: Asked, columns: Columns | None, name: Name = None
) -> Narrowed:
    """``name`` is what others keep the same under, if it is worth keeping."""
    if columns is None or not columns.knows(
        attribute.pk for attribute in asked.attributes.values()
    ):
        return InDatabase(listing, asked, name)
    return InColumns(listing, asked, columns)


class InDatabase:
    def __init__(self, listing: "Listing", asked: Asked, name: Name) -> None:
        self._listing = listing
        self._name = name
        self.counts = SqlCounts(listing.pages(), asked)

    def keys(self, sort: str) -> Sequence[int]:
        ordered = self._listing.ordered(self.counts.narrowed(), sort)
        name = self._name and (*self._name, sort)
        return SortedKeys(ordered, self.counts.total, name, self._listing.tags, sort)


class InColumns:
    def __init__(self, listing: "Listing", asked: Asked, columns: Columns) -> None:
        self._listing = listing
        self._columns = columns
        self.counts = ColumnCounts(columns, self._pages(), asked)

    def _pages(self) -> int:
        """The set of all that is listed."""
        listing, columns = self._listing, self._columns
        if place := listing.gathered.place:
            found = columns.locales.having(place.locale)
            found &= columns.listed(place.path, place.further)
            found = columns.once(found)
        else:
            found = columns.of_kept_keys(self._gathered())
        if listing.hides_sold_out:
            found &= columns.in_stock.having(True)
        if listing.most is not None:
            found = columns.of_keys(self._ordered(found, "")[: listing.most])
        return found

    def _gathered(self) -> "array[int]":
        """The keys of what no place has, in the listing's own order if it is ranked."""
        listing = self._listing

        def read() -> "array[int]":
            kept.shows(*(listing.gathered.tags or listing.tags))
            ranked = listing.ranked
            pages = listing.gathered.pages if ranked is None else ranked
            return array("q", pages.values_list("pk", flat=True))

        name = listing.kept_as("gathered")
        return kept.get(name, read) if name else read()

    def _ordered(self, pages: int, sort: str) -> Sequence[int]:
        listing = self._listing
        if not sort and listing.ranked is not None:
            return RankedKeys(self._columns, pages, self._gathered())
        first = () if sort else listing.gathered.first
        return ListedKeys(
            self._columns,
            pages,
            sort or listing.sort,
            first=first,
            sold_out_last=listing.shows_sold_out_last,
        )

    def keys(self, sort: str) -> Sequence[int]:
        return self._ordered(self.counts.narrowed, sort)


class RankedKeys(Sequence[int]):
    """Of keys that have an order of their own those in a set."""

    def __init__(self, columns: Columns, pages: int, ranked: Sequence[int]) -> None:
        self._columns, self._pages, self._ranked = columns, pages, ranked

    def __len__(self) -> int:
        return self._pages.bit_count()

    def __getitem__(self, place: slice) -> list[int]:
        chosen = self._columns.chosen(self._pages, self._ranked)
        return list(islice(compress(self._ranked, chosen), place.start, place.stop))
