"""A simple product is made in one form, and an autosave makes no SKU."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission, PageLogEntry

from catalog.admin import page_form
from catalog.models import Product, ProductPage, Sku
from catalog.tests.factories import make_category, make_page, make_sku
from catalog.tests.page_forms import product_form

pytestmark = pytest.mark.django_db

AUTOSAVE = {"Accept": "application/json"}


@pytest.fixture
def category():
    return make_category()


def typed(title="Mug", *, action="publish", **sku):
    """The page's form as a browser sends it, with the boxes of the first SKU in it."""
    boxes = {"code": "", "price": "", "compare_at": "", "on_hand": "0"} | sku
    data = product_form(title, title.lower()) | {
        f"first_sku-{name}": value for name, value in boxes.items() if value is not None
    }
    return data | ({f"action-{action}": "1"} if action else {})


def create(client, category, data, **headers):
    address = reverse("wagtailadmin_pages:add", args=["catalog", "productpage", category.pk])
    return client.post(address, data, headers=headers)


def edit(client, page, data, **headers):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data, headers=headers)


MUG = {"code": "MUG-1", "price": "8", "compare_at": "10", "on_hand": "7"}


def test_title_sku_price_stock_publish_and_it_is_sold(client, editor, category):
    response = create(client, category, typed(**MUG))

    assert response.status_code == 302
    sku = Sku.objects.purchasable().get(code="MUG-1")
    assert (sku.price.amount, sku.price.compare_at, sku.stock.on_hand) == (8, 10, 7)
    assert sku.product == ProductPage.objects.get().product
    assert sku.product.lowest_price == Decimal(8)
    assert sku.movements.get().user == editor
    assert PageLogEntry.objects.filter(action="catalog.variants.edit").count() == 1


def test_a_draft_has_its_sku_too_and_does_not_sell_it(client, editor, category):
    create(client, category, typed(action=None, **MUG))

    assert Sku.objects.get().code == "MUG-1"
    assert not Sku.objects.purchasable().exists()


def test_a_page_that_has_none_yet_gets_one_when_it_is_edited(client, editor, category):
    page = make_page("Mug", category)

    edit(client, page, typed(**MUG))

    assert page.product.skus.get().code == "MUG-1"


def test_publishing_without_a_sku_works_and_sells_nothing(client, editor, category):
    for data in (typed(), typed("Cup", on_hand=""), product_form("Jug", "jug")):
        assert create(client, category, data | {"action-publish": "1"}).status_code == 302

    assert ProductPage.objects.live().count() == 3
    assert not Sku.objects.exists()


def test_a_digital_product_can_be_made_so(client, editor, category):
    create(client, category, typed(is_digital="on", **MUG))
    create(client, category, typed("Song", is_digital="on"))

    assert set(Product.objects.values_list("is_digital", flat=True)) == {True}


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"price": "-1"}, "price", "cannot be below zero"),
        ({"price": ""}, "price", "Give the price now as well"),
        ({"price": "", "compare_at": ""}, "price", "Give a price"),
        ({"price": "8,00"}, "price", "such as 12.50"),
        ({"compare_at": "8"}, "compare_at", "above the price"),
        ({"on_hand": "-1"}, "on_hand", "cannot be below zero"),
        ({"code": ""}, "code", "Give this variant a code"),
        ({"code": "taken-1"}, "code", "already has this code"),
        ({"code": "x" * 65}, "code", "at most 64 characters"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
    client, editor, category, wrong, field, words
):
    make_sku(make_page("Other", category), "TAKEN-1")

    response = create(client, category, typed(**MUG | wrong))

    html = BeautifulSoup(response.content, "html.parser")
    box = html.select_one(f"[name=first_sku-{field}]")
    assert words in box.find_parent(class_="w-field").select_one(".error-message").text
    assert html.select_one("[name=title]")["value"] == "Mug"
    for name, value in (MUG | wrong).items():
        assert html.select_one(f"[name=first_sku-{name}]").get("value", "") == value
    assert not ProductPage.objects.filter(title="Mug").exists()
    assert Sku.objects.count() == 1


def test_a_mistake_in_the_story_writes_no_sku(client, editor, category):
    response = create(client, category, typed(**MUG) | {"title": ""})

    assert response.status_code == 200
    assert 'value="MUG-1"' in response.content.decode()
    assert not Sku.objects.exists()


def test_an_autosave_hears_only_the_story(client, editor, category):
    half_typed = {"code": "MU", "price": "-", "is_digital": "on"}

    answer = create(client, category, typed(action=None, **half_typed), **AUTOSAVE)
    page = ProductPage.objects.get()
    again = edit(client, page, typed(action=None, **half_typed), **AUTOSAVE)

    assert (answer.json()["success"], again.json()["success"]) == (True, True)
    assert not Sku.objects.exists()
    assert not Product.objects.get().is_digital

    edit(client, page, typed(**MUG))
    assert Sku.objects.purchasable().get().code == "MUG-1"


def test_without_the_guard_an_autosave_would_make_a_sku(client, editor, category, monkeypatch):
    """The control: what is heard is only the story because somebody takes the rest away."""
    monkeypatch.setattr(page_form, "leave_out_of_autosaves", lambda request: None)

    create(client, category, typed(action=None, **MUG), **AUTOSAVE)

    assert Sku.objects.exists()


@pytest.mark.parametrize("headers", [AUTOSAVE, {}], ids=["autosave", "publish"])
def test_what_is_digital_stays_so_when_the_page_is_saved(client, editor, category, headers):
    page = make_page("Song", category)
    Product.objects.update(is_digital=True)

    edit(client, page, typed("Song", action=None if headers else "publish"), **headers)

    assert Product.objects.get().is_digital


def test_a_form_sent_twice_makes_one_sku(client, editor, category):
    page = make_page("Mug", category)

    for _time in range(2):
        assert edit(client, page, typed(**MUG)).status_code == 302

    assert Sku.objects.get().stock.on_hand == 7


def test_a_second_sku_of_a_product_without_options_is_refused(client, editor, category):
    page = make_page("Mug", category)
    make_sku(page, "MUG-0")

    response = edit(client, page, typed(**MUG))

    assert "The product already has a variant, MUG-0" in response.content.decode()
    assert Sku.objects.count() == 1


def test_the_code_taken_at_the_last_moment_is_told_and_the_page_is_saved(
    client, editor, category, monkeypatch
):
    make_sku(make_page("Other", category), "MUG-1")
    monkeypatch.setattr(page_form.codes, "refuse_used", lambda *_args: None)

    response = create(client, category, typed(**MUG))

    assert response.status_code == 302
    assert ProductPage.objects.filter(title="Mug", live=True).exists()
    told = client.get(response.url).content.decode()
    assert "The page was saved, but not its SKU" in told
    assert Sku.objects.count() == 1


def test_a_preview_is_there_whatever_is_typed(client, editor, category):
    page = make_page("Mug", category)
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])

    answer = client.post(address, typed(action=None, code="MU", price="-"))

    assert answer.json()["is_valid"]
    assert not Sku.objects.exists()


def test_who_may_not_publish_here_has_no_boxes_and_sends_none(client, category, django_user_model):
    writer = django_user_model.objects.create_user("writer", "writer@example.com", "secret")
    group = Group.objects.create(name="Writers")
    codenames = ["access_admin", "change_productpage"]
    group.permissions.add(*Permission.objects.filter(codename__in=codenames))
    GroupPagePermission.objects.create(group=group, page=category, permission_type="add")
    writer.groups.add(group)
    client.force_login(writer)
    address = reverse("wagtailadmin_pages:add", args=["catalog", "productpage", category.pk])

    assert "first_sku" not in client.get(address).content.decode()
    create(client, category, typed(action=None, **MUG))

    assert ProductPage.objects.filter(title="Mug").exists()
    assert not Sku.objects.exists()
