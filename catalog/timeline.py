"""What a SKU costs when, read from its ledger entries. Pure, no database.

Of the entries of a kind that are in force the one that began last counts; of those that
began together the one that was written last.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from catalog.models.prices import Price, PricePoint

# How far back the lowest price before a reduction is looked for (Directive 98/6/EC, article 6a).
BEFORE_A_REDUCTION = timedelta(days=30)


@dataclass(frozen=True)
class Entry:
    """A row of the ledger; ``end``: when it ends or was withdrawn, None if never."""

    key: int
    kind: str
    amount: Decimal | None
    start: datetime
    end: datetime | None = None

    def is_in_force(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)


@dataclass(frozen=True)
class Stretch:
    """A time over which the price stays the same; None: it has none then."""

    start: datetime
    end: datetime | None
    price: PricePoint | None


def winners(entries: Iterable[Entry]) -> list[tuple[datetime, Entry | None]]:
    """The entry of one kind that counts from each moment on at which that may change, in order."""
    waiting = sorted(
        (entry for entry in entries if entry.end is None or entry.start < entry.end),
        key=lambda entry: (entry.start, entry.key),
    )
    moments = {entry.start for entry in waiting} | {entry.end for entry in waiting if entry.end}
    begun: list[Entry] = []
    found: list[tuple[datetime, Entry | None]] = []
    place = 0
    for moment in sorted(moments):
        while place < len(waiting) and waiting[place].start <= moment:
            begun.append(waiting[place])
            place += 1
        # What ended below the one that counts is in nobody's way until it surfaces.
        while begun and not begun[-1].is_in_force(moment):
            begun.pop()
        found.append((moment, begun[-1] if begun else None))
    return found


def amounts(entries: Iterable[Entry]) -> list[tuple[datetime, Decimal | None]]:
    """The amount of one kind from each moment on at which it may change, in order."""
    return [(moment, entry.amount if entry else None) for moment, entry in winners(entries)]


def times_of(entries: Iterable[Entry]) -> dict[int, list[tuple[datetime, datetime | None]]]:
    """For each entry of one kind, by its key, when it counts: from, and until before."""
    found = winners(entries)
    times: dict[int, list[tuple[datetime, datetime | None]]] = {}
    before: Entry | None = None
    for place, (moment, entry) in enumerate(found):
        until = found[place + 1][0] if place + 1 < len(found) else None
        if entry is not None:
            spans = times.setdefault(entry.key, [])
            if entry is before:
                spans[-1] = (spans[-1][0], until)
            else:
                spans.append((moment, until))
        before = entry
    return times


class Timeline:
    """All prices that a SKU ever had or will have, as its ledger says today."""

    def __init__(self, entries: Iterable[Entry], currency: str) -> None:
        self.moments: list[datetime] = []
        self.prices: list[PricePoint | None] = []
        entries = list(entries)
        regular, sale = (
            amounts(entry for entry in entries if entry.kind == kind)
            for kind in (Price.Kind.REGULAR, Price.Kind.SALE)
        )
        for moment in sorted({moment for moment, _amount in (*regular, *sale)}):
            now, reduced = _at(regular, moment), _at(sale, moment)
            price = None if now is None else PricePoint.of(now, reduced, currency)
            if price != (self.prices[-1] if self.prices else None):
                self.moments.append(moment)
                self.prices.append(price)

    def price_at(self, moment: datetime) -> PricePoint | None:
        place = bisect_right(self.moments, moment)
        return self.prices[place - 1] if place else None

    def next_change(self, moment: datetime) -> datetime | None:
        """The first moment after this one from which it costs something else."""
        place = bisect_right(self.moments, moment)
        return self.moments[place] if place < len(self.moments) else None

    def between(self, start: datetime, end: datetime) -> list[Stretch]:
        """The prices from ``start`` until before ``end``, without gaps, in order."""
        inside = [moment for moment in self.moments if start < moment < end]
        bounds = [start, *inside, end]
        return [Stretch(begin, until, self.price_at(begin)) for begin, until in pairwise(bounds)]

    def reduction_began(self, moment: datetime) -> datetime | None:
        """Since when the price of a moment is what it is and is a reduction; None if it is none.

        A reduction that is made deeper, or less deep, is another one: it began when the amount
        changed. Article 6a(5) lets states allow to go back to the first of several; the
        number shown here is never above that one, so it may be shown everywhere.
        """
        place = bisect_right(self.moments, moment) - 1
        price = self.prices[place] if place >= 0 else None
        if price is None or price.compare_at is None:
            return None
        while place > 0 and _is_same_reduction(self.prices[place - 1], price):
            place -= 1
        return self.moments[place]

    def lowest(self, start: datetime, end: datetime) -> Decimal | None:
        """The lowest price from ``start`` until before ``end``; None if it had none."""
        prices = (stretch.price for stretch in self.between(start, end))
        return min((price.amount for price in prices if price), default=None)

    def lowest_before_reduction(self, moment: datetime) -> Decimal | None:
        """The lowest price of the 30 days before the reduction that is in force at a moment began.

        None where nothing is reduced then, or where it had no price in those days.
        """
        began = self.reduction_began(moment)
        return None if began is None else self.lowest(began - BEFORE_A_REDUCTION, began)


def _is_same_reduction(before: PricePoint | None, price: PricePoint) -> bool:
    return before is not None and before.compare_at is not None and before.amount == price.amount


def _at(found: Sequence[tuple[datetime, Decimal | None]], moment: datetime) -> Decimal | None:
    place = bisect_right(found, moment, key=lambda change: change[0])
    return found[place - 1][1] if place else None


def is_lasting(entries: Iterable[Entry], amount: Decimal | None, moment: datetime) -> bool:
    """Whether entries of one kind say this amount from a moment on, for good.

    What is still to begin then is left out: it was planned, and will happen.
    """
    begun = [entry for entry in entries if entry.start <= moment]
    from_then_on = [found for at, found in amounts(begun) if at > moment]
    return all(found == amount for found in (_at(amounts(begun), moment), *from_then_on))
