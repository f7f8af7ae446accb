"""Count what the facets of a listing would leave, and list it, in the columns in memory."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from math import ceil, floor

from catalog import sorts
from catalog.asked import BRAND, CATEGORY, PRICE, RATING, RATINGS, STOCK, Asked, Range, key_of
from catalog.columns import bits
from catalog.columns.groups import Group
from catalog.columns.numbers import Numbers
from catalog.columns.store import Columns
from catalog.columns.values import ANSWER_PLACES
from catalog.counting import MOST_OPTIONS, Among, Counts, Ends
from catalog.models.attributes import Attribute
from catalog.money import DECIMAL_PLACES


class ColumnCounts(Counts):
    """What is asked of some pages, counted in ``columns``. ``pages`` is the set of all of them."""

    def __init__(self, columns: Columns, pages: int, asked: Asked) -> None:
        super().__init__(asked)
        self.columns = columns
        self.pages = pages
        self._met = {key: self._meets(key) for key in asked.facets}

    def _meets(self, key: str) -> int:
        """Those of the pages that meet what is asked of one facet."""
        asked, columns = self.asked, self.columns
        if key == PRICE:
            return _between(columns.prices, asked.ranges[key], DECIMAL_PLACES, self.pages)
        if key in asked.ranges:
            numbers = columns.answers[asked.attributes[key].pk]
            return _between(numbers, asked.ranges[key], ANSWER_PLACES, self.pages)
        found = 0
        for value in asked.values[key]:
            found |= self._having(key, value)
        return found & self.pages

    def _having(self, key: str, value: str) -> int:
        asked, columns = self.asked, self.columns
        if key == CATEGORY:
            place = asked.places[value]
            return columns.listed(place.path, place.further)
        if key == RATING:
            return _or(columns.ratings.having(stars) for stars in RATINGS if stars >= value)
        if key == BRAND:
            return columns.brands.having(int(value))
        if key in asked.attributes:
            return columns.choices[asked.attributes[key].pk].having(value)
        return self._flag(key).having(True)

    def _flag(self, key: str) -> Group:
        return self.columns.in_stock if key == STOCK else self.columns.on_sale

    def but(self, without: str = "") -> int:
        """The pages that meet all that is asked but of one facet."""
        found = self.pages
        for key, met in self._met.items():
            if key != without:
                found &= met
        return found

    @cached_property
    def narrowed(self) -> int:
        """The pages that meet all that is asked."""
        return self.but()

    @property
    def total(self) -> int:
        return self.narrowed.bit_count()

    @property
    def changes_at(self) -> datetime | None:
        return self.columns.next_change(self.narrowed)

    @property
    def prices(self) -> Ends:
        return _ends(self.columns.prices, self.but(PRICE), DECIMAL_PLACES)

    def bands(self, limits: Sequence[Ends]) -> list[int]:
        among = self.but(PRICE)
        prices = self.columns.prices
        return [_between(prices, ends, DECIMAL_PLACES, among).bit_count() for ends in limits]

    def among(self, key: str) -> Among:
        pages = self.but(key)
        values = {CATEGORY: self.asked.places, RATING: RATINGS}.get(key)
        if values is None:
            found = {"yes": self._flag(key).having(True)}
        else:
            found = {value: self._having(key, value) for value in values}
        return Among(
            pages.bit_count(), {value: (pages & of).bit_count() for value, of in found.items()}
        )

    def brands(self) -> list[tuple[str, str, int]]:
        names = self.columns.brand_names
        counts = self.columns.brands.counts(self.but(BRAND))
        found = [(str(key), names[key], count) for key, count in counts]
        return sorted(found, key=lambda brand: (-brand[2], brand[1]))[:MOST_OPTIONS]

    def ends(self, attributes: Iterable[Attribute]) -> dict[int, Ends]:
        return {
            one.pk: _ends(self.columns.answers[one.pk], self.but(key_of(one)), ANSWER_PLACES)
            for one in attributes
        }

    def answers(self, attributes: Sequence[Attribute]) -> dict[int, dict[str, int]]:
        found = {}
        for one in attributes:
            counts = self.columns.choices[one.pk].counts(self.but(key_of(one)))
            best = sorted(counts, key=lambda answer: (-answer[1], answer[0]))[:MOST_OPTIONS]
            if best:
                found[one.pk] = dict(best)
        return found


class ListedKeys(Sequence[int]):
    """The keys of a set of pages in the order of a listing; what is asked for of them is found.

    ``first`` are products that stand before the others.
    """

    def __init__(
        self,
        columns: Columns,
        pages: int,
        sort: str,
        *,
        first: Sequence[int] = (),
        sold_out_last: bool = False,
    ) -> None:
        self._columns = columns
        self._pages = pages
        self._order = columns.orders[sorts.known_sort(sort)]
        self._first = first
        self._sold_out_last = sold_out_last

    def __len__(self) -> int:
        return self._pages.bit_count()

    def __getitem__(self, place: slice) -> list[int]:
        start, stop = place.start or 0, len(self) if place.stop is None else place.stop
        order, is_backwards = self._order
        found: list[int] = []
        for part in self._parts():
            picked = self._picked(part)
            rest = part & ~bits.of(picked)
            if stop > 0 and start < part.bit_count():
                found += picked[max(start, 0) : stop]
                found += order.of(
                    rest, start - len(picked), stop - len(picked), backwards=is_backwards
                )
            start, stop = start - part.bit_count(), stop - part.bit_count()
        pages = self._columns.pages
        return [pages[slot] for slot in found]

    def _parts(self) -> list[int]:
        """One after the other."""
        if not self._sold_out_last:
            return [self._pages]
        in_stock = self._columns.in_stock.having(True)
        return [self._pages & in_stock, self._pages & ~in_stock]

    def _picked(self, part: int) -> list[int]:
        found: list[int] = []
        for product in self._first:
            slots = self._columns.of_product.get(product, ())
            own = [slot for slot in slots if part >> slot & 1]
            found += sorted(own, key=self._order[0].key, reverse=self._order[1])
        return found


def _or(sets: Iterable[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found


def _between(numbers: Numbers, limits: Range, places: int, among: int) -> int:
    """As the database compares: an end may have more places than the column."""
    low, high = limits
    lowest = None if low is None else ceil(low.scaleb(places))
    highest = None if high is None else floor(high.scaleb(places))
    return numbers.between(lowest, highest, among)


def _ends(numbers: Numbers, among: int, places: int) -> Ends:
    low, high = numbers.ends(among)
    if low is None or high is None:
        return None, None
    return Decimal(low).scaleb(-places), Decimal(high).scaleb(-places)
