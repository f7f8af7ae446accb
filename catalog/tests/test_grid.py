"""The grid in the page editor: each cell is saved when it is left."""

from decimal import Decimal

import pytest
from wagtail.models import PageLogEntry

from catalog import stock
from catalog.models import (
    Picture,
    Price,
    Product,
    Sku,
    Stock,
    StockMovement,
    TaxClass,
)
from catalog.tests.factories import make_page, make_sku, set_price
from catalog.tests.grid import post, save, save_all
from catalog.tests.variants_form import page_with_options

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return page_with_options("Size")


@pytest.fixture
def sku(page):
    return make_sku(page, "TEE-S", option1="Small", price="10", on_hand=5)


def now(sku):
    return Sku.objects.with_facts().get(pk=sku.pk)


def test_what_is_left_is_saved_at_once(client, editor, page, sku):
    answer = save(client, sku, price="12.5", on_hand="7", weight="250", barcode="42", low_at="2")

    assert answer["errors"] == {}
    after = now(sku)
    assert (after.price.amount, after.stock.on_hand, after.stock.low_at) == (Decimal("12.5"), 7, 2)
    assert (after.weight, after.barcode) == (250, "42")
    assert answer["values"]["price"] == "12.50"
    assert answer["state"] == {"name": "in_stock", "label": "in stock"}
    assert Price.objects.filter(sku=sku, user=editor).count() == 1
    assert Product.objects.get().lowest_price == Decimal("12.5")


def test_every_field_can_be_saved(client, editor, sku):
    reduced = TaxClass.objects.create(name="Reduced")
    picture = Picture.objects.create(title="Tee", file="tee.png", width=1, height=1)

    answer = save(
        client,
        sku,
        code="TEE-SMALL",
        option1="S",
        compare_at="12",
        cost="4.20",
        when_sold_out="sell_on",
        back_order_text="Ships in two weeks",
        tax_class=str(reduced.pk),
        picture=str(picture.pk),
        is_active=False,
    )

    assert answer["errors"] == {}
    after = now(sku)
    assert (after.code, after.option1, after.cost) == ("TEE-SMALL", "S", Decimal("4.2"))
    assert (after.price.amount, after.price.compare_at) == (10, 12)
    assert (after.tax_class, after.picture, after.is_active) == (reduced, picture, False)
    assert after.stock.when_sold_out == Stock.WhenSoldOut.SELL_ON
    assert after.stock.back_order_text == "Ships in two weeks"


def test_a_picture_can_be_taken_away_again(client, editor, sku):
    picture = Picture.objects.create(title="Tee", file="tee.png", width=1, height=1)
    Sku.objects.update(picture=picture)

    answer = save(client, sku, shown={"picture": str(picture.pk)}, picture="")

    assert (answer["errors"], answer["picture"]) == ({}, "")
    assert now(sku).picture is None


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"price": "-1"}, "price", "cannot be below zero"),
        ({"price": ""}, "price", "Give a price, or untick"),
        ({"compare_at": "10"}, "compare_at", "Must be above the price"),
        ({"on_hand": "-1"}, "on_hand", "cannot be below zero"),
        ({"on_hand": "1_0"}, "on_hand", "whole number"),
        ({"low_at": "few"}, "low_at", "whole number"),
        ({"cost": "-1"}, "cost", "cannot be below zero"),
        ({"code": " "}, "code", "Give this variant a code"),
        ({"option1": "LARGE"}, "option1", "TEE-L already has these options"),
        ({"code": "tee-l"}, "code", "has this code already"),
        ({"tax_class": "99"}, "tax_class", "not one of the available choices"),
        ({"picture": "99"}, "picture", "This picture is gone"),
    ],
)
def test_a_mistake_is_told_at_its_cell_and_the_rest_of_the_row_is_saved(
    client, editor, page, sku, typed, field, words
):
    make_sku(page, "TEE-L", option1="Large")

    answer = save(client, sku, **typed, weight="300")

    assert list(answer["errors"]) == [field]
    assert words in answer["errors"][field][0]
    assert now(sku).weight == 300
    assert (now(sku).price.amount, now(sku).code, now(sku).option1) == (10, "TEE-S", "Small")
    assert now(sku).stock.on_hand == 5


def test_prices_are_saved_together_or_not_at_all(client, editor, sku):
    answer = save(client, sku, price="20", compare_at="15", is_active=False)

    assert list(answer["errors"]) == ["compare_at"]
    assert (now(sku).price.amount, now(sku).is_active) == (10, True)


def test_what_is_typed_never_becomes_html(client, editor, page, sku):
    make_sku(make_page("<script>alert(1)</script>"), "MUG")

    answer = save(client, sku, code="mug", when_sold_out="<b>")

    assert "<script>" not in str(answer["errors"])
    assert "&lt;b&gt;" in answer["errors"]["when_sold_out"][0]


def test_stock_is_changed_by_the_difference(client, editor, sku):
    stock.adjust({sku: -2}, reason=StockMovement.Reason.ORDER)

    answer = save(client, sku, shown={"on_hand": "5"}, on_hand="8")

    assert answer["values"]["on_hand"] == "6"
    assert now(sku).stock.on_hand == 6


def test_undoing_a_count_takes_the_same_difference_back(client, editor, sku):
    save(client, sku, shown={"on_hand": "5"}, on_hand="8")
    stock.adjust({sku: -2}, reason=StockMovement.Reason.ORDER)

    save(client, sku, shown={"on_hand": "8"}, on_hand="5")

    assert now(sku).stock.on_hand == 3


def test_a_count_that_sales_have_overtaken_is_asked_for_again(client, editor, sku):
    stock.adjust({sku: -3}, reason=StockMovement.Reason.ORDER)

    answer = save(client, sku, shown={"on_hand": "5"}, on_hand="1")

    assert "2 are left" in answer["errors"]["on_hand"][0]
    assert answer["values"]["on_hand"] == "2"
    assert now(sku).stock.on_hand == 2


def test_a_row_sent_twice_counts_once(client, editor, sku):
    row = {"sku": sku.pk, "values": {"on_hand": "8"}, "shown": {"on_hand": "5"}, "token": "once"}

    save_all(client, row)
    save_all(client, row)

    assert now(sku).stock.on_hand == 8


def test_why_stock_was_changed_is_kept_with_the_movement(client, editor, sku):
    row = {"sku": sku.pk, "values": {"on_hand": "4"}, "shown": {"on_hand": "5"}}

    save_all(client, row, reason="damaged", note=" Fell off the shelf ")

    movement = StockMovement.objects.get(quantity=-1)
    assert (movement.reason, movement.note) == ("damaged", "Fell off the shelf")
    assert movement.user == editor


def test_a_reason_that_only_the_shop_gives_cannot_be_given(client, editor, sku):
    row = {"sku": sku.pk, "values": {"on_hand": "4"}, "shown": {"on_hand": "5"}}

    save_all(client, row, reason="order")

    assert StockMovement.objects.get(quantity=-1).reason == StockMovement.Reason.ADJUSTMENT


def test_what_a_colleague_changed_meanwhile_is_not_overwritten_silently(client, editor, sku):
    set_price(sku, "11")

    answer = save(client, sku, shown={"price": "10.00"}, price="12")

    assert "Somebody changed this to “11.00” meanwhile" in answer["errors"]["price"][0]
    assert now(sku).price.amount == 11
    assert answer["values"]["price"] == "11.00"

    assert save(client, sku, shown={"price": "11.00"}, price="12")["errors"] == {}
    assert now(sku).price.amount == 12


def test_a_change_is_in_the_history_with_what_it_was_before(client, editor, page, sku):
    save(client, sku, price="12", cost="3", is_active=False)

    entry = PageLogEntry.objects.get(page=page, action="catalog.variants.edit")
    assert entry.user == editor
    assert entry.data == {
        "changes": {
            "TEE-S": {"price": ["10.00", "12.00"], "cost": [], "is_active": ["True", "False"]}
        }
    }


def test_an_unchanged_row_writes_nothing(client, editor, sku):
    before = Price.objects.count(), PageLogEntry.objects.count()

    save(client, sku, price="10", on_hand="5", code="TEE-S")

    assert (Price.objects.count(), PageLogEntry.objects.count()) == before


def test_a_filled_row_becomes_a_variant(client, editor, page, sku):
    values = {"code": "TEE-L", "option1": "Large", "price": "11", "on_hand": "3", "is_active": True}
    row = {"page": page.pk, "values": values | {"when_sold_out": "stop"}, "shown": {}}

    [answer] = save_all(client, row)

    made = Sku.objects.with_facts().get(pk=answer["sku"])
    assert (made.code, made.label, made.price.amount) == ("TEE-L", "Large", 11)
    assert made.stock.on_hand == 3


def test_a_row_that_is_not_right_becomes_nothing(client, editor, page, sku):
    row = {"page": page.pk, "values": {"code": "tee-s", "option1": "Large"}, "shown": {}}

    [answer] = save_all(client, row)

    assert "has this code already" in answer["errors"]["code"][0]
    assert Sku.objects.count() == 1


def test_a_product_without_options_has_exactly_one_sku(client, editor):
    page = page_with_options()
    make_sku(page, "MUG")
    row = {"page": page.pk, "values": {"code": "MUG-2", "price": "1", "is_active": True}}

    [answer] = save_all(client, row)

    assert "first give the page an option" in answer["errors"]["code"][0]
    assert Sku.objects.count() == 1


def test_many_rows_are_saved_in_one_request_each_for_itself(client, editor, page, sku):
    other = make_sku(page, "TEE-L", option1="Large")

    right, wrong = save_all(
        client,
        {"sku": sku.pk, "values": {"price": "8"}},
        {"sku": other.pk, "values": {"price": "-8"}},
    )

    assert (right["errors"], list(wrong["errors"])) == ({}, ["price"])
    assert (now(sku).price.amount, now(other).price.amount) == (8, 10)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"rows": []},
        {"rows": ["x"]},
        {"rows": [{"sku": 1}]},
        {"rows": [{"sku": "x", "values": {}}]},
        {"rows": [{"sku": True, "values": {}}]},
        {"rows": [{"sku": 1, "values": {"price": {"a": 1}}}]},
        {"rows": [{"values": {"price": "1"}}]},
        {"rows": [{"sku": 1, "values": {}}] * 51},
        [],
    ],
)
def test_what_the_script_would_never_send_is_refused(client, editor, sku, data):
    assert post(client, "catalog_save_variants", data).status_code == 400


def test_a_variant_that_is_gone_says_so(client, editor):
    [answer] = save_all(client, {"sku": 12345, "values": {"price": "1"}})

    assert "gone" in answer["errors"][""][0]
