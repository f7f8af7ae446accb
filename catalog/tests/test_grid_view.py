"""The grid as the page editor fetches it, and what else its script asks."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageLogEntry

from catalog.models import Product, ProductPage, Stock
from catalog.tests.factories import make_page, make_sku
from catalog.tests.grid import post
from catalog.tests.variants_form import page_with_options, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return page_with_options("Size")


@pytest.fixture
def sku(page):
    return make_sku(page, "TEE-S", option1="Small", price="10", on_hand=5)


def html(client, page, **query):
    return BeautifulSoup(
        client.get(reverse("catalog_variant_grid", args=[page.pk]), query).content,
        "html.parser",
    )


def test_nothing_in_it_belongs_to_the_form_around_it(client, editor, page, sku):
    grid = html(client, page)

    boxes = grid.select("input, select, textarea")
    assert len(boxes) > 15
    assert {box.get("form") for box in boxes} == {"variant-grid"}
    assert {button["type"] for button in grid.select("button")} == {"button"}


def test_it_shows_facts_as_they_are_now(client, editor, page, sku):
    page.save_revision()
    Stock.objects.update(on_hand=3)

    row = html(client, page).select_one(f'tr[data-sku="{sku.pk}"]')

    assert row.select_one("[data-name=on_hand]")["value"] == "3"
    assert row.select_one("[data-state]")["data-state"] == "low"


def test_many_variants_are_shown_by_pages(client, editor, page):
    for number in range(51):
        make_sku(page, f"TEE-{number:02}", option1=str(number), position=number)

    assert len(html(client, page).select("tr[data-sku]")) == 50
    assert len(html(client, page, p=2).select("tr[data-sku]")) == 1


def test_it_asks_the_database_as_often_for_many_as_for_one(client, editor, page, sku):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            html(client, page)
        return len(captured)

    queries()
    one = queries()
    for number in range(12):
        make_sku(page, f"TEE-{number}", option1=str(number))
    assert queries() == one
    assert one <= 20


def test_a_copy_needs_a_sku(client, editor, page, sku):
    copy = ProductPage.objects.get(pk=page.pk).copy(update_attrs={"slug": "copy", "title": "Copy"})

    html = client.get(reverse("wagtailadmin_pages:edit", args=[copy.pk])).content.decode()

    assert "Needs a SKU" in html
    assert 'name="first_sku-code"' in html
    assert "TEE-S" not in html


def test_digital_is_saved_at_once(client, editor, page, sku):
    answer = post(client, "catalog_save_product", {"is_digital": True}, page.pk)

    assert answer.json() == {"is_digital": True}
    assert Product.objects.get().is_digital
    assert PageLogEntry.objects.filter(action="catalog.variants.edit").count() == 1


def ask(client, **query):
    return client.get(reverse("catalog_check_code"), query).json()["message"]


def test_a_code_in_use_leads_to_its_product_whatever_its_capitals(client, editor, sku):
    page = make_page("Mug & Spoon")
    make_sku(page, "MUG")

    assert ask(client, code="free") == ""
    assert f'<a href="{url(page)}">Mug &amp; Spoon</a>' in ask(client, code=" mug")


@pytest.mark.parametrize("code", ["grün-é", "GRÜN-É", "Grün-É"])
def test_capitals_beyond_a_to_z_make_no_other_code(client, editor, sku, code):
    make_sku(make_page("Mug"), "GRÜN-É")

    assert "already has this code" in ask(client, code=code)


def test_a_variants_own_code_is_free_for_it(client, editor, sku):
    assert ask(client, code="tee-s", sku=sku.pk) == ""
