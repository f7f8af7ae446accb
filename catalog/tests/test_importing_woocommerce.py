"""What WooCommerce's rows mean, read without a database."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalog.importing import detect, rows
from catalog.importing.drafts import Draft
from catalog.importing.report import Report


def read(text: str) -> tuple[list[Draft], Report]:
    table = rows.parse(text.encode())
    report = Report("test.csv")
    return detect.contents(table, report, "EUR").products, report


def one(**cells: str) -> Draft:
    drafts, report = product(**cells)
    assert [str(problem) for problem in report.bad_rows] == []
    return drafts[0]


def product(**cells: str) -> tuple[list[Draft], Report]:
    cells = {"Type": "simple", "SKU": "a", "Name": "A", "Regular price": "10"} | cells
    lines = [",".join(f'"{cell}"' for cell in line) for line in (cells, cells.values())]
    return read("\n".join(lines))


def test_a_simple_product_is_a_page_with_one_sku():
    draft = one(
        Type="simple",
        SKU="SHIRT/1",
        Name="Soft Shirt",
        Description="Plain\\ntext",
        **{
            "Short description": "<b>Short</b> &amp; good",
            "Weight (lbs)": ".5",
            "Stock": "7",
            "Low stock amount": "2",
            "Backorders allowed?": "notify",
            "Tax class": "reduced-rate",
            "GTIN, UPC, EAN, or ISBN": "0850",
            "Tags": "wool, red\\, blue",
            "Brands": "Acme",
            "Images": "https://x/a.png, https://x/b.png",
            "Meta: _yoast_wpseo_title": "SEO",
        },
    )

    assert (draft.handle, draft.slug, draft.title, draft.live) == (
        "shirt-1", "soft-shirt", "Soft Shirt", True,
    )  # fmt: skip
    assert draft.body == "<p>Plain<br/>text</p>"
    assert draft.summary == "Short & good"
    assert draft.tags == ["wool", "red", "blue"]
    assert (draft.vendor, draft.seo_title) == ("Acme", "SEO")
    assert [picture.source for picture in draft.pictures] == ["https://x/a.png", "https://x/b.png"]
    assert draft.option_names == []
    sku = draft.variants[0]
    assert (sku.code, sku.barcode, sku.grams) == ("SHIRT/1", "0850", 227)
    assert (sku.quantity, sku.low_at, sku.sells_on) == (7, 2, True)
    assert sku.tax_class == "reduced-rate"


VARIABLE = """\
Type,SKU,Name,Regular price,Sale price,Parent,Position,Images,Weight (kg),Published,\
Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s)
variation,tee-m,Tee - M,20,15,tee,2,https://x/m.png,,1,Size,M,,
variable,tee,Tee,,,,0,https://x/tee.png,0.2,1,Material,"Wool, Silk",Size,"S, M"
variation,tee-s,Tee - S,20,,tee,1,,0.3,0,size,S,,
"""


def test_variations_are_the_skus_of_the_product_they_name_in_their_order():
    (draft,), report = read(VARIABLE)

    assert draft.option_names == ["Size"]
    assert draft.attributes == [("Material", "Wool, Silk")]
    assert [(sku.code, sku.options[0], sku.grams) for sku in draft.variants] == [
        ("tee-s", "S", 300), ("tee-m", "M", 200),
    ]  # fmt: skip
    assert [sku.on_sale for sku in draft.variants] == [False, True]
    assert (draft.variants[1].price, draft.variants[1].compare_at) == (15, 20)
    assert draft.variants[1].picture == "https://x/m.png"
    assert [p.source for p in draft.pictures] == ["https://x/tee.png", "https://x/m.png"]
    assert not report.bad_rows


def test_a_variation_without_its_product_is_told():
    drafts, report = read(VARIABLE.replace(",tee,1,", ",gone,1,"))

    assert len(drafts[0].variants) == 1
    assert [str(problem) for problem in report.bad_rows] == [
        'line 4, Parent: "gone" is no product of this file.'
    ]


def test_a_group_is_a_page_that_shows_others():
    drafts, report = read(
        "ID,Type,SKU,Name,Regular price,Grouped products,Upsells,Cross-sells\n"
        '1,grouped,g,Group,,"a, id:3",gone,A\n'
        "2,simple,a,A,1,,,\n"
        "3,simple,,B,1,,,\n"
    )

    group = drafts[0]
    assert group.related == ["a", "wc-3"]
    assert group.variants == []
    assert [draft.handle for draft in drafts] == ["g", "a", "wc-3"]
    assert 'Related products that are not in the file ("gone")' in report.notes


def test_what_is_sold_elsewhere_is_refused_with_the_reason():
    drafts, report = product(Type="external")

    assert drafts == []
    assert report.outcomes["skipped"] == 1
    assert "is sold elsewhere" in str(report.bad_rows[0])


@pytest.mark.parametrize("kind", ["simple, virtual", "simple, downloadable", "virtual"])
def test_what_is_not_sent_is_digital(kind):
    assert one(Type=kind).is_digital


def test_categories_are_paths_and_the_first_that_leads_nowhere_else_is_the_product_s():
    draft = one(Categories="Clothing, Clothing > Tops\\, shirts, Sale > Summer, Sale > Summer")

    assert draft.category_path == ("Clothing", "Tops, shirts")
    assert draft.further_categories == [("Sale", "Summer")]


def test_a_sale_with_dates_is_an_entry_of_the_ledger():
    dates = {"Date sale price starts": "2026-11-27", "Date sale price ends": "2026-11-29"}
    sku = one(**{"Sale price": "8,50"}, **dates).variants[0]

    assert (sku.price, sku.compare_at) == (10, None)
    (window,) = sku.windows
    assert (window.kind, window.amount) == ("sale", Decimal("8.50"))
    assert window.start == datetime(2026, 11, 27, tzinfo=UTC)
    # The last day is part of the sale.
    assert window.end == datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "live"),
    [
        ({"Published": "1"}, True),
        ({"Published": "0"}, False),
        ({"Published": "-1"}, False),
        ({"Published": "1", "Visibility in catalog": "hidden"}, False),
        ({"Published": "1", "Visibility in catalog": "search"}, True),
    ],
)
def test_only_what_is_published_and_shown_is_live(cells, live):
    assert one(**cells).live is live


@pytest.mark.parametrize(
    ("cells", "quantity", "sells_on"),
    [
        ({"Stock": "", "In stock?": "1"}, None, True),
        ({"Stock": "", "In stock?": "0"}, 0, False),
        ({"Stock": "5", "In stock?": "1"}, 5, False),
        ({"Stock": "0", "In stock?": "backorder", "Backorders allowed?": "1"}, 0, True),
    ],
)
def test_what_is_not_counted_does_not_run_out_unless_it_is_said_to_have(cells, quantity, sells_on):
    sku = one(**cells).variants[0]

    assert (sku.quantity, sku.sells_on) == (quantity, sells_on)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"Regular price": "ten"}, 'Regular price: "ten" is not a price.'),
        ({"Regular price": "1.299"}, 'Regular price: "1.299" may mean thousands or decimals.'),
        ({"Stock": "many"}, 'Stock: "many" is not a whole number.'),
        ({"Weight (kg)": "light"}, 'Weight (kg): "light" is not a weight in kg.'),
        ({"Published": "maybe"}, 'Published: "maybe" is neither true nor false.'),
        ({"Name": ""}, "Name: is empty."),
        (
            {"Sale price": "8", "Date sale price starts": "11/27/2026"},
            'Date sale price starts: "11/27/2026" is not a date',
        ),
        (
            {
                "Sale price": "8",
                "Date sale price starts": "2026-11-27",
                "Date sale price ends": "2026-11-20",
            },
            "Date sale price ends: is not after the day on which the sale begins.",
        ),
    ],
)
def test_a_bad_cell_is_told_with_line_and_column(cells, message):
    _drafts, report = product(**cells)

    assert f"line 2, {message}" in str(report)


def test_two_rows_of_one_sku_and_skus_that_differ_in_signs_only():
    drafts, report = read(
        "Type,SKU,Name,Regular price\nsimple,a/1,A,1\nsimple,A/1,B,1\nsimple,a-1,C,1\n"
    )

    assert [draft.title for draft in drafts] == ["A", "C"]
    assert len({draft.handle for draft in drafts}) == 2
    assert [str(problem) for problem in report.bad_rows] == [
        "line 3, SKU: is already the product of line 2."
    ]


def test_the_older_suite_names_its_columns_otherwise():
    drafts, _report = read(
        "post_title,post_name,ID,post_status,sku,virtual,stock,manage_stock,stock_status,"
        "backorders,regular_price,sale_price,images,tax:product_type,tax:product_cat,"
        "upsell_ids,attribute:pa_color\n"
        "A,a-slug,5,publish,,yes,3,yes,instock,no,20,18,https://x/a|https://x/b,simple,Music|Sale,6,"
        "Black|Green\n"
        "B,b,6,draft,B1,no,,no,outofstock,no,9,,,simple,Music,5,\n"
    )

    first, second = drafts
    assert (first.handle, first.slug, first.live, first.is_digital) == (
        "a-slug", "a-slug", True, True,
    )  # fmt: skip
    assert first.category_path == ("Music",)
    assert first.further_categories == [("Sale",)]
    assert first.attributes == [("color", "Black, Green")]
    assert first.related == ["b"]
    assert len(first.pictures) == 2
    assert (first.variants[0].price, first.variants[0].compare_at) == (18, 20)
    assert (second.live, second.variants[0].quantity) == (False, 0)


def test_a_formula_that_woocommerce_has_defused_is_a_text_again():
    assert one(Name="'=1+1", Description="'-bold").title == "=1+1"
