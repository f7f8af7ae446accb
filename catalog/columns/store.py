"""All that listings ask of product pages, as columns in the memory of one process.

Each page has a slot: its place in every column. A set of pages is a whole number with a bit for
each slot (``bits``), so that meeting two sets and counting what is left costs next to nothing,
however many products there are. O'Neil and Quass describe such indexes ("Improved query
performance with variant indexes", SIGMOD 1997).
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wagtail.models import Page

from catalog.columns import bits
from catalog.columns.groups import Group, Tree
from catalog.columns.numbers import Numbers
from catalog.columns.orders import Order, Seen
from catalog.columns.rows import Row, Story
from catalog.columns.values import (
    ANSWER_PLACES,
    EPOCH,
    SORTED_BY,
    microseconds,
    sorting_name,
    stars,
    whole,
)
from catalog.money import DECIMAL_PLACES

# Of so many searches and collections the sets are kept.
MOST_SETS = 64


class Columns:
    """What ``Row`` has, by slot."""

    def __init__(self, texts: Iterable[int], numbers: Iterable[int]) -> None:
        self.texts, self.answered_by_number = set(texts), set(numbers)
        # By the key of a page its slot, and the slots that nobody has any more.
        self.slots: dict[int, int] = {}
        self._free: list[int] = []
        self.size = 0
        self.everything = 0
        self.aliases = 0
        # By the key of a product the slots of its pages.
        self.of_product: dict[int, tuple[int, ...]] = {}
        self.pages, self.products = array("q"), array("q")
        self.names: list[str] = []
        self.brand_names: dict[int, str] = {}
        self.locales, self.brands, self.ratings = Group(), Group(), Group()
        self.in_stock, self.on_sale = Group(), Group()
        self.places = Tree(Page.steplen)
        # Of the few pages that further categories list: by slot, and by category.
        self._further: dict[int, tuple[UUID, ...]] = {}
        self.further: dict[UUID, int] = {}
        self.prices, self.changes = Numbers(), Numbers()
        self.choices = {key: Group() for key in self.texts}
        self.answers = {key: Numbers() for key in self.answered_by_number}
        self._sorted_by = {name: array("q") for name in SORTED_BY}
        self.orders = self._orders()
        # Of keys that are kept, until pages come or go: by the object's id the object and its set.
        self._sets: dict[int, tuple[array[int], int]] = {}

    def _orders(self) -> dict[str, tuple[Order, bool]]:
        """For each key of ``sorts.SORTS`` the order, and whether it is listed backwards."""
        of, page, product = self._sorted_by, self.pages, self.products

        def by(*columns: Any) -> Order:
            first, *others = columns
            if len(others) == 1:
                (last,) = others
                return Order(lambda slot: (first[slot], last[slot], page[slot]))
            second, last = others
            return Order(lambda slot: (first[slot], second[slot], last[slot], page[slot]))

        return {
            "newest": (by(of["published"], page), True),
            "selling": (by(of["sold"], product), True),
            "viewed": (by(of["views"], product), True),
            "rated": (by(of["rating"], of["reviews"], product), True),
            "liked": (by(of["likes"], product), True),
            "reduced": (by(of["on_sale"], of["published"], page), True),
            "price": (by(of["price_or_last"], product), False),
            "-price": (by(of["price_or_first"], product), True),
            "name": (by(self.names, page), False),
        }

    # What changes

    def fill(self, parts: Iterable[list[Row]]) -> None:
        """All pages that there are, into columns that are empty."""
        for rows in parts:
            self._put(rows, is_filling=True)
        for numbers in self._numbers():
            numbers.filled()
        for order, _is_backwards in self.orders.values():
            order.fill(range(self.size))

    def put(self, rows: list[Row]) -> None:
        """Pages that are new here, or are otherwise now."""
        known = [slot for row in rows if (slot := self.slots.get(row.pk)) is not None]
        seen = self._look(known)
        self._sort(seen, self._put(rows))

    def _put(self, rows: list[Row], *, is_filling: bool = False) -> Iterable[int]:
        at = {self._slot(row.pk): row for row in rows}
        for slot, row in at.items():
            self._link(slot, row)
            for name, value in SORTED_BY.items():
                self._sorted_by[name][slot] = value(row)
            self.names[slot] = sorting_name(row.title)
            if row.brand is not None:
                self.brand_names[row.brand] = row.brand_name
        self.everything |= bits.of(at)
        self.aliases &= ~bits.of(at)
        self.aliases |= bits.of(slot for slot, row in at.items() if row.alias_of)
        self._group(at, is_filling=is_filling)
        return at

    def _numbers(self) -> list[Numbers]:
        return [self.prices, self.changes, *self.answers.values()]

    def remove(self, keys: Iterable[int]) -> None:
        """Pages that are gone, or that not everybody may see any more."""
        gone = [slot for key in keys if (slot := self.slots.pop(key, None)) is not None]
        if not gone:
            return
        self._sets.clear()
        self._sort(self._look(gone), ())
        self._group(dict.fromkeys(gone))
        for slot in gone:
            self._unlink(slot)
        self.everything &= ~bits.of(gone)
        self.aliases &= ~bits.of(gone)
        self._free += gone

    def _slot(self, key: int) -> int:
        if (slot := self.slots.get(key)) is not None:
            return slot
        self._sets.clear()
        if self._free:
            slot = self._free.pop()
        else:
            slot = self.size
            self.size += 1
            for column in (self.pages, self.products, *self._sorted_by.values()):
                column.append(0)
            self.names.append("")
        self.slots[key] = slot
        self.pages[slot] = key
        return slot

    def _link(self, slot: int, row: Row) -> None:
        self._unlink(slot)
        self.products[slot] = row.product
        self.of_product[row.product] = (*self.of_product.get(row.product, ()), slot)

    def _unlink(self, slot: int) -> None:
        product = self.products[slot]
        others = tuple(other for other in self.of_product.pop(product, ()) if other != slot)
        if others:
            self.of_product[product] = others

    def _look(self, slots: list[int]) -> list[list[Seen]]:
        """How they stand in each order, before anything of them changes."""
        return [order.look(slots) for order, _is_backwards in self.orders.values()]

    def _sort(self, seen: list[list[Seen]], slots: Iterable[int]) -> None:
        for (order, _is_backwards), before in zip(self.orders.values(), seen, strict=True):
            order.change(before, slots)

    def _group(self, at: Mapping[int, Row | None], *, is_filling: bool = False) -> None:
        def values(of: Callable[[Row], Any]) -> dict[int, Any]:
            return {slot: of(row) if row else None for slot, row in at.items()}

        self.locales.put(values(lambda row: row.locale))
        self.brands.put(values(lambda row: row.brand))
        self.ratings.put(values(lambda row: stars(row.rating)))
        self.in_stock.put(values(lambda row: row.in_stock or None))
        self.on_sale.put(values(lambda row: row.on_sale or None))
        self.places.put(values(lambda row: row.path[: -Page.steplen]))
        prices = values(lambda row: whole(row.price, DECIMAL_PLACES))
        self.prices.put(prices, is_filling=is_filling)
        changes = values(lambda row: microseconds(row.price_changes))
        self.changes.put(changes, is_filling=is_filling)
        self._tell(
            {slot: row.story if row else Story() for slot, row in at.items()}, is_filling=is_filling
        )

    def _tell(self, at: Mapping[int, Story | None], *, is_filling: bool = False) -> None:
        told = {slot: story for slot, story in at.items() if story is not None}
        for key, group in self.choices.items():
            group.put({slot: story.texts.get(key) for slot, story in told.items()})
        for key, numbers in self.answers.items():
            answered = {slot: story.numbers.get(key) for slot, story in told.items()}
            numbers.put(
                {slot: whole(number, ANSWER_PLACES) for slot, number in answered.items()},
                is_filling=is_filling,
            )
        for slot, story in told.items():
            self._put_further(slot, story.further)

    def _put_further(self, slot: int, categories: tuple[UUID, ...]) -> None:
        for category in self._further.pop(slot, ()):
            self.further[category] &= ~(1 << slot)
        for category in categories:
            self.further[category] = self.further.get(category, 0) | 1 << slot
        if categories:
            self._further[slot] = categories

    # What is asked

    def listed(self, path: str, further: Iterable[UUID] = ()) -> int:
        """The set of pages in the category at a path and below, and of those it lists besides."""
        found = self.places.below(path) if path else self.everything
        for category in further:
            found |= self.further.get(category, 0)
        return found

    def of_keys(self, keys: Iterable[int]) -> int:
        """The set of these pages, as far as they are here."""
        return bits.of(slot for key in keys if (slot := self.slots.get(key)) is not None)

    def of_kept_keys(self, keys: "array[int]") -> int:
        """The same of keys that nobody changes: the same ones are asked for again and again."""
        found = self._sets.get(id(keys))
        if found is None or found[0] is not keys:
            while len(self._sets) >= MOST_SETS:
                del self._sets[next(iter(self._sets))]
            found = self._sets[id(keys)] = keys, self.of_keys(keys)
        return found[1]

    def next_change(self, pages: int) -> datetime | None:
        """When a price of a set of pages changes by itself."""
        first = self.changes.lowest(pages)
        return None if first is None else EPOCH + timedelta(microseconds=first)

    def chosen(self, pages: int, keys: Iterable[int]) -> Iterator[int]:
        """Of each of these pages 1 if it is in the set, else 0."""
        mask = bits.mask(pages, self.size)
        slots = map(self.slots.get, keys)
        return (0 if slot is None else mask[slot] for slot in slots)

    def knows(self, attributes: Iterable[int]) -> bool:
        """Whether there are columns for all of these."""
        return self.texts.union(self.answered_by_number).issuperset(attributes)

    def once(self, pages: int) -> int:
        """Without the aliases of what is in the set already."""
        if not (aliases := pages & self.aliases):
            return pages
        chosen = bits.mask(pages, self.size)
        again = [
            slot
            for slot in bits.slots(aliases)
            if any(
                chosen[other] and self.pages[other] < self.pages[slot]
                for other in self.of_product[self.products[slot]]
            )
        ]
        return pages & ~bits.of(again)
