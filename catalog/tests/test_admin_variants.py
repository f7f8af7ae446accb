"""The form for variants, prices and stock, and the panel that leads to it."""

import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import GroupPagePermission, PageLogEntry

from catalog import stock
from catalog.models import Price, ProductOption, Sku, Stock, StockMovement
from catalog.tests.factories import make_page, make_sku
from catalog.tests.variants_form import errors, fill, page_with_options, send, shown, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return page_with_options("Size", "Colour")


def test_new_rows_become_variants_with_stock_and_price(client, editor, page):
    data = shown(client, page)
    fill(data, 0, code="TEE-S", option1="Small", option2="Blue", price="12.50", on_hand="4")
    fill(data, 1, code="TEE-L", option1="Large", option2="Blue", price="10", compare_at="12.50")

    response = send(client, page, data)

    assert response.status_code == 302
    small, large = Sku.objects.with_prices().filter(product=page.product)
    assert (small.code, small.label, small.price.amount) == ("TEE-S", "Small / Blue", 12.5)
    assert (large.price.amount, large.price.compare_at) == (Decimal(10), Decimal("12.5"))
    assert (small.stock.on_hand, large.stock.on_hand) == (4, 0)
    assert small.position < large.position
    movement = StockMovement.objects.get()
    assert (movement.sku, movement.quantity, movement.user) == (small, 4, editor)
    assert movement.reason == StockMovement.Reason.ADJUSTMENT
    entry = Price.objects.filter(sku=small).get()
    assert (entry.user, entry.reason) == (editor, "edited in the admin")
    page.product.refresh_from_db()
    # The lower price is that of a variant which is not on hand.
    assert page.product.lowest_price == Decimal("12.5")
    assert page.product.in_stock


def test_a_form_sent_back_unchanged_writes_nothing(client, editor, page):
    make_sku(page, "TEE-S", option1="Small", price="10", compare_at="12")
    before = Price.objects.count(), StockMovement.objects.count(), PageLogEntry.objects.count()

    send(client, page, shown(client, page))

    after = Price.objects.count(), StockMovement.objects.count(), PageLogEntry.objects.count()
    assert after == before


def test_the_columns_are_the_options_of_the_latest_draft(client, editor, page):
    draft = page.get_latest_revision_as_object()
    draft.options = [ProductOption(name="Format")]
    draft.save_revision()

    headings = [cell.label for cell in client.get(url(page)).context["formset"].empty_form.cells()]

    assert headings[:3] == ["SKU code", "Format", "Price (EUR)"]


def test_a_product_is_made_digital_by_its_form_and_not_undone_by_an_older_one(client, editor, page):
    as_shown = shown(client, page)
    send(client, page, as_shown | {"is_digital": "on"})
    page.product.refresh_from_db()
    assert page.product.is_digital

    send(client, page, as_shown)
    page.product.refresh_from_db()
    assert page.product.is_digital

    as_shown = shown(client, page)
    assert as_shown.pop("is_digital") == "on"
    send(client, page, as_shown)
    page.product.refresh_from_db()
    assert not page.product.is_digital


def test_a_page_without_options_has_one_row(client, editor):
    page = page_with_options()
    assert len(client.get(url(page)).context["formset"].forms) == 1

    send(client, page, fill(shown(client, page), 0, code="TEE", price="3"))

    assert [form.instance.code for form in client.get(url(page)).context["formset"]] == ["TEE"]


def test_an_option_that_lost_its_name_can_still_be_cleared(client, editor):
    page = page_with_options()
    make_sku(page, "TEE", option2="Blue")

    send(client, page, fill(shown(client, page), 0, option2=""))

    assert Sku.objects.get().option2 == ""


def test_what_is_sold_while_the_form_is_open_stays_sold(client, editor, page):
    sku = make_sku(page, "TEE-S", option1="Small", on_hand=5)
    data = fill(shown(client, page), 0, on_hand="8")
    stock.adjust({sku: -2}, reason=StockMovement.Reason.ORDER)

    send(client, page, data)

    assert Stock.objects.get().on_hand == 6


def test_a_form_sent_twice_counts_once(client, editor, page):
    make_sku(page, "TEE-S", option1="Small", on_hand=5)
    data = fill(shown(client, page), 0, on_hand="8")

    send(client, page, data)
    send(client, page, data)

    assert Stock.objects.get().on_hand == 8


def test_a_count_that_sales_have_overtaken_is_asked_for_again(client, editor, page):
    sku = make_sku(page, "TEE-S", option1="Small", on_hand=5)
    data = fill(shown(client, page), 0, on_hand="1", price="99")
    stock.adjust({sku: -3}, reason=StockMovement.Reason.ORDER)

    response = send(client, page, data)

    assert "2 are left" in errors(response, 0)["on_hand"][0]
    assert Stock.objects.get().on_hand == 2
    assert Sku.objects.with_prices().get().price.amount == 10
    form = response.context["formset"].forms[0]
    assert 'value="2"' in form.remembered()
    assert form["price"].value() == "99"

    data["initial-variants-0-on_hand"] = "2"
    send(client, page, data)
    assert Stock.objects.get().on_hand == 1


def test_what_a_colleague_changed_meanwhile_is_not_undone(client, editor, page):
    sku = make_sku(page, "TEE-S", option1="Small", on_hand=5)
    data = fill(shown(client, page), 0, barcode="4006381333931")
    Sku.objects.update(is_active=False)
    Stock.objects.update(when_sold_out=Stock.WhenSoldOut.SELL_ON)

    send(client, page, data)

    sku = Sku.objects.get(pk=sku.pk)
    assert (sku.barcode, sku.is_active) == ("4006381333931", False)
    assert sku.stock.when_sold_out == Stock.WhenSoldOut.SELL_ON


def test_a_variant_taken_off_sale_stays_listed(client, editor, page):
    make_sku(page, "TEE-S", option1="Small")

    send(client, page, fill(shown(client, page), 0, is_active=None, price="", compare_at=""))

    assert not Sku.objects.get().is_active
    assert client.get(url(page)).context["formset"].forms[0].instance.code == "TEE-S"
    page.product.refresh_from_db()
    assert page.product.lowest_price is None


def test_two_rows_may_exchange_codes_and_options(client, editor, page):
    small = make_sku(page, "A", option1="Small")
    large = make_sku(page, "B", option1="Large")
    data = fill(shown(client, page), 0, code="B", option1="Large")

    send(client, page, fill(data, 1, code="A", option1="Small"))

    assert Sku.objects.get(pk=small.pk).code == "B"
    assert Sku.objects.get(pk=large.pk).option1 == "Small"


def test_who_may_not_publish_the_page_may_not_change_its_prices_and_stock(client, page):
    stranger = get_user_model().objects.create_user("moderator", "m@example.com", "secret")
    elsewhere = Group.objects.create(name="Elsewhere")
    other = make_page("Mug").get_parent()
    elsewhere.permissions.add(*Group.objects.get(name="Editors").permissions.all())
    stranger.groups.add(elsewhere)
    client.force_login(stranger)
    data = {"variants-TOTAL_FORMS": "1", "variants-INITIAL_FORMS": "0"}

    assert client.get(url(page)).url == reverse("wagtailadmin_home")
    assert send(client, page, data).url == reverse("wagtailadmin_home")
    assert not Sku.objects.exists()

    permissions = GroupPagePermission.objects
    permissions.create(group=elsewhere, page=other, permission_type="change")
    assert client.get(url(page)).status_code == 302

    permissions.create(group=elsewhere, page=other, permission_type="publish")
    assert client.get(url(page)).status_code == 200


def test_what_a_colleague_or_an_import_changed_meanwhile_stays(client, editor, page):
    sku = make_sku(page, "TEE-S", option1="Small", price="10.00")
    as_shown = shown(client, page)
    Sku.objects.filter(pk=sku.pk).update(code="TEE-SMALL", option1="S", weight=250, barcode="12")

    send(client, page, fill(as_shown, 0, price="11", option2="Blue"))

    sku = Sku.objects.with_prices().get(pk=sku.pk)
    assert (sku.code, sku.option1, sku.weight, sku.barcode) == ("TEE-SMALL", "S", 250, "12")
    assert (sku.option2, sku.price.amount) == ("Blue", 11)


def test_a_visitor_is_sent_to_the_login(client, page):
    assert "/account/login/" in client.get(url(page)).url


def test_a_change_appears_in_the_history_of_the_page(client, editor, page):
    make_sku(page, "TEE-S", option1="Small")

    send(client, page, fill(shown(client, page), 0, price="11"))

    entry = PageLogEntry.objects.get(action="catalog.variants.edit")
    assert (entry.user, entry.data) == (
        editor,
        {"changes": {"TEE-S": {"price": ["10.00", "11.00"]}}},
    )
    history = client.get(reverse("wagtailadmin_pages:history", args=[page.pk]))
    assert "TEE-S: Price 10.00 → 11.00" in history.content.decode()


def test_the_form_asks_the_database_as_often_for_many_variants_as_for_one(client, editor, page):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(url(page))
        return len(captured)

    make_sku(page, "A", option1="0")
    queries()
    one = queries()
    for number in range(1, 12):
        make_sku(page, f"A-{number}", option1=str(number))
    assert queries() == one


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_editors_and_buyers_at_the_same_moment_neither_block_each_other_nor_lose_a_piece():
    page = page_with_options("Size")
    skus = [make_sku(page, f"TEE-{size}", option1=size, on_hand=100) for size in "SML"]
    user = get_user_model().objects.create_superuser("editor", "editor@example.com", "secret")

    def edit(_number):
        client = Client()
        client.force_login(user)
        data = shown(client, page)
        counts = [int(data[f"variants-{row}-on_hand"]) for row in range(3)]
        for row, count in enumerate(counts):
            fill(data, row, on_hand=str(count + 1), price=f"{random.randint(1, 99)}.00")
        response = send(client, page, data)
        connection.close()
        return response.status_code

    def buy(number):
        with transaction.atomic():
            stock.take(dict.fromkeys(skus, 1), reference=str(number))
        connection.close()
        return 302

    with ThreadPoolExecutor(6) as threads:
        jobs = [threads.submit(edit if number % 2 else buy, number) for number in range(24)]
        assert {job.result() for job in jobs} == {302}

    for row in Stock.objects.all():
        assert row.on_hand == 100
        assert StockMovement.objects.filter(sku=row.pk).aggregate(Sum("quantity")) == {
            "quantity__sum": 100
        }
