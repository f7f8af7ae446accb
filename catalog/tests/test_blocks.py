"""What a story says to a search is what its blocks say, one after another."""

from wagtail.blocks import StreamBlock

from catalog.blocks import StoryBlock
from catalog.models import ProductPage


def test_a_story_is_searched_for_as_every_stream_of_blocks():
    block = StoryBlock()
    texts = ["<p>Thrown by <b>hand</b></p><p>&amp; fired twice</p>", "", "<p>Thrown</p>"]
    raw = [{"type": "text", "value": text} for text in texts]
    raw.insert(1, {"type": "picture", "value": {"image": None, "alt_text": "A kiln"}})
    story = block.to_python(raw)

    found = block.get_searchable_content(story)
    assert found == StreamBlock.get_searchable_content(block, story)
    assert found[0] == "Thrown by hand & fired twice"
    # Asked again it says the same, and another text is another one.
    assert block.get_searchable_content(story) == found
    story[0] = ("text", type(story[0].value)("<p>Coiled</p>"))
    assert block.get_searchable_content(story)[0] == "Coiled"


def test_a_page_declares_it_for_searching():
    field = next(field for field in ProductPage.search_fields if field.field_name == "description")
    page = ProductPage(description=[("text", "<p>Glazed <i>blue</i></p>")])
    assert "Glazed blue" in str(field.get_value(page))
