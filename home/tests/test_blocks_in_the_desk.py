"""Editors put pages together from blocks: the examples they choose by, and what is checked."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from home.blocks import BodyBlock
from home.tests.pages import home_page, make_picture, make_product

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", list(BodyBlock().child_blocks))
@pytest.mark.parametrize("is_full", [True, False], ids=["a shop", "an empty shop"])
def test_every_block_has_an_example(editor, client, kind, is_full):
    if is_full:
        make_product("Lighthouse")
        make_picture()
    block = home_page()._meta.get_field("body").stream_block.child_blocks[kind]
    assert block.is_previewable
    assert block.get_description()

    answer = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})

    assert answer.status_code == 200
    assert "css/main.css" in answer.content.decode()


def home_form(*blocks: tuple) -> dict:
    return nested_form_data(
        {
            "title": "Home",
            "slug": "home",
            "body": streamfield(blocks),
            "comments": inline_formset([]),
            "action-publish": "1",
        }
    )


def spot(product, x: object, y: object) -> dict:
    return {"product": product.pk, "x": x, "y": y}


def shoppable(*spots: dict) -> tuple:
    rows = {
        str(place): {"value": each, "deleted": "", "order": str(place), "id": ""}
        for place, each in enumerate(spots)
    }
    picture = {"image": make_picture().pk, "alt_text": "A wall", "decorative": ""}
    value = {
        "title": "On this wall",
        "words": rich_text(""),
        "picture": picture,
        "spots": {"count": str(len(spots)), **rows},
    }
    return "shoppable_picture", value


def publish(client, *blocks: tuple):
    address = reverse("wagtailadmin_pages:edit", args=[home_page().pk])
    return client.post(address, home_form(*blocks))


def test_an_editor_publishes_a_picture_with_spots(editor, client):
    product = make_product("Lighthouse")

    assert publish(client, shoppable(spot(product, 37, 80))).status_code == 302

    text = Client().get("/").content.decode()
    assert 'data-x="37"' in text
    assert 'data-y="80"' in text
    assert text.count("Lighthouse") >= 2


@pytest.mark.parametrize("place", ["-1", "101", "x", "12.5", ""])
def test_a_spot_stands_on_its_picture(editor, client, place):
    answer = publish(client, shoppable(spot(make_product("Lighthouse"), place, 50)))

    assert answer.status_code == 200
    assert not home_page().body


def test_the_editor_says_where_spots_are_placed_and_loads_what_places_them(editor, client):
    address = reverse("wagtailadmin_pages:edit", args=[home_page().pk])

    text = client.get(address).content.decode()

    assert "admin/js/page_blocks" in text
    assert "admin/css/page_blocks" in text
    assert "/admin/images/0/preview/max-1200x1200/" in text


def test_there_is_one_newsletter_on_a_page(editor, client):
    letter = ("newsletter", {"title": "Letters", "words": rich_text("")})

    assert publish(client, letter).status_code == 302
    assert publish(client, letter, letter).status_code == 200
    assert len(home_page().body) == 1
