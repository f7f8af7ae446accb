"""The shop's own format as a merchandiser writes it: by hand, with less than all columns."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.importing import detect, lists, rows, times, values
from catalog.importing.drafts import Contents, PriceWindow
from catalog.importing.report import Report


def read(text: str) -> tuple[Contents, Report]:
    table = rows.parse(text.encode())
    report = Report("test.csv")
    return detect.contents(table, report, "EUR"), report


def product(**cells: str) -> tuple[Contents, Report]:
    cells = {"Row": "product", "Handle": "a", "Title": "A"} | cells
    return read(
        "\n".join(",".join(f'"{cell}"' for cell in line) for line in (cells, cells.values()))
    )


def test_a_simple_product_is_one_row_with_few_columns():
    contents, report = read('Row,Handle,Title,SKU,Price,Stock\nproduct,a,A,A1,"1.299,00 €",5\n')

    (draft,) = contents.products
    (sku,) = draft.variants
    assert (draft.handle, draft.title, draft.live) == ("a", "A", True)
    assert (sku.code, sku.price, sku.quantity) == ("A1", 1299, 5)
    assert report.bad_rows == []


def test_a_row_that_names_no_kind_is_a_product_if_it_has_a_title_and_a_variant_if_not():
    contents, _report = read(
        "Row,Handle,Title,Option 1 name,Option 1,SKU\n,a,A,Size,,\n,a,,,S,A-S\n,a,,,M,A-M\n"
    )

    (draft,) = contents.products
    assert draft.option_names == ["Size"]
    assert [sku.code for sku in draft.variants] == ["A-S", "A-M"]


def test_prices_of_other_days_have_rows_of_their_own():
    contents, report = read(
        "Row,Handle,Title,SKU,Price,Sale price,From,Until\n"
        "product,a,A,A1,20,15,2026-11-27 09:00,2026-11-29\n"
        "price,a,,A1,22,,2027-01-01,\n"
        "price,a,,a1,,,01.02.2027,\n"
    )

    sku = contents.products[0].variants[0]
    assert (sku.price, sku.compare_at) == (20, None)
    assert list(sku.windows) == [
        PriceWindow(
            2, "sale", Decimal(15), datetime(2026, 11, 27, 9, tzinfo=UTC),
            datetime(2026, 11, 30, tzinfo=UTC),
        ),
        PriceWindow(3, "regular", Decimal(22), datetime(2027, 1, 1, tzinfo=UTC)),
        PriceWindow(4, "sale", None, datetime(2027, 2, 1, tzinfo=UTC)),
    ]  # fmt: skip
    assert report.bad_rows == []


def test_categories_and_attributes_are_defined_before_the_products():
    contents, report = read(
        "Row,Handle,Title,Category,Kind,Choices,Introduction,First products,Attribute: Fit\n"
        'attribute,,Fit,,choice,"Slim, ""Wide, very""",,,\n'
        'category,,Tops,Clothing > Tops,,,<p>Soft<script>x()</script></p>,"a, b",\n'
        "above,,,Clothing > Tops,,,,,\n"
        "product,a,A,Clothing > Tops,,,,,Slim\n"
    )

    assert contents.attributes[0].choices == ["Slim", "Wide, very"]
    assert contents.categories[0].path == ("Clothing", "Tops")
    assert contents.categories[0].intro == "<p>Soft</p>"
    assert contents.categories[0].first_products == ["a", "b"]
    assert contents.products[0].attributes == [("Fit", "Slim")]
    assert report.bad_rows == []


def test_a_row_goes_on_in_those_that_continue_it():
    contents, _report = read(
        "Row,Handle,Title,Description,Summary\n"
        "product,a,A,<p>One ,'=x\ncontinued,,, and two,\ncontinued,,,</p>,'=y\n"
    )

    draft = contents.products[0]
    assert draft.body == "<p>One and two</p>"
    assert draft.summary == "=x=y"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"Row": "produkt"}, 'Row: "produkt" is none of attribute, category'),
        ({"Row": "category"}, "Category: is empty."),
        ({"Row": "variant"}, 'Row: belongs to a row "product" that is not in the file.'),
        ({"Handle": ""}, "Handle: is empty."),
        ({"Handle": "a/b"}, 'Handle: "a/b" has other than letters'),
        ({"Title": ""}, "Title: is empty."),
        ({"Status": "sleeping"}, 'Status: "sleeping" is none of live, draft.'),
        ({"Category": "A > > B"}, 'Category: "A > > B" is no category such as Clothing > Tops.'),
        ({"Summary": "x" * 501}, "is longer than 500 characters."),
        ({"Price": "=B2*1.19"}, 'Price: "=B2*1.19" is not a price.'),
        ({"Price": "-5"}, 'Price: "-5" is below zero.'),
        ({"Price": "5", "Currency": "USD"}, "Currency: is not EUR, the shop's currency."),
        ({"SKU": "a", "Stock": "1e3"}, 'Stock: "1e3" is not a whole number.'),
        ({"SKU": "a", "When sold out": "cry"}, 'When sold out: "cry" is neither deny nor'),
        ({"SKU": "a", "On sale": "perhaps"}, 'On sale: "perhaps" is neither true nor false.'),
        ({"SKU": "a", "Sale price": "4", "From": "11/27"}, 'From: "11/27" is not a date'),
        ({"Related products": "x", "Position": "1", "Digital": "so-so"}, "Digital:"),
    ],
)
def test_a_bad_cell_is_told_with_line_and_column(cells, message):
    _contents, report = product(**cells)

    assert "line 2, " in str(report.bad_rows[0])
    assert message in str(report.bad_rows[0])


def test_bad_rows_cost_only_themselves():
    contents, report = read(
        "Row,Handle,Title,SKU,Price,Option 1,Picture,Alternative text\n"
        "product,a,A,,,,,\nvariant,a,,A1,ten,S,,\nvariant,a,,A2,10,M,,\n"
        "variant,a,,a2,10,L,,\nvariant,a,,A3,10,m,,\n"
        f"picture,a,,,,,x.png,{'x' * 256}\nprice,a,,gone,5,,,\n"
        "story,b,,,,,,\nproduct,c,C,,,,,\nproduct,c,C again,,,,,\n"
    )

    assert [draft.handle for draft in contents.products] == ["a", "c"]
    assert [sku.code for sku in contents.products[0].variants] == ["A2"]
    assert [(problem.line, problem.column) for problem in sorted(report.bad_rows)] == [
        (3, "Price"), (5, "SKU"), (6, "Option 1"), (7, "Alternative text"), (8, "SKU"),
        (9, "Row"), (11, "Handle"),
    ]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.text().map(lambda name: name.strip()).filter(bool)))
def test_names_come_back_from_a_list(names):
    assert lists.names(lists.joined(names)) == names


def test_a_list_written_by_hand_may_be_untidy():
    assert lists.names(' wool,, "red, blue" ,silk,') == ["wool", "red, blue", "silk"]
    assert lists.names('6" nail, "unclosed') == ['6" nail', '"unclosed']


@settings(deadline=None)
@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_comes_back_in_any_time_zone(moment):
    assert times.moment(times.written(moment)) == moment


@pytest.mark.parametrize("hour", ["00:30", "01:30"])
def test_the_hour_that_comes_twice_is_written_with_its_offset(hour, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    moment = datetime.fromisoformat(f"2026-10-25T{hour}+00:00")

    assert times.moment(times.written(moment)) == moment


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$29.99", "29.99"),
        ("29.99 $", "29.99"),
        ("19,99", "19.99"),
        ("1,299.00", "1299.00"),
        ("1.299,00 €", "1299.00"),
        ("EUR 1'299.00", "1299.00"),
        ("１９．９９", "19.99"),
        ("￥１，２９９．００", "1299.00"),
        ("1 299,00", "1299.00"),
    ],
)
def test_money_is_understood_as_people_write_it(text, amount):
    assert values.money(text, "EUR")[0] == Decimal(amount)


@pytest.mark.parametrize("text", ["CHF 1'299.00", "1.299", "10²", "1,2,3", "12 kr", "½"])
def test_money_that_may_mean_something_else_is_refused(text):
    with pytest.raises(ValueError, match=re.escape(values.quoted(text))):
        values.money(text, "EUR")


@pytest.mark.parametrize("text", ["TRUE", "true", "Yes", "1", "ja", "WAHR", "oui", "Sí"])
def test_a_yes_in_many_languages(text):
    assert values.flag(text) is True
    assert values.flag("nein") is False
