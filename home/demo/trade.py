"""Who orders what in the three months of the demo shop, and what becomes of it. Nothing is written.

Which days are busy, what is popular and what goes together is drawn, the same each time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from random import Random

from home.demo import catalogue, placing
from home.demo.customers import Customer, customers
from home.demo.goods import code as sku_code
from home.demo.kinds import FRAMES, OPENED, SIZES, Article
from home.demo.opinions import opinions

DAYS = OPENED.days - 1
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Orders on a usual day, in the first week and in the last.
FEWEST, MOST = 0.8, 2.0
SATURDAY = 5
# How many of a hundred who wrote an opinion had bought the thing.
BUYERS = 62
# When in the day people order.
HOURS = (0, 0, 0, 0, 0, 0, 1, 2, 4, 5, 5, 5, 6, 5, 4, 4, 4, 5, 6, 8, 9, 8, 5, 2)


class Fate(Enum):
    """How an order goes on after it was placed."""

    GOES_WELL = auto()
    DECLINED_FIRST = auto()
    NEVER_PAID = auto()
    CANCELLED = auto()
    DAMAGED = auto()
    OWED = auto()
    RETURNED = auto()


FATES = {
    Fate.GOES_WELL: 80,
    Fate.DECLINED_FIRST: 5,
    Fate.NEVER_PAID: 5,
    Fate.CANCELLED: 3,
    Fate.DAMAGED: 3,
    Fate.RETURNED: 4,
}


@dataclass(frozen=True)
class Wanted:
    """One order to come: when, by whom, which articles and how many of a variant of each."""

    at: datetime
    customer: Customer
    # By SKU code.
    lines: Mapping[str, int]
    fate: Fate
    by_bank: bool
    coupon: str = ""
    message: str = ""


# So many hours ago, and whether the money is to come from the bank.
LATELY = ((0.6, False), (1.4, False), (2.2, True), (3.1, False), (30, True))
# What is sold before it is there: so many days ago, and with what else.
OWING = ((7, {"HARVEST-50X70": 1, "MOONS-50X70": 1}), (2, {"HARVEST-A3": 2}))
MESSAGES = (
    "It is a present: no invoice in the parcel, please.",
    "Please ring twice, the bell is shy.",
    "The neighbour at number 14 takes parcels too.",
    "For a wedding on the 12th. No pressure.",
    "The last one arrived perfectly. Thank you!",
)


def plan(now: datetime) -> list[Wanted]:
    """All orders of the past three months, the first one first."""
    drawn = _Plan(now)
    return sorted(
        [*drawn.everyday(), *drawn.by_those_who_wrote(), *drawn.lately()], key=lambda one: one.at
    )


class _Plan:
    def __init__(self, now: datetime) -> None:
        self.now = now
        self.rng = Random("trade")  # noqa: S311 - the same trade every time
        self.people = customers()
        # What is sold out, nearly gone or owed keeps the stock that the catalogue gives it.
        self.articles = [one for one in catalogue.articles() if _codes(one)]
        self.weights = [1 / (place * 0.5 + 2) for place in range(len(self.articles))]
        self.rng.shuffle(self.weights)
        self.by_code = {one.code: one for one in self.articles}
        self.shelves = {
            article.code: [one.code for one in shelf if one.code in self.by_code]
            for shelf in _shelves()
            for article in shelf
        }

    def everyday(self) -> Iterator[Wanted]:
        for ago in range(DAYS, -1, -1):
            day = self.now - ago * DAY
            usual = FEWEST + (MOST - FEWEST) * (1 - ago / DAYS)
            usual *= 1.35 if day.weekday() >= SATURDAY else 1
            for _ in range(self._about(usual)):
                at = day.replace(hour=0, minute=0, second=0, microsecond=0)
                at += self.rng.choices(range(24), HOURS)[0] * HOUR + self.rng.random() * HOUR
                if self.now - DAYS * DAY < at < self.now - HOUR / 4:
                    yield self._wanted(at, self._customer(at), self._basket(at))

    def by_those_who_wrote(self) -> Iterator[Wanted]:
        """So that an opinion is that of somebody who has the thing on the wall."""
        members = {one.username: one for one in self.people if one.username}
        for opinion in opinions():
            customer, article = members[opinion.username], self.by_code.get(opinion.code)
            latest = opinion.days + 4
            if article is None or latest >= (first := min(customer.days, article.launched) - 1):
                continue
            if self.rng.randrange(100) < BUYERS:
                ago = min(first, latest + self.rng.randint(1, 8))
                at = self.now - ago * DAY + self.rng.random() * DAY / 2
                line = {self._variant(article): 1}
                yield Wanted(at, customer, line, Fate.GOES_WELL, by_bank=False)

    def lately(self) -> Iterator[Wanted]:
        """So that the desk has something of each kind to do, at whatever hour it is looked at."""
        for hours, by_bank in LATELY:
            at = self.now - hours * HOUR
            fate = Fate.NEVER_PAID if by_bank else Fate.GOES_WELL
            yield Wanted(at, self._customer(at), self._basket(at), fate, by_bank)
        for days, lines in OWING:
            at = self.now - days * DAY
            yield Wanted(at, self._customer(at), lines, Fate.OWED, by_bank=False)

    def _about(self, usual: float) -> int:
        """A whole number whose average this is."""
        return sum(self.rng.random() < usual / 6 for _ in range(6))

    def _customer(self, at: datetime) -> Customer:
        ago = (self.now - at).days
        there = [one for one in self.people if one.days > ago + 1]
        weights = [3 if one.username else 1 for one in there]
        return self.rng.choices(there, weights)[0]

    def _basket(self, at: datetime) -> dict[str, int]:
        ago = (self.now - at).days
        # What came later could not be bought yet.
        weights = [
            weight * (one.launched > ago + 1)
            for one, weight in zip(self.articles, self.weights, strict=True)
        ]
        first = self.rng.choices(self.articles, weights)[0]
        chosen = [first]
        while self.rng.random() < 0.42 and len(chosen) < 5:
            beside = [*placing.RELATED.get(first.code, ()), *self.shelves[first.code]]
            near = [code for code in beside if code in self.by_code]
            code = self.rng.choice(near) if near and self.rng.random() < 0.7 else None
            other = self.by_code[code] if code else self.rng.choices(self.articles, weights)[0]
            if other not in chosen and other.launched > ago + 1:
                chosen.append(other)
        return {self._variant(one): self._pieces(one) for one in chosen}

    def _variant(self, article: Article) -> str:
        return self.rng.choice(_codes(article))

    def _pieces(self, article: Article) -> int:
        most = 3 if article.shown == "cards" else 2
        return self.rng.randint(1, most) if self.rng.random() < 0.25 else 1

    def _wanted(self, at: datetime, customer: Customer, lines: dict[str, int]) -> Wanted:
        rng = self.rng
        fate = rng.choices([*FATES], [*FATES.values()])[0]
        sends_money = rng.random() < 0.2 and fate is not Fate.DECLINED_FIRST
        return Wanted(
            at,
            customer,
            lines,
            fate,
            sends_money or fate is Fate.NEVER_PAID,
            coupon=self._coupon(at),
            message=rng.choice(MESSAGES) if rng.random() < 0.06 else "",
        )

    def _coupon(self, at: datetime) -> str:
        if self.rng.random() > 0.17:
            return ""
        if self.now - at > 60 * DAY:
            return "OPENING25"
        return self.rng.choice(("WELCOME10", "WELCOME10", "FREESHIP", "STARGAZER"))


def _shelves() -> Iterator[tuple[Article, ...]]:
    waiting = [*catalogue.SHELVES]
    while waiting:
        shelf = waiting.pop(0)
        waiting += shelf.shelves
        yield shelf.articles


def _codes(article: Article) -> list[str]:
    """Its SKUs that are sold in the plan: the likely ones several times."""
    found = []
    for place, size in enumerate(article.sizes or ("",)):
        for frame in article.frames or ("",):
            name = sku_code(article, (size, frame))
            if name not in article.stock:
                likely = (2, 4, 1)[place] if size in SIZES else 1
                found += [name] * (likely * (2 if frame in FRAMES[:1] else 1))
    return found
