"""Naming the options of a product in the page's own form."""

import pytest

from catalog.models import ProductPage
from catalog.tests.factories import make_category
from catalog.tests.page_forms import add, product_form

pytestmark = pytest.mark.django_db


def test_an_option_named_twice_is_told_at_its_field_and_nothing_typed_is_lost(client, editor):
    data = product_form("Tee", "tee", options=["Size", "Colour", " size"])
    response = add(client, make_category(), "productpage", data)

    options = response.context["form"].formsets["options"]
    assert options.forms[2].errors == {"name": ["“size” is there twice."]}
    assert [form["name"].value() for form in options.forms] == ["Size", "Colour", " size"]
    assert not ProductPage.objects.exists()


def test_three_options_of_different_names_are_taken(client, editor):
    data = product_form("Tee", "tee", options=["Size", "Colour", "Fabric"])
    add(client, make_category(), "productpage", data)

    assert ProductPage.objects.get().option_names == ["Size", "Colour", "Fabric"]
