"""What leaves the shop in a spreadsheet calls no programs, and comes back as it was."""

import csv
import io
import json
from decimal import Decimal
from types import SimpleNamespace
from xml.etree import ElementTree
from xml.sax.saxutils import escape
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils.functional import lazystr
from hypothesis import example, given, settings
from hypothesis import strategies as st
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from catalog.exporting.cells import as_written, from_xml, in_xml, safe
from catalog.exporting.columns import MOST_IN_A_CELL, pieces
from catalog.tests.factories import make_page
from tests.services import REAL_FILES

NAUGHTY = REAL_FILES / "strings" / "blns.json"
# The letters of formulas more often than chance would have it.
texts = st.text() | st.text(alphabet="'=+-@\t\r\n ＝1a\0\x0b_x0D￾")


def naughty() -> list[str]:
    return json.loads(NAUGHTY.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1",
        "  =1",
        "=cmd|' /C calc'!A0",
        "＝1+1",
        "'=1+1",
        "+49 30 1234",
        "-",
        "--",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert safe(text) == f"'{text}"
    assert as_written(safe(text)) == text


@pytest.mark.parametrize(
    "value", ["", "a=b", "1-2", "-5", "-12.50", "'a", "it's", -5, Decimal("-1.5"), None]
)
def test_everything_else_stays_as_it_is(value):
    assert safe(value) == value
    assert value is None or not isinstance(value, str) or as_written(value) == value


@settings(deadline=None)
@given(texts)
@example("''=")
@example("' '=")
def test_any_text_comes_back_from_a_cell(text):
    assert as_written(safe(text)) == text
    assert safe(text).lstrip(" \t\r\n")[:1] not in tuple("=+@") or not text


@settings(deadline=None)
@given(texts)
@example("_x000D_")
@example("_x005F_x000D_")
@example("\r\n\x00￾_x")
def test_any_text_comes_back_from_xml(text):
    written = in_xml(text)

    assert from_xml(written) == text
    parsed = ElementTree.fromstring(f"<t>{escape(written)}</t>")  # noqa: S314 - our own text
    assert (parsed.text or "") == written


@pytest.mark.real_files
def test_naughty_strings_come_back_from_cells_and_xml():
    for text in naughty():
        assert as_written(safe(text)) == text
        assert from_xml(in_xml(text)) == text


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), texts, min_size=1))
def test_a_row_that_fits_is_one_piece(row):
    assert list(pieces(row)) == [row]


@settings(deadline=None)
@given(st.lists(st.sampled_from(["word", " ", "\n", "=", "\r\n", "x" * 3000]), min_size=1))
@example(["word"] * 20_000)
@example(["a\n"] * 5_000)
@example(["\n"] * 5_000)
def test_a_row_too_long_is_cut_and_nothing_of_it_is_lost(words):
    row = {"row": "product", "body": "".join(words).strip(), "more": "".join(words).strip()}

    parts = list(pieces(row))

    assert all(part["row"] == "continued" for part in parts[1:])
    for name in ("body", "more"):
        cells = [str(part.get(name, "")) for part in parts]
        assert all(len(cell) <= MOST_IN_A_CELL for cell in cells)
        assert "".join(cells) == row[name]


class Listing(SpreadsheetExportMixin):
    list_export = ["title", "amount"]
    export_headings = {"title": "=Title", "amount": "Amount"}

    def __init__(self):
        self.request = None


HOSTILE = [
    SimpleNamespace(title="=1+1", amount=-5),
    SimpleNamespace(title=lazystr("@SUM(A1)"), amount=Decimal("-1.50")),
    SimpleNamespace(title="bell \x07 and\r=2", amount=None),
]


def test_a_listing_of_wagtail_exports_no_formulas_to_csv():
    lines = b"".join(Listing().stream_csv(HOSTILE)).decode()

    rows = list(csv.reader(io.StringIO(lines, newline="")))
    assert rows[0] == ["'=Title", "Amount"]
    assert rows[1:3] == [["'=1+1", "-5"], ["'@SUM(A1)", "-1.50"]]


def test_a_listing_of_wagtail_exports_no_formulas_to_xlsx(tmp_path):
    path = tmp_path / "book.xlsx"
    with path.open("wb") as file:
        Listing().write_xlsx(HOSTILE, file)

    sheet = ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "'=1+1" in sheet
    assert "_x0007_" in sheet
    assert ">-5<" in sheet


def every_export(view: type = SpreadsheetExportMixin) -> set[type]:
    return {view}.union(*map(every_export, view.__subclasses__()))


def test_no_listing_or_report_writes_its_cells_past_the_guard():
    reverse("wagtailadmin_home")  # All views of the admin are loaded by now.

    views = every_export()

    assert len(views) > 30
    for name in ("preprocess_field_value", "get_heading"):
        guarded = getattr(SpreadsheetExportMixin, name)
        assert {view for view in views if getattr(view, name) is not guarded} == set()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.django_db
def test_the_reports_of_wagtail_itself_export_no_formulas(client, editor, kind):
    page = make_page('=HYPERLINK("http://evil.example";"Dune")')
    page.save_revision(user=editor, log_action=True).publish(user=editor)

    for name in ("wagtailadmin_reports:site_history", "wagtailadmin_reports:aging_pages"):
        response = client.get(reverse(name), {"export": kind})
        data = response.getvalue()
        if kind == "xlsx":
            data = ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
        assert b"'=HYPERLINK(" in data, name
