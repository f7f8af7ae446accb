"""Wagtail's own search in the admin: on SQLite ranked in one pass, with the same result."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page
from wagtail.search.backends import database, get_search_backend
from wagtail.search.query import MATCH_ALL, Phrase

from catalog.models import ProductPage
from catalog.tests.factories import make_category, make_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages():
    category = make_category("Light")
    make_page("Lamp", category, summary="A lamp for reading.")
    make_page("Lamp shade in red and white paper", category)
    make_page("Red paper lamp", category, summary="Made of paper, red.")
    make_page("Candle", category, summary="Brighter than a lamp, some say.")
    make_page("Lamb", category, live=False)
    # Alike in all: then the newest comes first.
    for _number in range(3):
        make_page("Lamp oil", category)


def keys(results) -> list[int]:
    return [page.pk for page in results]


WORDS = ["lamp", "lamp paper", "red", "nothing", "lam", Phrase("red paper"), "lamp or candle"]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("model", [Page, ProductPage])
def test_it_finds_the_same_in_the_same_order_as_wagtails_own(pages, words, model):
    ours, own = get_search_backend(), database.SearchBackend({})
    assert (type(ours) is type(own)) == (connection.vendor != "sqlite")

    for pages_of in (model.objects.all(), model.objects.live(), model.objects.filter(title="x")):
        assert keys(ours.search(words, pages_of)[:20]) == keys(own.search(words, pages_of)[:20])
        assert keys(ours.search(words, pages_of)[2:5]) == keys(own.search(words, pages_of)[2:5])
        if isinstance(words, str):
            found = ours.autocomplete(words, pages_of)
            assert keys(found[:20]) == keys(own.autocomplete(words, pages_of)[:20])
            assert found.count() == own.autocomplete(words, pages_of).count()


def test_what_has_no_ranks_is_as_in_wagtails_own(pages):
    ours, own = get_search_backend(), database.SearchBackend({})
    products = ProductPage.objects.order_by("title")

    assert keys(ours.search(MATCH_ALL, products)[:5]) == keys(own.search(MATCH_ALL, products)[:5])
    by_title = {"order_by_relevance": False}
    assert keys(ours.search("lamp", products, **by_title)[:9]) == keys(
        own.search("lamp", products, **by_title)[:9]
    )
    assert len(ours.search("lamp", products).annotate_score("_rank")[:9]) == 7
    assert len(list(ours.search("lamp", products))) == 7


def test_no_query_asks_for_the_rank_of_one_page(pages):
    with CaptureQueriesContext(connection) as queries:
        assert len(get_search_backend().autocomplete("lamp", Page.objects.all())[:25]) == 6

    assert not [query for query in queries if "LIMIT 1) AS" in query["sql"]]


def test_pages_are_found_in_the_chooser_of_the_admin(client, editor, pages):
    response = client.get(reverse("wagtailadmin_choose_page_search"), {"q": "cand"})

    assert "Candle" in response.content.decode()
    assert "Lamb" not in response.content.decode()


def found_by_editors(words: str) -> list[str]:
    return [page.title for page in get_search_backend().search(words, Page.objects.all())]


def test_editors_find_a_page_as_it_was_saved_last_and_no_draft_is_written_for_that():
    page = make_page("Lamp")
    page.title = "Lantern"
    with CaptureQueriesContext(connection) as queries:
        revision = page.save_revision()
    assert not [query for query in queries if "wagtailsearch" in query["sql"]]
    assert found_by_editors("lamp") == ["Lamp"]

    revision.publish()
    assert found_by_editors("lamp") == []
    assert found_by_editors("lantern") == ["Lantern"]

    ProductPage.objects.get(pk=page.pk).unpublish()
    assert found_by_editors("lantern") == ["Lantern"]
    unsaved = Page(title="Plain page", slug="plain")
    page.get_parent().add_child(instance=unsaved)
    assert found_by_editors("plain") == ["Plain page"]
    ProductPage.objects.get(pk=page.pk).delete()
    assert found_by_editors("lantern") == []
