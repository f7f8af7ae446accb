"""A listing of products as CSV and XLSX."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from catalog.admin import explorer, explorer_export
from catalog.models import Brand, Product, ProductPage, Sku
from catalog.tests.factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def category():
    return make_category("Prints")


def exported(client, category, **asked) -> list[dict[str, str]]:
    address = reverse("wagtailadmin_explore", args=[category.pk])
    response = client.get(address, {"export": "csv", **asked})
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def workbook(client, category) -> list[tuple]:
    address = reverse("wagtailadmin_explore", args=[category.pk])
    content = b"".join(client.get(address, {"export": "xlsx"}).streaming_content)
    return list(load_workbook(io.BytesIO(content)).active.values)


def test_each_sku_is_a_row_with_its_prices_and_stock(client, editor, category):
    make_category("Posters", parent=category)
    brand = Brand.objects.create(name="Ocean")
    page = make_page("Lighthouse", category, brand=brand)
    page.tags.add("sea", "night")
    page.save()
    make_sku(page, "LH-S", price="10.00", compare_at="12.50", option1="S", on_hand=30)
    make_sku(page, "LH-L", price=None, option1="L", on_hand=0, is_active=False, barcode="0123")
    Product.objects.filter(pk=page.product_id).update(sold_30_days=3)
    make_page("Bare", category)

    bare, large, small = sorted(exported(client, category), key=lambda row: row["SKU code"])

    assert small["Title"] == "Lighthouse"
    assert small["Address"] == page.full_url
    assert (small["Category"], small["Brand"], small["Tags"]) == ("Prints", "Ocean", "night, sea")
    assert (small["SKU code"], small["Variant"], small["Price"]) == ("LH-S", "S", "10.00")
    assert (small["Price before the reduction"], small["Currency"]) == ("12.50", "EUR")
    assert (small["On hand"], small["Stock of the SKU"], small["SKU on sale"]) == (
        "30",
        "in stock",
        "yes",
    )
    assert small["Sold in 30 days (product)"] == "3"
    assert (large["Price"], large["Barcode"], large["SKU on sale"]) == ("", "0123", "no")
    assert (bare["Title"], bare["SKU code"], bare["Stock of the product"]) == (
        "Bare",
        "",
        "Needs a SKU",
    )


def test_the_file_holds_what_the_listing_shows(client, editor, category):
    make_sku(make_page("Cheap", category), "CHEAP", price="5.00")
    make_sku(make_page("Dear", category), "DEAR", price="50.00")
    make_sku(make_page("Dearer", category), "DEARER", price="60.00")

    rows = exported(client, category, price_min="10", ordering="-price")

    assert [row["SKU code"] for row in rows] == ["DEARER", "DEAR"]


def test_an_xlsx_holds_numbers_and_moments_as_such(client, editor, category):
    page = make_page("Lighthouse", category)
    page.save_revision()
    make_sku(page, "LH-1", price="10.00", on_hand=30)

    headings, values = workbook(client, category)

    row = dict(zip(headings, values, strict=True))
    assert (row["Price"], row["On hand"]) == (10, 30)
    assert row["Updated"].year >= 2024


@pytest.mark.parametrize("title", ["=1+1", "+49 30", "-2", "@SUM(A1)", "\t=1+1"])
def test_no_cell_is_a_formula(client, editor, category, title):
    page = make_page("Harmless", category, brand=Brand.objects.create(name=f"{title} Ltd"))
    make_sku(page, "=HYPERLINK(1)")
    ProductPage.objects.update(title=title, draft_title=title)

    (row,) = exported(client, category)

    for cell in (row["Title"], row["Brand"], row["SKU code"]):
        assert not cell.startswith(("=", "+", "@", "\t")), cell
    assert row["Brand"] == f"'{title} Ltd"
    address = reverse("wagtailadmin_explore", args=[category.pk])
    content = b"".join(client.get(address, {"export": "xlsx"}).streaming_content)
    for cells in load_workbook(io.BytesIO(content)).active.iter_rows():
        assert all(cell.data_type != "f" for cell in cells)


def test_the_number_of_queries_does_not_grow_with_the_rows(client, editor, category):
    def count(rows) -> int:
        while ProductPage.objects.count() < rows:
            page = make_page(category=category, live=ProductPage.objects.count() % 2 == 0)
            make_sku(page, option1="S")
            make_sku(page, option1="L")
        with CaptureQueriesContext(connection) as queries:
            exported(client, category)
        return len(queries)

    # Caches of content types and sites are filled once.
    count(3)
    few = count(3)

    assert count(30) == few


def test_an_export_reads_piece_by_piece(client, editor, category, monkeypatch):
    monkeypatch.setattr(explorer_export, "PAGES_AT_ONCE", 4)
    for _number in range(10):
        page = make_page(category=category)
        make_sku(page, option1="S")
        make_sku(page, option1="L")

    with CaptureQueriesContext(connection) as queries:
        rows = exported(client, category)
        seldom = len(queries)
    monkeypatch.setattr(explorer_export, "PAGES_AT_ONCE", 2)
    with CaptureQueriesContext(connection) as queries:
        again = exported(client, category)
        often = len(queries)

    assert len(rows) == 20
    assert rows == again
    assert {row["SKU code"] for row in rows} == set(Sku.objects.values_list("code", flat=True))
    # Three pieces or five, and the same queries for each.
    assert (often - seldom) % 2 == 0
    assert (often - seldom) // 2 <= 5


def test_products_of_all_categories_are_exported_from_the_flat_listing(client, editor, category):
    make_sku(make_page("Lighthouse", category), "LH-1")
    make_sku(make_page("Lamp", make_category("Light")), "LAMP-1")

    response = client.get("/admin/products/", {"export": "csv", "ordering": "title"})

    text = b"".join(response.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Category"], row["SKU code"]) for row in rows] == [
        ("Light", "LAMP-1"),
        ("Prints", "LH-1"),
    ]


def test_an_xlsx_that_would_be_too_large_is_refused_with_a_sentence(
    client, editor, category, monkeypatch
):
    monkeypatch.setattr(explorer, "MOST_IN_XLSX", 1)
    for title in ("A", "B"):
        make_sku(make_page(title, category))
    address = reverse("wagtailadmin_explore", args=[category.pk])

    response = client.get(address, {"export": "xlsx", "status": "live"}, follow=True)

    assert response.redirect_chain == [(f"{address}?status=live", 302)]
    assert "An XLSX holds up to 1 products" in response.content.decode()
    assert len(exported(client, category)) == 2
