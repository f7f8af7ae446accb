"""Searching by OpenSearch, against a fake that knows its language; and going on without it."""

import subprocess
import sys
import time

import pytest
from django.db import connection
from wagtail.models import PageViewRestriction, Site

from catalog.models import ProductPage
from catalog.tests.factories import make_category, make_page, make_sku
from search import indexing
from search.engines import engine
from search.engines.opensearch import OpenSearchEngine
from search.models import Pending
from search.tasks import index_pending
from search.tests.fake_opensearch import fake_opensearch

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with fake_opensearch() as running:
        settings.SEARCH_URL = f"opensearch://{running.address}"
        yield running


@pytest.fixture
def home():
    return Site.objects.get().root_page


def titles(query, home) -> list[str]:
    return [page.title for page in engine().products(query, home).by_relevance()]


def tell() -> int:
    indexing.catch_up()
    return index_pending()


def test_it_is_told_of_pages_and_asked_for_them(server, home):
    owl = make_page("Owl", make_category("Owls"))
    make_sku(make_page("Night"), "OWL-A3")
    make_page("Something", summary="An owl at night.")
    make_page("A draft of an owl", live=False)
    assert tell()
    server.requests.clear()

    assert titles("owl", home) == ["Owl", "Night", "Something"]
    assert set(titles("owl nigh", home)) == {"Night", "Something"}
    assert [page.title for page in engine().others("owl", home)] == ["Owls"]
    assert engine().others("owl", home)[0].specific_class.__name__ == "CategoryPage"
    assert set(server.requests) == {"POST /shop/_search"}
    assert engine().products("owl", home).pages.filter(pk=owl.pk).exists()
    assert not Pending.objects.exists()


def test_it_finds_what_the_database_finds(server, home):
    for title in ("Amber lamp", "Lamp", "Lamps of amber", "수채화 포스터", "山水画海报", "Café"):
        make_page(title)
    make_sku(make_page("Dune"), "DUNE-A3-OAK")
    tell()
    ours = engine()

    for query in (
        "lamp",
        "amber la",
        "포스터",
        "海报",
        "cafe",
        "dune-a3",
        "dunea3oak",
        "nothing",
        "",
    ):
        for how in ("products", "nearest"):
            here = getattr(ours, how)(query, home).pages
            there = getattr(ours.database, how)(query, home).pages
            assert set(here) == set(there), (query, how)


def test_it_follows_changes_and_ends(server, home):
    page = make_page("Owl")
    tell()
    page.title = "Dove"
    page.save_revision().publish()
    tell()
    assert (titles("owl", home), titles("dove", home)) == ([], ["Dove"])

    key = str(page.pk)
    assert key in server.documents
    page.delete()
    tell()
    assert key not in server.documents
    # Twice is no error.
    indexing.write([int(key)])
    assert index_pending() == 1


def test_older_words_that_come_late_are_refused_and_no_error(server, home):
    page = make_page("Owl")
    tell()
    server.versions[str(page.pk)] *= 2
    indexing.write([page.pk])

    assert index_pending() == 1
    assert not Pending.objects.exists()


def test_what_only_some_may_see_is_not_found(server, home):
    club = make_category("Club")
    make_page("Owl", club)
    tell()
    PageViewRestriction.objects.create(page=club, restriction_type="login")

    assert titles("owl", home) == []
    assert engine().others("club", home) == []
    assert server.documents


def test_suggestions_and_corrections_are_the_databases(server, home):
    make_page("Headphones")
    tell()
    server.requests.clear()

    assert engine().suggest("head", home).words == ["headphones"]
    assert engine().did_you_mean("headphnes", home) == "headphones"
    assert server.requests == []


@pytest.mark.parametrize("trouble", ["gone", "broken", "silent", "empty", "nonsense"])
def test_without_it_the_database_answers_within_a_bounded_time(trouble, server, home, monkeypatch):
    make_page("Owl", make_category("Owls"))
    tell()
    if trouble == "gone":
        server.shutdown()
        server.server_close()
    elif trouble == "broken":
        server.is_broken = True
    elif trouble == "silent":
        server.delay = 5.0
    elif trouble == "empty":
        server.mappings = None
    else:
        monkeypatch.setattr("search.tests.fake_opensearch._score", lambda *_all: 1 / 0)
    start = time.monotonic()

    assert titles("owl", home) == ["Owl"]

    assert time.monotonic() - start < 4
    # The next ones do not even ask.
    server.requests.clear()
    assert titles("owl", home) == ["Owl"]
    assert [page.title for page in engine().others("owl", home)] == ["Owls"]
    assert [page.title for page in engine().nearest("owl x", home).pages] == ["Owl"]
    assert server.requests == []


def test_what_it_could_not_be_told_it_is_told_later(server, home):
    make_page("Owl")
    server.is_broken = True
    indexing.catch_up()
    assert index_pending() == 0
    assert Pending.objects.filter(what=Pending.What.TELL).exists()
    server.is_broken = False
    assert index_pending() == 0, "the breaker is open"

    engine().breaker._open_until = 0.0

    assert index_pending() == 2
    assert titles("owl", home) == ["Owl"]
    assert ProductPage.objects.count() == 1


def test_addresses_are_understood():
    def of(url):
        found = OpenSearchEngine(url, engine())
        return found.address, found.session.auth

    assert of("opensearch://search:9200") == ("http://search:9200/storefront", None)
    assert of("opensearchs://search/shop/") == ("https://search/shop", None)
    assert of("opensearchs://me:a%40b@search:9200/shop") == (
        "https://search:9200/shop",
        ("me", "a@b"),
    )


def test_the_database_is_asked_where_no_server_is_named(settings):
    settings.SEARCH_URL = ""
    names = {"sqlite": "SQLiteEngine", "postgresql": "PostgreSQLEngine"}
    assert type(engine()).__name__ == names[connection.vendor]


@pytest.mark.parametrize("url", ["elastic://user:secret@x", "opensearch://", "http://x", "x"])
def test_a_mistake_in_the_setting_is_told_at_the_start(url, monkeypatch):
    monkeypatch.setenv("SEARCH_URL", url)
    code = "import storefront.settings.test"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert done.returncode
    assert "SEARCH_URL is none of opensearch://host:9200/index" in done.stderr
    assert "secret" not in done.stderr.splitlines()[-1]
