"""What an export holds, what it costs, and who gets to see what."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from catalog import jobs
from catalog.exporting import jobs as export_jobs
from catalog.exporting import rows as export_rows
from catalog.exporting.rows import Catalogue
from catalog.exporting.run import default_root
from catalog.importing import detect
from catalog.models import Job, Product
from catalog.tests.everything import make_everything
from catalog.tests.factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db


def export(path, *arguments: str) -> list[dict[str, str]]:
    call_command("export_products", str(path), *arguments)
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_simple_product_is_one_row(tmp_path):
    make_sku(make_page("Mug", make_category("Cups")), "MUG", price="12.50", on_hand=3)

    category, product = export(tmp_path / "a.csv")

    assert (category["Row"], category["Category"], category["Slug"]) == ("category", "Cups", "cups")
    said = {name: cell for name, cell in product.items() if cell}
    assert said == {
        "Row": "product", "Handle": "mug", "Title": "Mug", "Slug": "mug", "Status": "live",
        "Category": "Cups", "Digital": "no", "SKU": "MUG", "On sale": "yes", "Weight (g)": "0",
        "Currency": "EUR", "Price": "12.50", "Stock": "3", "Stock at export": "3",
        "When sold out": "stop",
    }  # fmt: skip


def test_what_the_merchant_pays_is_written_only_when_asked_for(tmp_path):
    make_sku(code="A", cost="3.10")

    plain = export(tmp_path / "a.csv")
    full = export(tmp_path / "b.csv", "--cost")

    assert "Cost" not in plain[-1]
    assert full[-1]["Cost"] == "3.10"


def test_a_category_alone_brings_those_above_it(tmp_path):
    above = make_category("Clothing")
    tops = make_category("Tops", above)
    make_page("Hat", make_category("Hats", above))
    make_page("Shirt", make_category("Shirts", tops))

    found = export(tmp_path / "a.csv", "--category", str(tops.slug))

    assert [row["Title"] for row in found] == ["Clothing", "Tops", "Shirts", "Shirt"]


def test_no_cell_is_a_formula(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    make_everything()
    call_command("export_products", str(tmp_path / "a.xlsx"))

    export(tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8-sig") as file:
        lines = list(csv.reader(file))
    cells = [cell for line in lines for cell in line]
    sheet = load_workbook(tmp_path / "a.xlsx").active
    book = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert not [cell for cell in cells if cell[:1] in tuple("=+@\t\r")]
    assert not [
        cell for cell in cells if cell[:1] == "-" and not cell[1:].replace(".", "").isdigit()
    ]
    assert not [cell for cell in book if cell.data_type == "f"]
    assert not [cell for cell in book if str(cell.value)[:1] in tuple("=+@\t\r")]
    # Numbers are numbers, so that a merchandiser can calculate with them.
    assert {cell.data_type for cell in sheet["AC"]} >= {"s"}
    assert [cell for cell in book if cell.data_type == "n"]


# What is the same for all: attributes, categories; then a batch of products and the end of them.
QUERIES = 22


@pytest.mark.parametrize("count", [1, 2])
def test_a_batch_takes_the_same_queries_however_many_products_it_has(
    count, tmp_path, settings, django_assert_num_queries
):
    settings.MEDIA_ROOT = tmp_path / "media"
    make_everything()
    category = make_category("More")
    for number in range(15 * count):
        page = make_page(f"Product {number}", category)
        Product.objects.filter(pk=page.product_id).update(handle=f"p{number}")
        make_sku(page, f"A{number}", option1="a")
        make_sku(page, f"B{number}", option1="b")
    list(Catalogue(default_root()).rows())

    with django_assert_num_queries(QUERIES):
        list(Catalogue(default_root()).rows())


def test_products_are_read_in_batches_and_in_the_order_of_the_tree(monkeypatch):
    monkeypatch.setattr(export_rows, "BATCH", 2)
    category = make_category("Cups")
    for number in range(5):
        make_page(f"Cup {number}", category)
    batches = []

    rows = list(Catalogue(default_root()).rows(batches.append))

    assert [row["title"] for row in rows] == ["Cups", *(f"Cup {number}" for number in range(5))]
    assert batches == [2, 2, 1]


def test_products_without_a_handle_get_one_that_is_free():
    first, second = make_page("Mug", make_category("A")), make_page("Mug", make_category("B"))

    handles = [row["handle"] for row in Catalogue(default_root()).rows() if row["row"] == "product"]

    assert handles == ["mug", f"mug-{second.product_id}"]
    assert Product.objects.get(pk=first.product_id).handle == "mug"
    again = [row["handle"] for row in Catalogue(default_root()).rows() if row["row"] == "product"]
    assert again == handles


def test_aliases_and_retired_products_are_not_exported(tmp_path):
    page = make_page("Mug", make_category("Cups"))
    page.create_alias(parent=make_category("More"))
    gone = make_page("Gone", make_category("Old"))
    Product.objects.filter(pk=gone.product_id).update(retired="2026-01-01T00:00Z")

    assert [row["Title"] for row in export(tmp_path / "a.csv") if row["Row"] == "product"] == [
        "Mug"
    ]


@pytest.mark.parametrize(
    ("file", "arguments", "message"),
    [
        ("a.txt", (), "neither .csv nor .xlsx"),
        ("gone/a.csv", (), "cannot be written"),
        ("a.csv", ("--category", "nowhere"), 'no categories are called "nowhere"'),
    ],
)
def test_what_cannot_be_exported_is_said_in_a_sentence(tmp_path, file, arguments, message):
    with pytest.raises(CommandError, match=message):
        call_command("export_products", str(tmp_path / file), *arguments)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_that_fails_leaves_the_file_that_was_there(tmp_path, monkeypatch, suffix):
    make_sku(code="A")
    path = tmp_path / f"a.{suffix}"
    path.write_text("before")
    monkeypatch.setattr(Catalogue, "_of_products", lambda self, pages: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        call_command("export_products", str(path))

    assert path.read_text() == "before"
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_job_keeps_the_file_with_it(suffix, editor, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    make_sku(make_page("Mug"), "MUG")

    job = export_jobs.enqueue(editor, suffix)
    jobs.run_due()

    job.refresh_from_db()
    assert (job.state, job.problem) == (Job.State.DONE, "")
    assert (job.done, job.total) == (1, 1)
    assert job.report["products"] == 1
    assert job.file.name.endswith(f".{suffix}")
    with job.file.open("rb") as file:
        (tmp_path / job.file.name.rpartition("/")[2]).write_bytes(file.read())
    table = detect.read(tmp_path / job.file.name.rpartition("/")[2])
    assert table.rows[-1]["sku"] == "MUG"


def test_a_job_for_a_category_that_is_gone_fails_with_a_sentence(editor):
    category = make_category("Cups")
    job = export_jobs.enqueue(editor, "csv", category=category)
    category.delete()

    jobs.run_due()

    job.refresh_from_db()
    assert (job.state, job.problem) == (Job.State.FAILED, "The category is not there any more.")
