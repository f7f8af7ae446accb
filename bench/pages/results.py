"""The table of a run, and what has become worse since the one in ``bench/RESULTS.md``. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

WORSE = 1.25
HEAD = (
    "page", "CPU ms", "× bare", "× W", "SQL ms", "queries", "first time", "p50 ms", "p99 ms",
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
    # The same where the process keeps nothing in its memory.
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
        if self.most_queries is not None and (self.queries or 0) > self.most_queries:
            short.append("queries")
        return f"no: {', '.join(short)}" if short else "yes"

    def cells(self) -> Iterator[str]:
        yield self.name
        yield f"{self.cpu:.2f}"
        yield _times(self.bare)
        yield _times(self.wagtail)
        yield NOTHING if self.sql is None else f"{self.sql:.1f}"
        yield NOTHING if self.queries is None else str(self.queries)
        yield NOTHING if self.first_queries is None else str(self.first_queries)
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
    queries: int | None


def table(rows: Iterable[Row]) -> list[str]:
    """In Markdown."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    return lines + [f"| {' | '.join(row.cells())} |" for row in rows]


def known(text: str, heading: str) -> dict[str, Known]:
    """The pages of the section with this heading; none where there is no such section."""
    section = _sections(text).get(heading, "")
    found = {}
    for line in section.splitlines():
        inside = line.strip().removeprefix("|").removesuffix("|")
        cells = [cell.strip() for cell in inside.split("|")]
        if len(cells) == len(HEAD) and re.fullmatch(r"[\d.]+", cells[1]):
            named = dict(zip(HEAD, cells, strict=True))
            queries = named["queries"]
            found[named["page"]] = Known(
                _number(named["× bare"]),
                _number(named["× W"]),
                int(queries) if queries else None,
            )
    return found


def worse(rows: Sequence[Row], before: Mapping[str, Known]) -> list[str]:
    """In a sentence each: what asks more queries, and whose ratio has grown by a quarter."""
    found = []
    for row in rows:
        was = before.get(row.name)
        if was is None:
            continue
        if was.queries is not None and row.queries is not None and row.queries > was.queries:
            found.append(f"{row.name}: {row.queries} queries instead of {was.queries}")
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
