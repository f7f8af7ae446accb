"""Read a product CSV: bytes to text, text to records, records to rows by meaning. Pure."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .report import Problem

# What a column means, and how headers spell it; the first spelling is Shopify's own.
COLUMNS: dict[str, tuple[str, ...]] = {
    "handle": ("Handle", "URL handle"),
    "title": ("Title",),
    "body": ("Body (HTML)", "Body", "Description"),
    "vendor": ("Vendor",),
    "category": ("Product Category",),
    "type": ("Type", "Product type", "Custom product type"),
    "tags": ("Tags",),
    "published": ("Published", "Published on online store"),
    "status": ("Status",),
    "option1_name": ("Option1 Name",),
    "option1": ("Option1 Value",),
    "option2_name": ("Option2 Name",),
    "option2": ("Option2 Value",),
    "option3_name": ("Option3 Name",),
    "option3": ("Option3 Value",),
    "sku": ("Variant SKU", "SKU"),
    "grams": ("Variant Grams", "Weight value (grams)"),
    "tracker": ("Variant Inventory Tracker", "Inventory tracker"),
    "quantity": ("Variant Inventory Qty", "Variant Inventory Quantity", "Inventory quantity"),
    "policy": ("Variant Inventory Policy", "Continue selling when out of stock"),
    "price": ("Variant Price", "Price"),
    "compare_at": ("Variant Compare At Price", "Compare-at price"),
    "barcode": ("Variant Barcode", "Barcode"),
    "image": ("Image Src", "Product image URL"),
    "image_position": ("Image Position",),
    "image_alt": ("Image Alt Text",),
    "variant_image": ("Variant Image", "Variant image URL"),
    "seo_title": ("SEO Title",),
    "seo_description": ("SEO Description",),
}
NEEDED = ("handle", "title")
DELIMITERS = (",", ";", "\t")


class UnusableFileError(Exception):
    """Nothing can be read from this file; the message is one sentence for the operator."""


@dataclass(frozen=True)
class Row:
    """One record: trimmed cells by meaning, and the physical line at which it begins."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass
class Table:
    encoding: str
    # For each meaning that the file has a column for, the column's name in the file.
    columns: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)

    def name(self, column: str) -> str:
        return self.columns.get(column, COLUMNS[column][0])


def read(path: Path) -> Table:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnusableFileError(f"{path.name} cannot be read: {error.strerror}.") from error
    return parse(data, path.name)


def parse(data: bytes, name: str = "The file") -> Table:
    text, encoding = decode(data)
    # Only \n, \r and \r\n end a line here, as in the editor in which an operator looks it up.
    lines = list(io.StringIO(text, newline=""))
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise UnusableFileError(f"{name} is empty.")
    header, start, delimiter = _header(lines, first)
    places = _places(header)
    missing = [COLUMNS[column][0] for column in NEEDED if column not in places]
    if missing:
        columns = " and no ".join(f'"{column}"' for column in missing)
        raise UnusableFileError(f"{name} is no product CSV: it has no {columns} column.")
    table = Table(encoding, {column: header[place] for column, place in places.items()})
    for entry in _entries(lines, start, delimiter, len(header), places):
        if isinstance(entry, Problem):
            table.refused.append(entry)
        else:
            table.rows.append(entry)
    return table


def decode(data: bytes) -> tuple[str, str]:
    """The text, and the name of the encoding it was in."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tries = [("utf-16", "UTF-16")]
    else:
        tries = [("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")]
    for codec, name in tries:
        try:
            return data.decode(codec), name
        except UnicodeDecodeError:
            continue
    raise UnusableFileError("The file is not text: it is neither UTF-8 nor Windows-1252.")


def _header(lines: list[str], first: int) -> tuple[list[str], int, str]:
    """The header's names, the line after it, and the delimiter that shows the needed columns."""
    headers = []
    for delimiter in DELIMITERS:
        cells, end, _reason = _record(lines, first, delimiter)
        header = [" ".join(cell.split()) for cell in cells]
        if all(column in _places(header) for column in NEEDED):
            return header, end, delimiter
        headers.append((header, end, delimiter))
    return max(headers, key=lambda found: len(found[0]))


def _places(header: list[str]) -> dict[str, int]:
    """Where each meaning stands; of two columns that mean the same the first counts."""
    meanings = {_plain(name): column for column, names in COLUMNS.items() for name in names}
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        if column := meanings.get(_plain(name)):
            places.setdefault(column, place)
    return places


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _record(lines: list[str], start: int, delimiter: str) -> tuple[list[str], int, str]:
    """The record that begins at a line, the line after it, and why it cannot be read, if so."""
    # A reader for each record, so that reading can begin anew at any line.
    reader = _reader(lines, start, delimiter)
    try:
        cells = next(reader)
    except csv.Error:
        limit = f"a cell is longer than {csv.field_size_limit():,} characters"
        return [], start + reader.line_num, limit
    end = start + reader.line_num
    if end == len(lines) and end - start > 1 and _is_open(lines, start, delimiter):
        return cells, end, "a quotation mark is opened and never closed"
    return cells, end, ""


def _reader(lines: list[str], start: int, delimiter: str, *, strict: bool = False) -> Any:
    rest = (lines[at] for at in range(start, len(lines)))
    return csv.reader(rest, delimiter=delimiter, strict=strict)


def _is_open(lines: list[str], start: int, delimiter: str) -> bool:
    """Whether a record runs to the end of the file for want of a quotation mark."""
    try:
        next(_reader(lines, start, delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _entries(
    lines: list[str], start: int, delimiter: str, width: int, places: dict[str, int]
) -> Iterator[Row | Problem]:
    while start < len(lines):
        cells, end, reason = _record(lines, start, delimiter)
        reason = reason or _misshapen(cells, width)
        if reason:
            # An open quotation mark swallows the rows after it: look for the next whole one.
            whole = (
                at
                for at in range(start + 1, end)
                if _is_whole(*_record(lines, at, delimiter), width, places["handle"])
            )
            if end - start > 1 and "quotation" not in reason:
                reason += "; a quotation mark may be missing or too many"
            end = next(whole, end)
            yield Problem(start + 1, "", f"{reason}.")
        elif any(cell.strip() for cell in cells):
            yield _row(start + 1, cells, places)
        start = end


def _misshapen(cells: list[str], width: int) -> str:
    if not any(cell.strip() for cell in cells):
        return ""
    # Spreadsheets add empty cells at the end; those say nothing.
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        return f"the row has {len(cells)} cells where the header has {width}"
    return ""


def _is_whole(cells: list[str], _end: int, reason: str, width: int, handle: int) -> bool:
    if reason or _misshapen(cells, width):
        return False
    return any(cell.strip() for cell in cells) and bool(cells[handle].strip())


def _row(line: int, cells: list[str], places: dict[str, int]) -> Row | Problem:
    if any("\0" in cell for cell in cells):
        return Problem(line, "", "the row contains a NUL byte.")
    return Row(line, {column: cells[place].strip() for column, place in places.items()})
