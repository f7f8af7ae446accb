"""Read a product CSV: bytes to text, text to records, records to rows by meaning. Pure."""

import codecs
import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from catalog.exporting.cells import as_written

from .formats import SHOPIFY, Format, of_header
from .lines import Lines, is_utf8
from .report import Problem

DELIMITERS = (",", ";", "\t")
# A longer record is no product but a quotation mark that is missing. The longest one in the
# exports of real shops has 143 lines and 11,264 characters.
MOST_LINES = 1_000
MOST_CHARACTERS = 250_000
# After a broken record the next whole row is looked for from every line. In all of a file this
# reads so many times its length at most, so that a file that is broken throughout ends too.
REREADING = 20
NOT_UTF8 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# So many rows that were read last are kept: more than any product has.
KEPT = 256
TOO_LONG = (
    f"the row is longer than {MOST_LINES:,} lines or {MOST_CHARACTERS:,} characters: "
    "a quotation mark may be missing or too many"
)


class UnusableFileError(Exception):
    """Nothing can be read from this file; the message is one sentence for the operator."""


class Row:
    """One record: trimmed cells by meaning, and the physical line at which it begins.

    What it says is either there, or read by its line each time it is asked for.
    """

    __slots__ = ("_cells", "line")

    def __init__(self, line: int, cells: dict[str, str] | Callable[[int], dict[str, str]]) -> None:
        self.line, self._cells = line, cells

    @property
    def cells(self) -> dict[str, str]:
        return self._cells(self.line) if callable(self._cells) else self._cells

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass
class Table:
    encoding: str
    # For each meaning that the file has a column for, the column's name in the file.
    columns: dict[str, str]
    format: Format = SHOPIFY
    rows: list[Row] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)

    def name(self, column: str) -> str:
        """The column as the file calls it, or else as its format does."""
        return self.columns.get(column) or self.format.columns.get(column, (column,))[0]


def read(path: Path) -> Table:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnusableFileError(f"{path.name} cannot be read: {error.strerror}.") from error
    return parse(data, path.name)


def parse(data: bytes, name: str = "The file") -> Table:
    encoding = "UTF-8"
    if data.startswith(NOT_UTF8) or not is_utf8(data):
        text, encoding = decode(data)
        data = text.encode()
        del text
    lines = Lines(data)
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise UnusableFileError(f"{name} is empty.")
    if "\0" in lines[first]:
        raise UnusableFileError(
            f"{name} begins with NUL bytes, as UTF-16 or UTF-32 without a byte order mark does: "
            "save it as UTF-8."
        )
    header, start, delimiter = _header(lines, first)
    table, places = table_for(header, encoding, name)
    for entry in _Entries(lines, delimiter, len(header), places, table.format).beginning_at(start):
        if isinstance(entry, Problem):
            table.refused.append(entry)
        else:
            table.rows.append(entry)
    return table


def table_for(header: list[str], encoding: str, name: str) -> tuple[Table, dict[str, int]]:
    """An empty table for a file with this header, and where in it each meaning stands.

    Raises UnusableFileError where the header is that of no format.
    """
    format_ = of_header(header)
    if format_ is None:
        columns = " and no ".join(f'"{column}"' for column in SHOPIFY.missing(header))
        raise UnusableFileError(f"{name} is no product file: it has no {columns} column.")
    places = format_.places(header)
    columns = {column: " ".join(header[at].split()) for column, at in places.items()}
    return Table(encoding, columns, format_), places


def decode(data: bytes) -> tuple[str, str]:
    """The text, and the name of the encoding it was in."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        tries = [("utf-32", "UTF-32")]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tries = [("utf-16", "UTF-16")]
    else:
        tries = [("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")]
    for codec, name in tries:
        try:
            return data.decode(codec), name
        except UnicodeDecodeError:
            continue
    if len(tries) > 1:
        raise UnusableFileError("The file is not text: it is neither UTF-8 nor Windows-1252.")
    raise UnusableFileError(
        f"The file is not text: it is marked as {tries[0][1]}, but is damaged. Save it as UTF-8."
    )


def _header(lines: Lines, first: int) -> tuple[list[str], int, str]:
    """The header's names, the line after it, and the delimiter that shows the needed columns."""
    headers = []
    for delimiter in DELIMITERS:
        cells, end, _reason = _record(lines, first, delimiter)
        if of_header(cells):
            return cells, end, delimiter
        headers.append((cells, end, delimiter))
    return max(headers, key=lambda found: len(found[0]))


@dataclass
class _Lines:
    """The lines from one on, as many as a record may have."""

    lines: Lines
    start: int
    # Whether the record went on when there were no more.
    is_open: bool = False

    def __iter__(self) -> Iterator[str]:
        size = 0
        for at in range(self.start, min(len(self.lines), self.start + MOST_LINES)):
            line = self.lines[at]
            yield line
            size += len(line)
            if size > MOST_CHARACTERS:
                break
        self.is_open = True


def _record(lines: Lines, start: int, delimiter: str) -> tuple[list[str], int, str]:
    """The record that begins at a line, the line after it, and why it cannot be read, if so."""
    # A reader for each record, so that reading can begin anew at any line.
    given = _Lines(lines, start)
    reader = csv.reader(given, delimiter=delimiter)
    try:
        cells = next(reader)
    except csv.Error:
        limit = f"a cell is longer than {csv.field_size_limit():,} characters"
        return [], start + reader.line_num, limit
    end = start + reader.line_num
    if not given.is_open:
        return cells, end, ""
    if end < len(lines):
        return [], end, TOO_LONG
    # The last line of a file may want its quotation mark.
    never = "a quotation mark is opened and never closed"
    return cells, end, never if end - start > 1 else ""


class _Entries:
    """The records after the header, each a row or a problem."""

    def __init__(
        self, lines: Lines, delimiter: str, width: int, places: dict[str, int], format_: Format
    ) -> None:
        self.lines, self.delimiter = lines, delimiter
        self.width, self.places, self.format = width, places, format_
        self.key = places[format_.needed[0]]
        self.spare = REREADING * lines.size(0, len(lines)) + 4 * MOST_CHARACTERS
        # A product's rows are asked for many times, and those of the whole file once or twice.
        self.cells = lru_cache(KEPT)(self._cells)

    def beginning_at(self, start: int) -> Iterator[Row | Problem]:
        while start < len(self.lines):
            cells, end, reason = _record(self.lines, start, self.delimiter)
            reason = reason or _misshapen(cells, self.width)
            if reason:
                self._spend(start, end)
                reason, end = self._passed_over(start, end, reason)
                yield Problem(start + 1, "", f"{reason}.")
            elif any(cell.strip() for cell in cells):
                row = row_of(start + 1, cells, self.places, self.format)
                yield row if isinstance(row, Problem) else Row(row.line, self.cells)
            start = end

    def _cells(self, line: int) -> dict[str, str]:
        cells, _end, _reason = _record(self.lines, line - 1, self.delimiter)
        return _texts(cells, self.places, self.format)

    def _passed_over(self, start: int, end: int, reason: str) -> tuple[str, int]:
        """What to say of a broken record, and the line to go on at."""
        if end - start > 1 and "quotation" not in reason:
            reason += "; a quotation mark may be missing or too many"
        # An open quotation mark swallows the rows after it: look for the next whole one. A record
        # without an end may go on beyond what was read of it.
        limit = len(self.lines) if reason == TOO_LONG else end
        at = start + 1
        while at < limit and self.spare > 0 and not self._is_whole(at):
            at += 1
        at = at if self.spare > 0 else max(at, end)
        if at - start > 1 and (reason == TOO_LONG or self.spare <= 0):
            reason += f"; nothing was read up to line {at:,}"
        return reason, at

    def _spend(self, start: int, end: int) -> None:
        self.spare -= self.lines.size(start, end)

    def _is_whole(self, at: int) -> bool:
        """Whether the record at a line is a row with a handle, or whatever each row has."""
        cells, end, reason = _record(self.lines, at, self.delimiter)
        self._spend(at, end)
        if reason or _misshapen(cells, self.width):
            return False
        return any(cell.strip() for cell in cells) and bool(cells[self.key].strip())


def _misshapen(cells: list[str], width: int) -> str:
    if not any(cell.strip() for cell in cells):
        return ""
    # Spreadsheets add empty cells at the end; those say nothing.
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return f"the row has {len(cells)} cells where the header has {width}"
    return ""


def row_of(line: int, cells: list[str], places: dict[str, int], format_: Format) -> Row | Problem:
    """The record as a row by meaning."""
    if any("\0" in cell for cell in cells):
        return Problem(line, "", "the row contains a NUL byte.")
    return Row(line, _texts(cells, places, format_))


def _texts(cells: list[str], places: dict[str, int], format_: Format) -> dict[str, str]:
    texts = {column: cells[place] for column, place in places.items()}
    if not format_.is_continued:
        texts = {column: text.strip() for column, text in texts.items()}
    if format_.is_defused:
        texts = {column: as_written(text) for column, text in texts.items()}
    return texts
