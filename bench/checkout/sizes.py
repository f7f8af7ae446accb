"""How much of everything, and how what was found is told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median


@dataclass(frozen=True)
class Sizes:
    rounds: int = 20
    buyers: int = 200
    units: int = 50
    checkouts: int = 50
    clicks: int = 10
    orders: int = 500
    kills: int = 20
    web_kills: int = 20
    broker_kills: int = 5
    coupon_buyers: int = 100
    posts: int = 20


SMALL = Sizes(
    rounds=1,
    buyers=24,
    units=6,
    checkouts=4,
    clicks=6,
    orders=40,
    kills=3,
    web_kills=3,
    broker_kills=1,
    coupon_buyers=12,
    posts=4,
)


def sizes(*, is_quick: bool, rounds: int | None) -> Sizes:
    chosen = SMALL if is_quick else Sizes()
    return replace(chosen, rounds=rounds) if rounds else chosen


@dataclass(frozen=True)
class Row:
    """One figure: what must be, what was, and what was with the guard off."""

    what: str
    wanted: object
    found: object
    control: object = ""
    # Only told: a time, or a number that may be anything.
    is_free: bool = False

    @property
    def is_right(self) -> bool:
        return self.is_free or self.wanted == self.found


@dataclass(frozen=True)
class Found:
    what: str
    rows: Sequence[Row]
    # Whether the control showed the failure that the guard prevents.
    control_fails: bool

    @property
    def is_right(self) -> bool:
        return self.control_fails and all(row.is_right for row in self.rows)

    def lines(self) -> Iterator[str]:
        yield f"  {'':52}{'must be':>14}{'was':>22}{'guard off':>22}"
        for row in self.rows:
            mark = "" if row.is_right else "  WRONG"
            yield f"  {row.what:52}{row.wanted!s:>14}{row.found!s:>22}{row.control!s:>22}{mark}"
        if not self.control_fails:
            yield "  The control has not failed: it proves nothing."


def seconds(times: Sequence[float]) -> str:
    """The median and the longest."""
    return f"{median(times):.2f}, {max(times):.2f} s" if times else "none"
