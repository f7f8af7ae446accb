"""Mistakes in the variants form: told at the field, in words for a merchandiser."""

import pytest

from catalog.models import Sku, Stock
from catalog.tests.factories import make_page, make_sku
from catalog.tests.variants_form import errors, fill, page_with_options, send, shown, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return page_with_options("Size", "Colour")


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"price": "-1"}, "price", "cannot be below zero"),
        ({"price": "ten"}, "price", "such as 12.50"),
        ({"price": "sNaN"}, "price", "such as 12.50"),
        ({"price": "1e9"}, "price", "such as 12.50"),
        ({"compare_at": "1_0"}, "compare_at", "such as 12.50"),
        ({"price": "1" * 12}, "price", "too large"),
        ({"price": "1.999"}, "price", "2 decimal places"),
        ({"price": ""}, "price", "Give a price"),
        ({"price": "", "is_active": None, "compare_at": "9"}, "price", "Give the price"),
        ({"compare_at": "10.00"}, "compare_at", "above the price"),
        ({"compare_at": "-3"}, "compare_at", "cannot be below zero"),
        ({"on_hand": "-1"}, "on_hand", "cannot be below zero"),
        ({"on_hand": "9" * 12}, "on_hand", "too large"),
        ({"on_hand": "some"}, "on_hand", "whole number"),
        ({"on_hand": ""}, "on_hand", "0 if none"),
        ({"weight": "-1"}, "weight", "cannot be below zero"),
        ({"code": ""}, "code", "Give this variant a code"),
        ({"code": "x" * 65}, "code", "at most 64 characters"),
        ({"barcode": "x" * 65}, "barcode", "at most 64 characters"),
        ({"option1": "x" * 256}, "option1", "at most 255 characters"),
        ({"when_sold_out": "burn"}, "when_sold_out", "not one of the available choices"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
    client, editor, page, typed, field, words
):
    row = {"code": "TEE-S", "option1": "Small", "price": "10", "barcode": "42"} | typed

    response = send(client, page, fill(shown(client, page), 0, **row))

    assert list(errors(response, 0)) == [field]
    assert words in errors(response, 0)[field][0]
    assert not Sku.objects.exists()
    form = response.context["formset"].forms[0]
    for name, value in row.items():
        assert form[name].value() == (False if value is None else value)
    assert "Nothing was saved yet" in response.content.decode()


def test_a_code_in_use_names_the_product_that_has_it(client, editor, page):
    other = make_page("Mug & Spoon")
    make_sku(other, "MUG-1")

    response = send(client, page, fill(shown(client, page), 0, code="mug-1", price="1"))

    assert f'<a href="{url(other)}">Mug &amp; Spoon</a>' in response.content.decode()


def test_a_code_of_a_product_without_a_page_is_refused(client, editor, page):
    other = make_page("Mug")
    make_sku(other, "MUG-1")
    other.delete()

    response = send(client, page, fill(shown(client, page), 0, code="MUG-1", price="1"))

    assert "page was deleted" in errors(response, 0)["code"][0]


def test_a_code_typed_twice_is_refused_whatever_its_capitals(client, editor, page):
    data = fill(shown(client, page), 0, code="TEE", option1="S", price="1")

    response = send(client, page, fill(data, 1, code="tee", option1="L", price="1"))

    assert not errors(response, 0)
    assert "Another row" in errors(response, 1)["code"][0]


def test_options_typed_twice_are_refused_whatever_their_capitals(client, editor, page):
    make_sku(page, "TEE-S", option1="Small")

    response = send(
        client, page, fill(shown(client, page), 1, code="B", option1="small", price="1")
    )

    assert errors(response, 1)["option1"] == ["TEE-S already has these options."]


def test_a_variant_added_meanwhile_counts_too(client, editor, page):
    data = fill(shown(client, page), 0, code="tee", option1="Small", price="1")
    make_sku(page, "TEE", option1="Small")

    response = send(client, page, data)

    assert "somebody just added it" in errors(response, 0)["code"][0]
    assert "already has these options" in errors(response, 0)["option1"][0]


def test_a_second_variant_without_options_is_explained(client, editor):
    page = page_with_options()
    data = fill(shown(client, page), 0, code="ONE", price="1")
    make_sku(page, "TWO")

    response = send(client, page, data)

    assert "first give the page an option" in errors(response, 0)["code"][0]


def test_a_row_of_another_product_cannot_be_sent(client, editor, page):
    make_sku(page, "MINE", option1="S")
    foreign = make_sku(make_page("Mug"), "MUG")
    data = fill(shown(client, page), 0, id=str(foreign.pk), code="STOLEN")

    response = send(client, page, data)

    assert response.status_code == 200
    assert Sku.objects.get(pk=foreign.pk).code == "MUG"
    assert not Sku.objects.filter(code="STOLEN").exists()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"variants-TOTAL_FORMS": "x", "variants-INITIAL_FORMS": "-1"},
        {"variants-TOTAL_FORMS": "9999", "variants-INITIAL_FORMS": "3", "token": "x" * 999},
    ],
)
def test_a_broken_form_is_refused(client, editor, page, data):
    assert send(client, page, data).status_code == 200
    assert not Sku.objects.exists()


def test_a_forged_number_that_was_never_shown_is_taken_for_the_real_one(client, editor, page):
    sku = make_sku(page, "TEE-S", option1="Small", on_hand=5)
    data = fill(shown(client, page), 0, on_hand="7")
    data["initial-variants-0-on_hand"] = "-99999999999999999999"

    send(client, page, data)

    assert Stock.objects.get(sku=sku).on_hand == 7
