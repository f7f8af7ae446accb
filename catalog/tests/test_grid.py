"""The grid in the page editor: each cell is saved when it is left."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import GroupPagePermission, PageLogEntry

from catalog import stock
from catalog.models import (
    Picture,
    Price,
    Product,
    ProductPage,
    Sku,
    Stock,
    StockMovement,
    TaxClass,
)
from catalog.tests.factories import make_page, make_sku, set_price
from catalog.tests.grid import post, save, save_all
from catalog.tests.variants_form import page_with_options, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return page_with_options("Size")


@pytest.fixture
def sku(page):
    return make_sku(page, "TEE-S", option1="Small", price="10", on_hand=5)


@pytest.fixture
def somebody(django_user_model, client):
    """Logged in, in no group that edits pages."""
    user = django_user_model.objects.create_user("someone", "someone@example.com", "secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    return user


def may(user, *codenames):
    user.user_permissions.add(
        *Permission.objects.filter(content_type__app_label="catalog", codename__in=codenames)
    )


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


class TestPermissions:
    def test_nothing_is_shown_or_saved_without_any(self, client, somebody, page, sku):
        grid = client.get(reverse("catalog_variant_grid", args=[page.pk]))
        answer = save(client, sku, price="1", on_hand="9", code="X")

        assert grid.url == reverse("wagtailadmin_home")
        assert set(answer["errors"]) == {"price", "on_hand", "code"}
        assert (now(sku).price.amount, now(sku).stock.on_hand, now(sku).code) == (10, 5, "TEE-S")

    @pytest.mark.parametrize(
        ("codename", "allowed"),
        [
            ("change_stock", {"on_hand", "low_at", "when_sold_out", "back_order_text"}),
            ("add_price", {"price", "compare_at"}),
            ("change_sku", {"code", "weight", "is_active"}),
        ],
    )
    def test_each_permission_opens_its_part_of_the_shop(
        self, client, somebody, page, sku, codename, allowed
    ):
        may(somebody, codename)
        typed = {
            "on_hand": "9",
            "low_at": "1",
            "when_sold_out": "sell_on",
            "back_order_text": "Soon",
            "price": "9",
            "compare_at": "20",
            "code": "X",
            "weight": "1",
            "is_active": False,
        }

        answer = save(client, sku, **typed)

        assert set(answer["errors"]) == set(typed) - allowed
        assert all("may not" in told[0] for told in answer["errors"].values())
        assert (now(sku).stock.on_hand == 9) == ("on_hand" in allowed)
        assert (now(sku).price.amount == 9) == ("price" in allowed)
        assert (now(sku).code == "X") == ("code" in allowed)

    def test_who_may_publish_the_page_may_change_all_but_the_cost(
        self, client, somebody, page, sku
    ):
        group = Group.objects.create(name="Teamsters")
        group.permissions.add(Permission.objects.get(codename="change_productpage"))
        somebody.groups.add(group)
        GroupPagePermission.objects.create(group=group, page=page, permission_type="publish")

        answer = save(client, sku, price="9", on_hand="9", weight="9", cost="9")

        assert list(answer["errors"]) == ["cost"]
        assert (now(sku).price.amount, now(sku).stock.on_hand, now(sku).cost) == (9, 9, None)
        assert "cost" not in answer["values"]

    def test_a_forged_form_cannot_smuggle_a_count(self, client, somebody, page, sku):
        may(somebody, "add_price")
        data = {
            "variants-TOTAL_FORMS": "1",
            "variants-INITIAL_FORMS": "1",
            "variants-0-id": str(sku.pk),
            "variants-0-price": "9",
            "initial-variants-0-price": "10.00",
            "variants-0-on_hand": "99",
            "initial-variants-0-on_hand": "1",
            "variants-0-code": "X",
        }

        client.post(url(page), data)

        assert (now(sku).price.amount, now(sku).stock.on_hand, now(sku).code) == (9, 5, "TEE-S")

    def test_the_cost_is_shown_to_those_who_may_see_it(self, client, somebody, page, sku):
        Sku.objects.update(cost="4.20")
        may(somebody, "change_sku", "change_stock", "add_price")
        address = reverse("catalog_variant_grid", args=[page.pk])
        assert "4.20" not in client.get(address).content.decode()

        may(somebody, "view_cost")
        somebody = type(somebody).objects.get(pk=somebody.pk)
        assert 'value="4.20"' in client.get(address).content.decode()

    def test_new_variants_take_all_three(self, client, somebody, page, sku):
        may(somebody, "change_sku", "add_price")
        row = {"page": page.pk, "values": {"code": "X", "option1": "L", "price": "1"}}

        assert "may not add" in save_all(client, row)[0]["errors"][""][0]
        assert Sku.objects.count() == 1


class TestCodes:
    def ask(self, client, **query):
        return client.get(reverse("catalog_check_code"), query).json()["message"]

    def test_a_code_in_use_leads_to_its_product_whatever_its_capitals(self, client, editor, sku):
        page = make_page("Mug & Spoon")
        make_sku(page, "MUG")

        assert self.ask(client, code="free") == ""
        assert f'<a href="{url(page)}">Mug &amp; Spoon</a>' in self.ask(client, code=" mug")

    def test_a_variants_own_code_is_free_for_it(self, client, editor, sku):
        assert self.ask(client, code="tee-s", sku=sku.pk) == ""

    def test_only_those_who_may_give_codes_may_ask(self, client, somebody, sku):
        assert client.get(reverse("catalog_check_code"), {"code": "TEE-S"}).status_code == 302


class TestGridInThePage:
    def html(self, client, page, **query):
        return BeautifulSoup(
            client.get(reverse("catalog_variant_grid", args=[page.pk]), query).content,
            "html.parser",
        )

    def test_nothing_in_it_belongs_to_the_form_around_it(self, client, editor, page, sku):
        grid = self.html(client, page)

        boxes = grid.select("input, select, textarea")
        assert len(boxes) > 15
        assert {box.get("form") for box in boxes} == {"variant-grid"}
        assert {button["type"] for button in grid.select("button")} == {"button"}

    def test_it_shows_facts_as_they_are_now(self, client, editor, page, sku):
        page.save_revision()
        Stock.objects.update(on_hand=3)

        row = self.html(client, page).select_one(f'tr[data-sku="{sku.pk}"]')

        assert row.select_one("[data-name=on_hand]")["value"] == "3"
        assert row.select_one("[data-state]")["data-state"] == "low"

    def test_many_variants_are_shown_by_pages(self, client, editor, page):
        for number in range(51):
            make_sku(page, f"TEE-{number:02}", option1=str(number), position=number)

        assert len(self.html(client, page).select("tr[data-sku]")) == 50
        assert len(self.html(client, page, p=2).select("tr[data-sku]")) == 1

    def test_it_asks_the_database_as_often_for_many_as_for_one(self, client, editor, page, sku):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                self.html(client, page)
            return len(captured)

        queries()
        one = queries()
        for number in range(12):
            make_sku(page, f"TEE-{number}", option1=str(number))
        assert queries() == one
        assert one <= 20

    def test_a_copy_needs_a_sku(self, client, editor, page, sku):
        copy = ProductPage.objects.get(pk=page.pk).copy(
            update_attrs={"slug": "copy", "title": "Copy"}
        )

        html = client.get(reverse("wagtailadmin_pages:edit", args=[copy.pk])).content.decode()

        assert "Needs a SKU" in html
        assert 'name="first_sku-code"' in html
        assert "TEE-S" not in html

    def test_digital_is_saved_at_once(self, client, editor, page, sku):
        answer = post(client, "catalog_save_product", {"is_digital": True}, page.pk)

        assert answer.json() == {"is_digital": True}
        assert Product.objects.get().is_digital
        assert PageLogEntry.objects.filter(action="catalog.variants.edit").count() == 1
