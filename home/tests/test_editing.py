"""The editor's way through the Wagtail admin, from an empty shop to a product on sale."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Site

from catalog.models import CategoryPage, Product, ProductPage, Sku
from catalog.tests.factories import make_category
from catalog.tests.page_forms import add, add_variants, category_form, edit, product_form, upload

pytestmark = pytest.mark.django_db


def test_the_way_of_an_editor_from_an_empty_shop_to_a_product_on_sale(client, editor):
    home = Site.objects.get(is_default_site=True).root_page
    add(client, home, "categorypage", category_form("Prints", "prints") | {"action-publish": "1"})
    category = CategoryPage.objects.live().get()

    # A draft with a picture, a rich description and two options.
    data = product_form(
        "Lighthouse",
        "lighthouse",
        text="<p>Printed in <b>Bristol</b>.</p>",
        pictures=[upload(client)],
        options=["Size", "Paper"],
    )
    add(client, category, "productpage", data)
    page = ProductPage.objects.get()
    assert not page.live
    assert page.product is not None
    assert client.get("/prints/lighthouse/").status_code == 404

    # Previewed, it looks as it will look; nobody can buy it yet.
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert client.post(preview, data).json()["is_valid"]
    shown = client.get(preview, {"mode": ""}).content.decode()
    assert "Lighthouse" in shown
    assert "Printed in <b>Bristol</b>." in shown

    response = add_variants(
        client,
        page,
        {"code": "LH-A4", "option1": "A4", "option2": "Matt", "price": "24.50", "on_hand": "3"},
        {"code": "LH-A3", "option1": "A3", "option2": "Matt", "price": "39", "on_hand": "1"},
    )
    assert response.status_code == 302

    edit(client, page, data | {"action-publish": "1"})

    page.refresh_from_db()
    assert page.live
    assert [sku.code for sku in Sku.objects.purchasable()] == ["LH-A4", "LH-A3"]
    html = client.get("/prints/lighthouse/").content.decode()
    for words in (
        "Lighthouse",
        "Printed in <b>Bristol</b>.",
        "A lighthouse",
        "24.50",
        "A4",
        "Matt",
    ):
        assert words in html
    listed = client.get("/prints/").content.decode()
    assert "Lighthouse" in listed
    assert "24.50" in listed


def test_a_product_can_be_previewed_before_it_is_saved_for_the_first_time(client, editor):
    category = make_category()
    data = product_form("Lighthouse", "lighthouse", options=["Size"], pictures=[upload(client)])
    args = ["catalog", "productpage", category.pk]
    preview = reverse("wagtailadmin_pages:preview_on_add", args=args)

    assert client.post(preview, data).json()["is_valid"]
    response = client.get(preview, {"mode": ""})

    assert response.status_code == 200
    assert "Lighthouse" in response.content.decode()
    assert not Product.objects.exists()


def test_somebody_of_the_group_editors_writes_and_a_moderator_publishes(client):
    category = make_category()
    people = {}
    for name in ("Editors", "Moderators"):
        people[name] = get_user_model().objects.create_user(name, f"{name}@example.com", "secret")
        people[name].groups.add(Group.objects.get(name=name))

    client.force_login(people["Editors"])
    add(client, category, "categorypage", category_form("Small", "small"))
    data = product_form("Lighthouse", "lighthouse")
    add(client, category, "productpage", data)
    page = ProductPage.objects.get()
    edit(client, page, data | {"action-publish": "1"})
    page.refresh_from_db()
    assert not page.live

    client.force_login(people["Moderators"])
    add_variants(client, page, {"code": "LH", "price": "10", "on_hand": "1"})
    assert Sku.objects.get().code == "LH"
    edit(client, page, data | {"action-publish": "1"})
    page.refresh_from_db()
    assert page.live
