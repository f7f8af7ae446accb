"""What somebody may have meant who wrote a word wrongly, or only its beginning."""

import pytest
from wagtail.models import Site

from catalog.tests.factories import make_category, make_page
from search.engines import engine

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return Site.objects.get().root_page


def titles(pages) -> list[str]:
    return [page.title for page in pages]


def test_where_some_words_are_missing_those_with_most_of_them_come_first(home):
    make_page("Owl")
    make_page("Night train")
    make_page("Something", summary="An owl at night.")

    assert titles(engine().products("owl night blue", home).pages) == []
    assert titles(engine().nearest("owl night blue", home).by_relevance()) == [
        "Something",
        "Owl",
        "Night train",
    ]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("headphnes", "headphones"),
        ("haedphones", "headphones"),
        ("headfones", "headphones"),
        ("wireless haedphones", "wireless headphones"),
        ("wierless haedphones", "wireless headphones"),
        ("lmap", "lamp"),
        ("수재화", "수채화"),
        ("headphones", None),
        ("headp", None),
        ("headphone", None),
        ("zzzzzz", None),
        ("xy", None),
        ("headphnes zzzzzz", None),
    ],
)
def test_misspelt_words_are_understood(query, meant, home):
    make_page("Wireless headphones")
    make_page("Lamp")
    make_page("수채화")

    assert engine().did_you_mean(query, home) == meant


# Suggestions


def test_products_pages_and_words_are_suggested_for_an_unfinished_word(home):
    make_page("Amber lamp", make_category("Lamps"))
    make_page("Lamp oil")
    make_page("Lamb", live=False)
    make_page("Candle", summary="As bright as a lamp.")

    found = engine().suggest("lam", home)

    assert [title for title, _page in found.products] == ["Lamp oil", "Amber lamp"]
    assert [page.title for page in found.pages] == ["Lamps"]
    assert found.words == ["lamp"]
    assert engine().suggest("amber la", home).words == ["amber lamp"]
    assert not engine().suggest("l", home)
    assert not engine().suggest("candle lamp oil", home)


def test_of_products_that_fit_alike_the_most_viewed_are_suggested(home):
    for number in range(8):
        page = make_page(f"Owl {number}")
        page.product.views = (number * 3) % 8
        page.product.save()

    products = engine().suggest("owl", home, 3).products

    assert [page.product.views for _title, page in products] == [7, 6, 5]


def test_a_single_character_of_korean_is_enough(home):
    make_page("수채화")

    assert [title for title, _page in engine().suggest("수", home).products] == ["수채화"]
