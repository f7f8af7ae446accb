"""What became of a file: counts, bad rows, pictures that could not be had, notes. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

# A note may concern thousands of rows; beyond this many the lines are counted, not listed.
LINES_IN_A_NOTE = 12
KEPT_IN_JSON = 200
# For what no message was foreseen.
UNEXPECTED = "could not be imported, for a reason that was not foreseen: the log has the details."


@dataclass(frozen=True, order=True)
class Problem:
    """One cell or row that could not be used, and why."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.reason}"


@dataclass
class Report:
    name: str
    # What the file was, such as "Shopify", and how it was written, such as "UTF-8".
    format: str = ""
    encoding: str = ""
    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    # How many categories and attributes were created or updated.
    others: Counter[str] = field(default_factory=Counter)
    bad_rows: list[Problem] = field(default_factory=list)
    pictures: list[Problem] = field(default_factory=list)
    # For each thing to be said once, the lines it is said of.
    notes: dict[str, list[int]] = field(default_factory=dict)
    # About the file as a whole.
    remarks: list[str] = field(default_factory=list)

    def bad_row(self, line: int, column: str, reason: str) -> None:
        self.bad_rows.append(Problem(line, column, reason))

    def picture(self, line: int, column: str, reason: str) -> None:
        self.pictures.append(Problem(line, column, reason))

    def note(self, text: str, line: int) -> None:
        self.notes.setdefault(text, []).append(line)

    def mark(self) -> tuple[int, int]:
        """How many problems were told so far, for ``back_to``."""
        return len(self.bad_rows), len(self.pictures)

    def back_to(self, mark: tuple[int, int]) -> None:
        """Forget the problems told since: what told them begins anew."""
        del self.bad_rows[mark[0] :], self.pictures[mark[1] :]

    def as_json(self) -> dict[str, Any]:
        """What a job keeps of it, with at most ``KEPT_IN_JSON`` of each kind of problem."""

        def problems(found: Sequence[Problem]) -> list[list[object]]:
            first = sorted(found)[:KEPT_IN_JSON]
            return [[each.line, each.column, each.reason] for each in first]

        return {
            "outcomes": dict(self.outcomes),
            "others": dict(self.others),
            "rows": self.rows,
            "format": self.format,
            "encoding": self.encoding,
            "bad_rows": problems(self.bad_rows),
            "bad_row_count": len(self.bad_rows),
            "pictures": problems(self.pictures),
            "picture_count": len(self.pictures),
            "notes": [f"{text}: {_lines(lines)}" for text, lines in self.notes.items()],
            "remarks": self.remarks,
        }

    @property
    def is_failure(self) -> bool:
        """Whether nothing at all could be used."""
        used = sum(self.outcomes[kind] for kind in ("created", "updated", "unchanged"))
        return not used and not self.others

    def __str__(self) -> str:
        parts = [self._heading(), self._counts()]
        parts += _section(counted(len(self.bad_rows), "bad row"), sorted(self.bad_rows))
        missing = counted(len(self.pictures), "picture") + " not imported"
        parts += _section(missing, sorted(self.pictures))
        notes = [f"{text}: {_lines(lines)}" for text, lines in self.notes.items()]
        parts += _section("Notes", [*self.remarks, *notes])
        return "\n\n".join(parts)

    def _heading(self) -> str:
        how = ", ".join(filter(None, (self.format, self.encoding)))
        return f"{self.name}: {counted(self.rows, 'row')}, {how}"

    def _counts(self) -> str:
        kinds = ("created", "updated", "unchanged", "skipped")
        lines = [f"{self.outcomes[kind]:>9,} {kind}" for kind in kinds]
        lines += [f"{count:>9,} {what}" for what, count in sorted(self.others.items())]
        return "\n".join(["Products", *lines])


def counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def shortened(entries: Sequence[str]) -> str:
    """The first entries, and how many more there are."""
    shown = ", ".join(entries[:LINES_IN_A_NOTE])
    rest = len(entries) - LINES_IN_A_NOTE
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def _section(heading: str, entries: Iterable[object]) -> list[str]:
    lines = [f"  {entry}" for entry in entries]
    return ["\n".join([heading, *lines])] if lines else []


def _lines(numbers: list[int]) -> str:
    """Physical lines as a reader writes them: "lines 2-5, 9"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    shown = ", ".join("-".join(map(str, run)) for run in runs[:LINES_IN_A_NOTE])
    rest = " and more" if len(runs) > LINES_IN_A_NOTE else ""
    word = "line" if len(set(numbers)) == 1 else f"{len(set(numbers)):,} rows, lines"
    return f"{word} {shown}{rest}"
