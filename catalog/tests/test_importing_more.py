"""What files say beyond Shopify's format, in the shop: prices to come, swaps, exit codes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog import stock
from catalog.models import (
    Attribute,
    CategoryPage,
    Price,
    Product,
    ProductPage,
    Sku,
    Stock,
    StockMovement,
)
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.test_import_products import counts

pytestmark = pytest.mark.django_db

WINDOWS = """\
Row,Handle,Title,SKU,Price,Sale price,From,Until
product,a,A,A1,20,15,,2999-01-01
price,a,,A1,,12,2998-01-01,2998-02-01
price,a,,A1,25,,2998-06-01,
"""


@pytest.fixture
def run_import(tmp_path, capsys):
    def run_it(text: str, *arguments: str, name: str = "file.csv") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        call_command("import_products", str(path), *arguments)
        return capsys.readouterr().out

    return run_it


def test_prices_with_a_beginning_and_an_end_go_into_the_ledger_once(run_import):
    run_import(WINDOWS)

    sku = Sku.objects.with_prices().get()
    assert (sku.price.amount, sku.price.compare_at) == (15, 20)
    assert list(
        Price.objects.order_by("kind", "valid_from").values_list(
            "kind", "amount", "valid_until__year"
        )
    ) == [("regular", 20, None), ("regular", 25, None), ("sale", 15, 2999), ("sale", 12, 2998)]
    assert sku.product.lowest_price == 15
    assert sku.product.price_changes_at.year == 2998
    assert counts(run_import(WINDOWS))["unchanged"] == 1
    assert Price.objects.count() == 4


def test_a_sale_that_the_file_does_not_have_any_more_ends(run_import):
    run_import(WINDOWS)

    run_import(WINDOWS.replace("20,15,,2999-01-01", "20,,,"))

    sku = Sku.objects.with_prices().get()
    assert (sku.price.amount, sku.price.compare_at) == (20, None)
    later = Sku.objects.with_prices(timezone.now() + timedelta(days=400)).get()
    assert later.price.compare_at is None


def test_what_is_over_when_the_file_is_read_is_not_written(run_import):
    run_import(WINDOWS.replace("2999-01-01", "2001-01-01"))

    assert Sku.objects.with_prices().get().price.compare_at is None


SIZES = """\
Row,Handle,Title,Option 1 name,SKU,Option 1,Price
product,a,A,Size,,,
variant,a,,,ONE,S,10
variant,a,,,TWO,M,11
variant,a,,,THREE,L,12
"""


@pytest.mark.parametrize("rotated", [("TWO", "ONE", "THREE"), ("TWO", "THREE", "ONE")])
def test_variants_may_exchange_their_options(run_import, rotated):
    run_import(SIZES)
    keys = dict(Sku.objects.values_list("code", "pk"))
    swapped = SIZES
    for old, new in zip(("ONE", "TWO", "THREE"), rotated, strict=True):
        swapped = swapped.replace(f",{old},", f",<{new}>,")
    swapped = swapped.replace("<", "").replace(">", "")

    output = run_import(swapped)

    assert counts(output)["updated"] == 1
    assert "bad row" not in output
    assert dict(Sku.objects.values_list("code", "pk")) == keys
    found = dict(Sku.objects.values_list("option1", "code"))
    assert found == dict(zip("SML", rotated, strict=True))


def test_options_that_a_sku_outside_the_file_has_are_refused_by_row(run_import):
    run_import(SIZES)

    # TWO, which the file no longer has, is still the one in M; and so ONE stays the one in S.
    changed = SIZES.replace(",ONE,S,10", ",NEW,S,10").replace(",TWO,M", ",ONE,M")
    output = run_import(changed.replace(",L,12", ",L,13"))

    assert 'line 4, SKU: has the options of "TWO"' in output
    assert 'line 3, SKU: has the options of "ONE"' in output
    assert dict(Sku.objects.values_list("option1", "code")) == {
        "S": "ONE",
        "M": "TWO",
        "L": "THREE",
    }
    assert Sku.objects.with_prices().get(code="THREE").price.amount == 13


def test_a_new_code_is_for_the_variant_with_the_same_options(run_import):
    run_import(SIZES)
    key = Sku.objects.get(code="ONE").pk

    run_import(SIZES.replace(",ONE,S", ",NEW,S"))

    assert Sku.objects.get(code="NEW").pk == key


STOCKED = """\
Row,Handle,Title,SKU,Price,Stock,Stock at export
product,a,A,A1,20,%s,10
"""


def test_what_was_sold_since_an_export_stays_sold(run_import):
    run_import(STOCKED % 10)
    sku = Sku.objects.get()
    stock.adjust({sku: -4}, reason=StockMovement.Reason.ADJUSTMENT)

    run_import(STOCKED % 10)
    assert Stock.objects.get().on_hand == 6
    run_import(STOCKED % 15)
    assert Stock.objects.get().on_hand == 11
    run_import(STOCKED % 15)
    assert Stock.objects.get().on_hand == 11


def test_a_count_that_the_last_import_said_too_is_news_after_an_export(run_import):
    run_import(STOCKED % 15)
    stock.adjust({Sku.objects.get(): -5}, reason=StockMovement.Reason.ADJUSTMENT)

    run_import(STOCKED % 15)

    assert Stock.objects.get().on_hand == 15


def test_less_than_nothing_is_never_left(run_import):
    run_import(STOCKED % 10)
    stock.adjust({Sku.objects.get(): -8}, reason=StockMovement.Reason.ADJUSTMENT)

    run_import(STOCKED % 5)

    assert Stock.objects.get().on_hand == 0


def test_an_answer_that_its_attribute_does_not_take_is_told_and_the_rest_imported(run_import):
    Attribute.objects.create(name="Width", kind="number", unit="cm")

    output = run_import(
        "Row,Handle,Title,SKU,Price,Attribute: width,Attribute: Material\n"
        'product,a,A,A1,10,wide,Wool\nproduct,b,B,B1,10,"12,5 cm",\n'
    )

    assert "line 2, Attribute: Width: “wide” is not a number." in output
    first, second = ProductPage.objects.order_by("path")
    assert [str(answer) for answer in first.attributes.all()] == ["Material: Wool"]
    assert second.attributes.get().number == Decimal("12.5")
    assert Attribute.objects.get(name="Material").kind == "text"


def test_attributes_keep_their_kind_and_gain_choices(run_import):
    text = 'Row,Handle,Title,Kind,Choices,Unit\nattribute,,Fit,choice,"Slim, Wide",\n'
    run_import(text)

    output = run_import(text.replace("Slim, Wide", "Loose, Slim"))
    assert [choice.name for choice in Attribute.objects.get().choices.all()] == [
        "Loose", "Slim", "Wide",
    ]  # fmt: skip
    assert "1 attributes updated" in output
    with pytest.raises(CommandError, match="Nothing could be imported"):
        run_import(text.replace("choice", "number"))
    assert Attribute.objects.get().kind == "choice"


def test_a_category_at_which_an_editor_works_is_left_alone(run_import, editor):
    page = make_category("Tops")
    page.title = "Finer tops"
    page.save_revision(user=editor)
    text = "Row,Handle,Title,Category,SEO title\ncategory,,Tops,Tops,New\nproduct,a,A,Tops,\n"

    output = run_import(text)

    page.refresh_from_db()
    assert page.seo_title == ""
    assert "it was not changed: line 2" in output
    assert ProductPage.objects.get().get_parent().pk == page.pk


def test_a_category_is_updated_through_a_revision(run_import):
    page = make_category("Tops")
    page.save_revision().publish()
    text = (
        "Row,Handle,Title,Category,Introduction,Order of the products,In menus\n"
        "category,,Shirts,Tops,<p>New</p>,price,no\ncategory,,X,X,,upwards,\n"
    )

    output = run_import(text)

    page.refresh_from_db()
    assert (page.title, page.default_sort, page.show_in_menus) == ("Shirts", "price", False)
    assert page.live_revision == page.latest_revision
    assert "“upwards” is none of newest" in output
    # It was found by the name it had; under the new one it is another row.
    assert CategoryPage.objects.count() == 2


def test_a_category_at_an_address_of_the_shop_gets_another(run_import):
    run_import("Row,Handle,Title,Category,SKU,Price\nproduct,a,A,Cart,A1,1\n")

    assert CategoryPage.objects.get().slug == "cart-category"


def test_a_retired_product_is_not_brought_back_by_an_import(run_import):
    page = make_page("A")
    make_sku(page, "A1")
    Product.objects.update(handle="a", retired=timezone.now())

    with pytest.raises(CommandError, match="Nothing could be imported"):
        run_import("Row,Handle,Title,SKU,Price\nproduct,a,New,A1,5\n")
    page.refresh_from_db()
    assert page.title == "A"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Handle,Title,Variant Price\na,A,ten\n", 1),
        ("Handle,Title\n", 1),
        ("Handle,Title,Variant Price\na,A,ten\nb,B,10\n", 0),
        ("Row,Handle,Title,Category\ncategory,,Tops,Tops\n", 0),
    ],
)
def test_the_exit_code_is_one_where_nothing_could_be_imported(tmp_path, text, code):
    path = tmp_path / "file.csv"
    path.write_text(text)

    try:
        call_command("import_products", str(path))
        found = 0
    except CommandError as error:
        found = error.returncode

    assert found == code


def test_a_file_of_no_known_format_says_what_it_lacks(run_import):
    with pytest.raises(CommandError, match='no "Handle" and no "Title" column'):
        run_import("Country Code,Rate %\nGB,20\n")
