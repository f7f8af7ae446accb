"""The table of a run, and what has become worse since the one in ``bench/RESULTS.md``. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

WORSE = 1.25
# How many queries; all but the last may be as many as the bar says.
FIRST_TIME = "first time"
COUNTED = ("queries", "after its own change", "never asked", FIRST_TIME)
HEAD = (
    "page", "CPU ms", "× bare", "× W", "SQL ms", *COUNTED, "p50 ms", "p99 ms",
    "requests/s", "to reach", "queries to reach", "reached",
)  # fmt: skip
NOTHING = ""


@dataclass(frozen=True)
class Row:
    """One page, one way. What was not measured, or not asked, is None or empty."""

    name: str
    cpu: float
    bare: float | None = None
    wagtail: float | None = None
    sql: float | None = None
    queries: int | None = None
    # After something that it shows has changed; where the process knows the rest of the shop and
    # not the page; and where it keeps nothing in its memory.
    changed_queries: int | None = None
    new_queries: int | None = None
    first_queries: int | None = None
    p50: float = 0
    p99: float = 0
    rate: float = 0
    bar: str = NOTHING
    most_queries: int | None = None
    # Which of the two ratios the bar is about, and how large it may be.
    ratio: float | None = None
    most: float | None = None

    @property
    def reached(self) -> str:
        """ "yes", or what is not; empty where nothing is asked."""
        if self.most is None and self.most_queries is None:
            return NOTHING
        short = []
        if self.most is not None and self.ratio is not None and self.ratio > self.most:
            short.append("CPU")
        if self.most_queries is not None:
            short += [
                name
                for name, number in self.counted.items()
                if name != FIRST_TIME and (number or 0) > self.most_queries
            ]
        return f"no: {', '.join(short)}" if short else "yes"

    @property
    def counted(self) -> dict[str, int | None]:
        """Its queries, by the columns that say how much of it was known."""
        numbers = self.queries, self.changed_queries, self.new_queries, self.first_queries
        return dict(zip(COUNTED, numbers, strict=True))

    def cells(self) -> Iterator[str]:
        yield self.name
        yield f"{self.cpu:.2f}"
        yield _times(self.bare)
        yield _times(self.wagtail)
        yield NOTHING if self.sql is None else f"{self.sql:.1f}"
        for number in self.counted.values():
            yield NOTHING if number is None else str(number)
        yield f"{self.p50:.1f}"
        yield f"{self.p99:.1f}"
        yield f"{self.rate:,.0f}"
        yield self.bar
        yield NOTHING if self.most_queries is None else f"≤ {self.most_queries}"
        yield self.reached


@dataclass(frozen=True)
class Known:
    """What the committed table says of a page."""

    bare: float | None
    wagtail: float | None
    # By the names of their columns; those that were not measured are left out.
    queries: Mapping[str, int]


def table(rows: Iterable[Row]) -> list[str]:
    """In Markdown."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    return lines + [f"| {' | '.join(row.cells())} |" for row in rows]


def known(text: str, heading: str) -> dict[str, Known]:
    """The pages of the section with this heading; none where there is no such section."""
    section = _sections(text).get(heading, "")
    found = {}
    head: list[str] = []
    for line in section.splitlines():
        inside = line.strip().removeprefix("|").removesuffix("|")
        cells = [cell.strip() for cell in inside.split("|")]
        if cells[0] == HEAD[0]:
            # An older table may have other columns.
            head = cells
        elif len(cells) == len(head) and re.fullmatch(r"[\d.]+", cells[1]):
            named = dict(zip(head, cells, strict=True))
            found[named["page"]] = Known(
                _number(named["× bare"]),
                _number(named["× W"]),
                {name: int(named[name]) for name in COUNTED if named.get(name)},
            )
    return found


def worse(rows: Sequence[Row], before: Mapping[str, Known]) -> list[str]:
    """In a sentence each: what asks more queries, and whose ratio has grown by a quarter."""
    found = []
    for row in rows:
        was = before.get(row.name)
        if was is None:
            continue
        for name, number in row.counted.items():
            then = was.queries.get(name)
            if number is not None and then is not None and number > then:
                what = "" if name == "queries" else f" {name}"
                found.append(f"{row.name}: {number} queries{what} instead of {then}")
        for label, now, then in (("bare", row.bare, was.bare), ("W", row.wagtail, was.wagtail)):
            if now is not None and then is not None and now > then * WORSE:
                found.append(f"{row.name}: {now:.2f} × {label} instead of {then:.2f}")
    measured = {row.name for row in rows}
    found += [f"{name}: not measured any more" for name in before if name not in measured]
    return found


def written(text: str, heading: str, lines: Sequence[str]) -> str:
    """The text with a section of this heading that says this, in the place of an older one."""
    sections = _sections(text)
    sections[heading] = "\n".join(["", *lines, ""])
    first = sections.pop("", "")
    parts = [f"## {name}\n{content.rstrip()}\n" for name, content in sections.items()]
    return "\n".join([f"{first.rstrip()}\n", *parts])


def _sections(text: str) -> dict[str, str]:
    """By their headings; what stands before the first under ""."""
    parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def _times(ratio: float | None) -> str:
    return NOTHING if ratio is None else f"{ratio:.2f}"


def _number(cell: str) -> float | None:
    return float(cell) if cell else None
