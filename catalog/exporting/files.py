"""Write rows as CSV or XLSX, one after another, with every cell made safe to open."""

import csv
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from .cells import in_xml, safe
from .columns import pieces

CSV, XLSX = "csv", "xlsx"
FORMATS = (CSV, XLSX)
# Wider columns for what is long; in characters.
WIDTH, WIDE = 16, 40


class Writer(ABC):
    """Writes a header and rows to a file; the file is whole once the block is left."""

    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        self.path = path
        self.columns = dict(columns)

    def write(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Write the rows; return how many there were. A row too long continues in the next."""
        count = 0
        for row in rows:
            count += 1
            for piece in pieces(row):
                self._write([safe(piece.get(meaning, "")) for meaning in self.columns])
        return count

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    @abstractmethod
    def _write(self, cells: list[Any]) -> None: ...


class CsvWriter(Writer):
    def __enter__(self) -> Self:
        # Without the mark Excel takes UTF-8 for Windows-1252.
        self._file = self.path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file)
        self._csv.writerow([safe(name) for name in self.columns.values()])
        return self

    def __exit__(self, *error: Any) -> None:
        self._file.close()

    def _write(self, cells: list[Any]) -> None:
        self._csv.writerow([_plain(cell) for cell in cells])


class XlsxWriter(Writer):
    def __enter__(self) -> Self:
        self._book = Workbook(write_only=True)
        self._book.properties.creator = "Storefront"
        # The same catalogue is the same file, whenever it is written.
        moment = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
        self._book.properties.created = self._book.properties.modified = moment
        self._sheet = self._book.create_sheet("Products")
        self._sheet.freeze_panes = "D2"
        for place, meaning in enumerate(self.columns, start=1):
            letter = _letter(place)
            wide = meaning in ("title", "category", "summary", "body")
            self._sheet.column_dimensions[letter].width = WIDE if wide else WIDTH
        header = []
        for name in self.columns.values():
            cell = self._cell(safe(name))
            cell.font = Font(bold=True)
            header.append(cell)
        self._sheet.append(header)
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: Any) -> None:
        if kind is None:
            self._book.save(self.path)
        else:
            # The rows so far are in a file of the library's, which only goes with the process.
            self._sheet.close()
            self._sheet._writer.cleanup()

    def _write(self, cells: list[Any]) -> None:
        while cells and cells[-1] == "":
            cells.pop()
        self._sheet.append([self._cell(cell) if cell != "" else None for cell in cells])

    def _cell(self, value: Any) -> WriteOnlyCell:
        cell = WriteOnlyCell(self._sheet, in_xml(value) if isinstance(value, str) else value)
        if isinstance(value, str):
            # Never a formula, an error or a date: a text, whatever it looks like.
            cell.data_type = "s"
        return cell


WRITERS: dict[str, type[Writer]] = {CSV: CsvWriter, XLSX: XlsxWriter}


def _plain(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _letter(place: int) -> str:
    """The name of a column: A to Z, then AA."""
    name = ""
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
