"""The migration that made blocks of the home page's own fields."""

from importlib import import_module

import pytest
from wagtail.blocks import StreamValue
from wagtail.models import Revision

from home.models import ContentPage, HomePage
from home.tests.pages import home_page, make_picture

moved = import_module("home.migrations.0007_blocks")
WORDS = "<p>Dunes, moons and meadows.</p>"


def old_content(page: HomePage, **values) -> dict:
    """What a revision of a home page held before."""
    content = page.serializable_data()
    del content["body"]
    return {**content, "headline": "", "intro": "", "picture": None, **values}


@pytest.mark.django_db
def test_words_and_picture_become_a_hero_before_what_was_shown_by_itself():
    home, picture = home_page(), make_picture()
    blocks = moved.as_blocks("Worth a nail", WORDS, picture.pk, "A wall", "Halftone")
    home.body = StreamValue(home.body.stream_block, blocks, is_lazy=True)
    home.save(update_fields=["body"])

    hero, categories, row = home_page().body

    assert hero.value["headline"] == "Worth a nail"
    assert hero.value["words"].source == WORDS
    assert hero.value["picture"].pk == picture.pk
    assert hero.value["picture"].contextual_alt_text == "A wall"
    assert categories.block_type == "categories"
    assert (row.value["source"], row.value["number"]) == ("newest", 8)
    home.full_clean()


@pytest.mark.django_db
def test_a_draft_of_before_keeps_its_words_and_can_be_published():
    home, picture = home_page(), make_picture()
    revision = home.save_revision()
    content = old_content(home, headline="A draft", picture=picture.pk)
    content = moved.content_with_blocks(content, {picture.pk: ""}, "Halftone")
    Revision.objects.filter(pk=revision.pk).update(content=content)

    Revision.objects.get(pk=revision.pk).publish()

    hero = home_page().body[0].value
    assert hero["headline"] == "A draft"
    assert hero["picture"].pk == picture.pk
    assert hero["picture"].decorative is True


@pytest.mark.django_db
def test_a_draft_whose_picture_is_gone_keeps_its_words():
    content = old_content(home_page(), intro=WORDS, picture=999)

    draft = home_page().with_content_json(moved.content_with_blocks(content, {}, "Halftone"))

    assert draft.body[0].value["headline"] == "Halftone"
    assert draft.body[0].value["words"].source == WORDS
    assert draft.body[0].value["picture"] is None


@pytest.mark.django_db
def test_a_home_page_without_words_has_no_blocks_and_shows_itself(client):
    assert moved.as_blocks("", "", None, "", "Halftone") == []
    assert not home_page().body
    assert "The shelves are still empty" in client.get("/").content.decode()


@pytest.mark.django_db
def test_what_content_pages_were_made_of_is_still_a_block_of_theirs():
    picture = make_picture()
    story = [
        {"type": "text", "value": "<h2>Since 1998</h2>", "id": "1"},
        {
            "type": "picture",
            "value": {"image": picture.pk, "alt_text": "A press", "decorative": False},
            "id": "2",
        },
    ]
    page = ContentPage(title="About us")
    page.body = StreamValue(page.body.stream_block, story, is_lazy=True)
    home_page().add_child(instance=page)

    text, shown = ContentPage.objects.get().body

    assert text.value.source == "<h2>Since 1998</h2>"
    assert (shown.value.pk, shown.value.contextual_alt_text) == (picture.pk, "A press")
    assert ContentPage.objects.get().body.get_prep_value() == story
