import pytest
from wagtail.models import Site

from catalog.models import Brand
from catalog.tests.factories import make_category, make_page, make_sku
from search.selectors import find

pytestmark = pytest.mark.django_db


def titles(query):
    return [page.title for page in find(query, Site.objects.get().root_page)]


@pytest.fixture(autouse=True)
def products():
    dune = make_page(
        "Dune at dawn", summary="Sand and light", brand=Brand.objects.create(name="Atelier Nord")
    )
    dune.tags.add("desert")
    dune.save()
    make_sku(dune, "DUN-A3")
    make_page("Moon over the sea")
    make_page("A draft of a dune", live=False)


@pytest.mark.parametrize(
    "query", ["dune", "DUNE", "dawn dune", "sand", "nord", "desert", "dun-a3", "light atelier"]
)
def test_a_product_is_found_by_any_of_its_words(query):
    assert titles(query) == ["Dune at dawn"]


def test_every_word_must_occur():
    assert titles("dune moon") == []


@pytest.mark.parametrize("query", ["", "   ", "\x00", "%", "_", "'", '"', "\\", "<script>", "🙂"])
def test_nothing_and_hostile_words_find_nothing_and_break_nothing(query):
    assert titles(query) == []


def test_a_tag_on_two_words_gives_a_product_once():
    assert titles("d") == ["Dune at dawn"]


def test_the_results_page_keeps_what_was_asked_and_is_never_an_error(client):
    for query in ("dune", "<script>alert(1)</script>", "x" * 10_000, "\x00"):
        for page in ("1", "999999", "-1", "x", ""):
            response = client.get("/search/", {"q": query, "page": page})
            assert response.status_code == 200
            assert b"<script>alert" not in response.content


def test_a_product_with_an_alias_is_found_once():
    page = find("dune", Site.objects.get().root_page).get()
    page.create_alias(parent=make_category("Gifts"))

    assert titles("dune") == ["Dune at dawn"]
