"""Read a product file that is an Excel workbook: its first sheet, row by row. Pure.

A workbook is a ZIP of XML, and both can be made to swell: what is inside is measured
before it is unpacked, and only so many rows and columns are looked at.
"""

import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from catalog.exporting.cells import from_xml

from .report import Problem
from .rows import Table, UnusableFileError, row_of, table_for

# A sheet of 50,000 products with long descriptions has some 150 MB of XML.
MOST_BYTES = 250 * 1024**2
# The texts that cells share are held in memory, all at once.
MOST_SHARED = 100 * 1024**2
MOST_PARTS = 2_000
MOST_ROWS = 500_000
MOST_COLUMNS = 1_000
# So many rows may stand above the header.
MOST_ABOVE = 50
# So many empty rows in a row, and the sheet is taken to be at its end.
MOST_EMPTY = 10_000


def read(path: Path) -> Table:
    """The first sheet that has a product file's header; UnusableFileError where none has."""
    try:
        _check_parts(path)
        with warnings.catch_warnings():
            # openpyxl tells of charts and other things that it leaves out.
            warnings.simplefilter("ignore")
            return _read(path)
    except UnusableFileError:
        raise
    except Exception as error:
        # Whatever a broken workbook makes the library raise, the file cannot be used.
        raise UnusableFileError(
            f"{path.name} cannot be read as a workbook: save it again as XLSX or CSV."
        ) from error


def _check_parts(path: Path) -> None:
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                _refuse(path, f"it unpacks to more than {MOST_BYTES // 1024**2} MB")
            for part in parts:
                if not part.filename.lower().endswith((".xml", ".rels")):
                    continue
                if "sharedstrings" in part.filename.lower() and part.file_size > MOST_SHARED:
                    _refuse(path, f"its texts are more than {MOST_SHARED // 1024**2} MB")
                with archive.open(part) as file:
                    # Excel declares no entities: they only serve to blow up the reader.
                    if b"<!D" in file.read(4096).replace(b"\0", b"").upper():
                        _refuse(path, "it declares a document type, as no workbook does")
    except BadZipFile as error:
        raise UnusableFileError(f"{path.name} is a damaged workbook.") from error


def _refuse(path: Path, reason: str) -> NoReturn:
    raise UnusableFileError(f"{path.name} is not read: {reason}.")


def _read(path: Path) -> Table:
    workbook = load_workbook(path, read_only=True, keep_links=False)
    try:
        failure: UnusableFileError | None = None
        for sheet in workbook.worksheets:
            # What the sheet says of its size is often wrong, and may be meant to be.
            sheet.reset_dimensions()
            try:
                return _table(sheet, path)
            except UnusableFileError as error:
                failure = failure or error
        raise failure or UnusableFileError(f"{path.name} is empty.")
    finally:
        workbook.close()


def _table(sheet: Any, path: Path) -> Table:
    above = enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ABOVE), start=1)
    start, header = next(((at, cells) for at, row in above if (cells := _texts(row))), (0, []))
    if not header:
        raise UnusableFileError(f"{path.name} is empty.")
    table, places = table_for(header, "XLSX", path.name)
    for line, cells in _rows(sheet, start + 1, len(header), path):
        if len(cells) > len(header):
            reason = f"the row has more cells than the header, which has {len(header)}."
            table.refused.append(Problem(line, "", reason))
            continue
        cells += [""] * (len(header) - len(cells))
        entry = row_of(line, cells, places, table.format)
        if isinstance(entry, Problem):
            table.refused.append(entry)
        else:
            table.rows.append(entry)
    return table


def _rows(sheet: Any, start: int, width: int, path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that say anything, each with its number in the sheet."""
    empty = 0
    # openpyxl gives an empty row for each that is missing.
    rows = sheet.iter_rows(min_row=start, max_row=start + MOST_ROWS, max_col=width + 1)
    for number, row in enumerate(rows, start=start):
        if number >= start + MOST_ROWS:
            _refuse(path, f"it has more than {MOST_ROWS:,} rows")
        cells = _texts(row)
        empty = 0 if cells else empty + 1
        if empty > MOST_EMPTY:
            return
        if cells:
            yield number, cells


def _texts(row: Sequence[Any]) -> list[str]:
    """The cells up to the last that says anything."""
    cells = [_text(cell) for cell in row]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _text(cell: Any) -> str:
    """What a cell says, as somebody would write it in a CSV; a formula as its text."""
    value = getattr(cell.value, "text", cell.value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Excel itself keeps and shows fifteen digits.
        return f"{Decimal(f'{value:.15g}').normalize():f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return from_xml(str(value))
