"""The form of a collection: what is refused, kept and previewed."""

import pytest
from django.urls import reverse
from wagtail.models import Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from catalog.models import (
    Attribute,
    AttributeChoice,
    Brand,
    CollectionPage,
)

from .factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def wood():
    return Attribute.objects.create(
        name="Wood",
        kind="choice",
        choices=[AttributeChoice(name=name, sort_order=n) for n, name in enumerate(("Oak", "Ash"))],
    )


def collection_form(**fields):
    fields = {
        "title": "Oak",
        "slug": "oak",
        "intro": rich_text(""),
        "above": streamfield([]),
        "below": streamfield([]),
        "gathered": "rule",
        "any_of_tags": "",
        "attribute": "",
        "attribute_value": "",
        "price_from": "",
        "price_to": "",
        "sort": "newest",
        "most": "",
        "picked": inline_formset([]),
        "comments": inline_formset([]),
        "action-publish": "1",
    } | fields
    several = {name: fields.pop(name) for name in ("categories", "brands") if name in fields}
    return nested_form_data(fields) | several


@pytest.fixture
def send(client, editor):
    home = Site.objects.get(is_default_site=True).root_page
    address = reverse("wagtailadmin_pages:add", args=["catalog", "collectionpage", home.pk])
    return lambda **fields: client.post(address, collection_form(**fields))


def test_a_rule_is_kept_in_one_spelling(send, wood):
    category, brand = make_category(), Brand.objects.create(name="Elm")
    page = make_page()
    page.tags.add("calm", "warm walls")
    page.save()
    response = send(
        attribute=wood.pk,
        attribute_value=" OAK ",
        any_of_tags='Calm, "warm walls"',
        categories=[category.pk],
        brands=[brand.pk],
        price_from="10",
        price_to="20.5",
        most="24",
    )
    assert response.status_code == 302
    collection = CollectionPage.objects.live().get()
    assert collection.attribute_value == "Oak"
    assert {tag.name for tag in collection.any_of_tags.all()} == {"calm", "warm walls"}
    assert list(collection.categories.all()) == [category]
    assert list(collection.brands.all()) == [brand]


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"price_from": "20", "price_to": "10"}, "price_to", "This is below “price from”."),
        ({"price_from": "-1"}, "price_from", "A price cannot be below zero."),
        ({"attribute_value": "Oak"}, "attribute", "Choose the attribute"),
        ({"attribute": True}, "attribute_value", "Say what the attribute must be."),
        ({"attribute": True, "attribute_value": "Teak"}, "attribute_value", "Oak, Ash"),
        ({"any_of_tags": "unheard, of"}, "any_of_tags", "the tag “of”, “unheard”."),
        ({"gathered": "hand"}, "gathered", "Pick at least one product below"),
        ({"most": "0"}, "most", "a number from 1 to 1000"),
        ({"most": "5000"}, "most", "a number from 1 to 1000"),
        ({"sort": "nonsense"}, "sort", "not one of the available choices"),
    ],
)
def test_a_mistake_is_told_at_its_field(send, wood, fields, field, message):
    if fields.get("attribute") is True:
        fields = fields | {"attribute": wood.pk}
    response = send(**fields)
    assert response.status_code == 200
    assert message in response.context["form"].errors[field][0]
    assert list(response.context["form"].errors) == [field]
    assert not CollectionPage.objects.exists()


def test_a_draft_may_be_unfinished(client, editor, wood):
    home = Site.objects.get(is_default_site=True).root_page
    address = reverse("wagtailadmin_pages:add", args=["catalog", "collectionpage", home.pk])
    data = collection_form(gathered="hand", attribute=wood.pk)
    del data["action-publish"]
    assert client.post(address, data).status_code == 302
    draft = CollectionPage.objects.get()
    assert not draft.live
    assert list(draft.products()) == []


def test_by_hand_with_a_product_picked_it_is_published(send):
    page = make_page()
    response = send(gathered="hand", picked=inline_formset([{"product_page": page.pk}]))
    assert response.status_code == 302
    assert list(CollectionPage.objects.live().get().products()) == [page]


def test_it_can_be_previewed_before_it_is_saved(client, editor):
    make_sku(make_page("Lighthouse"))
    home = Site.objects.get(is_default_site=True).root_page
    args = ["catalog", "collectionpage", home.pk]
    preview = reverse("wagtailadmin_pages:preview_on_add", args=args)
    assert client.post(preview, collection_form(title="New")).json()["is_valid"]
    html = client.get(preview, {"mode": ""}).content.decode()
    assert "Lighthouse" in html
    assert not CollectionPage.objects.exists()


def test_an_edited_rule_is_previewed_before_it_is_saved(client, editor):
    elm = Brand.objects.create(name="Elm")
    make_sku(make_page("Elm print", brand=elm))
    make_sku(make_page("Other print"))
    home = Site.objects.get(is_default_site=True).root_page
    collection = home.add_child(instance=CollectionPage(title="Oak", slug="oak"))
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[collection.pk])
    client.post(preview, collection_form(brands=[elm.pk]))
    html = client.get(preview, {"mode": ""}).content.decode()
    assert "Elm print" in html
    assert "Other print" not in html
