"""Workbooks: what their cells say, and those that are made to do harm."""

import datetime as dt
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from catalog.importing import detect, xlsx
from catalog.importing.rows import UnusableFileError

HEADER = ["Handle", "Title", "Variant Price", "Published"]


def book(path: Path, *rows: list, header: list | None = None) -> Path:
    workbook = Workbook()
    for row in (header or HEADER, *rows):
        workbook.active.append(row)
    workbook.save(path)
    return path


def with_part(path: Path, name: str, change) -> Path:
    """The workbook with one of its parts changed."""
    target = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part.filename, change(data) if part.filename == name else data)
    return target


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("text", "text"),
        (5, "5"),
        (19.99, "19.99"),
        (0.1 + 0.2, "0.3"),
        (4006381333931.0, "4006381333931"),
        (1e20, "100000000000000000000"),
        (-7.5, "-7.5"),
        (True, "TRUE"),
        (False, "FALSE"),
        (dt.datetime.fromisoformat("2026-11-27T09:00"), "2026-11-27 09:00:00"),
        ("=B2*1.19", "=B2*1.19"),
        ("_x000D_", "\r"),
    ],
)
def test_a_cell_says_what_somebody_would_write_in_a_csv(tmp_path, value, text):
    path = book(tmp_path / "a.xlsx", ["a", value, None, None])

    row = detect.read(path).rows[0]

    assert row.line == 2
    assert row["title"] == text.strip()


def test_empty_rows_are_passed_over_and_lines_are_those_of_the_sheet(tmp_path):
    path = book(tmp_path / "a.xlsx", ["a", "A"], [], ["", " "], ["b", "B"])

    table = detect.read(path)

    assert [(row.line, row["handle"]) for row in table.rows] == [(2, "a"), (5, "b")]
    assert table.encoding == "XLSX"


def test_a_row_longer_than_the_header_is_refused_alone(tmp_path):
    path = book(tmp_path / "a.xlsx", ["a", "A", 1, True, "more"], ["b", "B"])

    table = detect.read(path)

    assert [row["handle"] for row in table.rows] == ["b"]
    assert [problem.line for problem in table.refused] == [2]


def test_the_first_sheet_with_a_header_is_read(tmp_path):
    workbook = Workbook()
    workbook.active.append(["Read me"])
    workbook.create_sheet("Products").append(HEADER)
    workbook.worksheets[1].append(["a", "A"])
    workbook.save(tmp_path / "a.xlsx")

    assert len(detect.read(tmp_path / "a.xlsx").rows) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 and no more", "damaged workbook"),
        (b"\xd0\xcf\x11\xe0 1997", "old Excel file"),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_sentence(tmp_path, data, reason):
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)

    with pytest.raises(UnusableFileError, match=reason):
        detect.read(path)


def test_a_zip_of_something_else_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")

    with pytest.raises(UnusableFileError, match="cannot be read as a workbook"):
        detect.read(path)


def test_a_bomb_is_measured_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_BYTES", 1024**2)
    path = book(tmp_path / "a.xlsx", ["a", "A"])
    bomb = with_part(path, "xl/styles.xml", lambda data: data + b" " * 2 * 1024**2)
    assert bomb.stat().st_size < 20_000

    with pytest.raises(UnusableFileError, match="unpacks to more than 1 MB"):
        detect.read(bomb)


def test_too_many_shared_texts_are_not_loaded(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_SHARED", 10)

    path = book(tmp_path / "a.xlsx", ["a", "A"])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", "<sst/>" + " " * 10)

    with pytest.raises(UnusableFileError, match="its texts are more than"):
        detect.read(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_not_expanded(tmp_path, encoding):
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    path = book(tmp_path / "a.xlsx", ["a", "A"])
    bomb = with_part(
        path,
        "xl/worksheets/sheet1.xml",
        lambda data: (laughs + data.decode().partition("?>")[2]).encode(encoding),
    )

    with pytest.raises(UnusableFileError, match="declares a document type"):
        detect.read(bomb)


def test_a_cell_in_the_last_corner_does_not_make_a_million_rows(tmp_path):
    corner = (
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row>'
        b"</sheetData>"
    )
    path = book(tmp_path / "a.xlsx", ["a", "A"])
    far = with_part(
        path, "xl/worksheets/sheet1.xml", lambda data: data.replace(b"</sheetData>", corner)
    )

    assert len(detect.read(far).rows) == 1


def test_a_size_that_the_sheet_lies_about_is_of_no_account(tmp_path):
    path = book(tmp_path / "a.xlsx", ["a", "A"], ["b", "B"])
    lying = with_part(
        path,
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b'ref="A1:D3"', b'ref="A1:A1"'),
    )

    assert len(detect.read(lying).rows) == 2


def test_more_rows_than_anybody_sells_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    path = book(tmp_path / "a.xlsx", *([f"a{number}", "A"] for number in range(4)))

    with pytest.raises(UnusableFileError, match="more than 3 rows"):
        detect.read(path)
