"""The index follows what happens to pages, and never tells of drafts."""

from datetime import timedelta
from io import StringIO
from unittest.mock import Mock, patch

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import Page, PageViewRestriction, Site

from catalog.models import Brand, ProductPage
from catalog.tests.factories import make_category, make_page, make_sku
from search import indexing, spelling
from search.engines import engine
from search.models import Entry, Gram, Pending, Word
from search.tasks import index_pending, repair_search, tidy_search

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return Site.objects.get().root_page


@pytest.fixture
def page():
    return make_page("Dune at dawn", brand=Brand.objects.create(name="Atelier Nord"))


def titles(query) -> list[str]:
    home = Site.objects.get().root_page
    return [page.title for page in engine().products(query, home).by_relevance()]


def test_a_page_is_found_from_its_publication_to_its_end(page):
    assert titles("dune") == ["Dune at dawn"]
    page.unpublish()
    assert titles("dune") == []
    page.save_revision().publish()
    assert titles("dune") == ["Dune at dawn"]
    page.delete()
    assert titles("dune") == []
    assert not Entry.objects.filter(title__contains="dune").exists()


def test_drafts_are_not_found_suggested_or_meant(page, home):
    page.title = "Secret launch"
    page.save_revision()
    make_page("Hidden wonder", live=False)
    find = engine()

    for query in ("secret", "launch", "hidden", "wonder"):
        assert titles(query) == []
        assert not find.suggest(query[:4], home)
    assert find.did_you_mean("secrte", home) is None
    assert find.did_you_mean("wondre", home) is None
    assert titles("dune") == ["Dune at dawn"]
    # The same words, once they are public.
    page.save_revision().publish()
    assert titles("secret") == ["Secret launch"]
    assert titles("dune") == []
    assert find.did_you_mean("secrte", home) == "secret"


def test_words_that_are_public_no_more_are_not_meant(page, home):
    assert engine().did_you_mean("dnue", home) == "dune"
    page.unpublish()
    assert engine().did_you_mean("dnue", home) is None


def test_what_only_some_may_see_is_not_found_wherever_it_moves(home):
    club, open_to_all = make_category("Club"), make_category("Everything")
    page = make_page("Dune", club)
    restriction = PageViewRestriction.objects.create(page=club, restriction_type="login")
    assert titles("dune") == []
    assert not engine().suggest("dun", home)
    assert engine().others("club", home) == []
    page.move(open_to_all, pos="last-child")
    assert titles("dune") == ["Dune"]
    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=club.pk), pos="last-child")
    assert titles("dune") == []
    restriction.delete()
    assert titles("dune") == ["Dune"]


def test_with_its_category_a_page_goes(home):
    category = make_category("Prints")
    make_page("Dune", category)
    Page.objects.get(pk=category.pk).unpublish(log_action=None)
    for child in category.get_children():
        child.specific.unpublish()
    assert titles("dune") == []
    assert engine().others("prints", home) == []


def test_codes_options_tags_and_brands_are_followed(page):
    sku = make_sku(page, "D-1", option1="Small")
    tag = Tag.objects.create(name="desert")
    page.tags.add(tag)
    page.save()
    for query in ("d-1", "small", "desert", "nord"):
        assert titles(query) == ["Dune at dawn"], query

    sku.code, sku.option1 = "E-2", "Large"
    sku.save()
    tag.name = "sahara"
    tag.save()
    page.brand.name = "Studio Sud"
    page.brand.save()

    for query in ("d-1", "small", "desert", "nord"):
        assert titles(query) == [], query
    for query in ("e-2", "large", "sahara", "sud"):
        assert titles(query) == ["Dune at dawn"], query

    sku.is_active = False
    sku.save()
    tag.delete()
    page.brand.delete()
    for query in ("e-2", "sahara", "sud"):
        assert titles(query) == [], query


def test_a_copy_that_is_a_draft_is_found_when_it_is_published(page):
    copy = page.copy(update_attrs={"slug": "copy", "title": "Dune again"}, keep_live=False)
    assert titles("again") == []
    copy.save_revision().publish()
    assert titles("again") == ["Dune again"]


# When it is written


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_published_is_found_by_all_as_soon_as_it_is_committed():
    with transaction.atomic():
        page = make_page("Dune")
        assert not Entry.objects.exists()
    entry = Entry.objects.get(pk=page.pk)
    assert entry.title == " dune "


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_outside_of_transactions_it_is_written_at_once(page):
    page.title = "Moon"
    page.save_revision().publish()
    assert Entry.objects.get(pk=page.pk).title == " moon "
    make_sku(page, "D-1")
    assert " d 1 d1 " in Entry.objects.get(pk=page.pk).codes
    ring = Mock()
    with patch.object(indexing, "ring", ring):
        page.brand.name = "Studio Sud"
        page.brand.save()
    assert ring.called
    index_pending()
    assert "studio sud" in Entry.objects.get(pk=page.pk).labels


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_publication_writes_the_words_once(page):
    page.title = "Moon"
    revision = page.save_revision()
    with CaptureQueriesContext(connection) as queries:
        revision.publish()
    assert sum('INSERT INTO "search_entry"' in query["sql"] for query in queries) == 1

    # Unpublished and published again, without being read anew.
    page = ProductPage.objects.get(pk=page.pk)
    page.unpublish()
    assert not Entry.objects.filter(pk=page.pk).exists()
    revision.publish()
    assert Entry.objects.get(pk=page.pk).title == " moon "


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_undone_leaves_nothing_and_stops_nothing():
    with transaction.atomic():
        make_page("Dune")
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
    assert titles("dune") == []

    make_page("Moon")

    assert [entry.title for entry in Entry.objects.filter(scope__startswith="=product")] == [
        " moon "
    ]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_pages_at_once_the_workers_write_the_words(monkeypatch):
    monkeypatch.setattr(indexing, "AT_ONCE", 2)
    rung = []
    monkeypatch.setattr(indexing, "ring", lambda: rung.append(True))
    category = make_category("Prints")
    with transaction.atomic():
        for number in range(4):
            make_page(f"Dune {number}", category)

    assert rung
    assert Pending.objects.count() == 4
    assert titles("dune") == []
    assert index_pending() == 4
    assert len(titles("dune")) == 4
    assert not Pending.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_error_in_the_index_stops_no_publication(monkeypatch, page):
    def fail(keys):
        raise RuntimeError

    monkeypatch.setattr(indexing, "_write", fail)
    page.title = "Moon"
    page.save_revision().publish()
    assert ProductPage.objects.get().title == "Moon"

    monkeypatch.undo()
    assert titles("moon") == []
    assert repair_search() == 1
    assert titles("moon") == ["Moon"]


# Mending


def test_repair_finds_what_is_missing_too_old_or_gone(page):
    titles("dune")
    other, third = make_page("Moon"), make_page("Star")
    titles("moon")
    assert repair_search() == 0
    Entry.objects.filter(pk=page.pk).delete()
    Page.objects.filter(pk=other.pk).update(
        title="Sun", last_published_at=timezone.now() + timedelta(seconds=1)
    )
    Page.objects.filter(pk=third.pk).update(live=False)

    assert repair_search() == 3

    assert titles("dune") == ["Dune at dawn"]
    assert titles("sun") == ["Sun"]
    assert not Entry.objects.filter(pk=third.pk).exists()


def test_an_alias_is_nothing_to_be_mended(page):
    titles("dune")
    page.create_alias(parent=make_category("Gifts"))
    titles("dune")
    assert repair_search() == 0


def test_the_index_is_rebuilt_from_nothing(page, home):
    make_sku(page, "D-1")
    make_page("Hidden", live=False)
    titles("dune")
    Entry.objects.all().delete()
    Word.objects.all().delete()
    assert titles("dune") == []

    output = StringIO()
    call_command("rebuild_search", stdout=output)

    assert "2 pages can be found" in output.getvalue()
    assert titles("d-1") == ["Dune at dawn"]
    assert engine().did_you_mean("dnue", home) == "dune"
    assert not Word.objects.filter(word="hidden").exists()


def test_rebuilding_forgets_words_that_nobody_uses(page):
    titles("dune")
    page.title = "Moon"
    page.save_revision().publish()
    titles("moon")
    assert Word.objects.filter(word="dune").exists()

    call_command("rebuild_search", verbosity=0)

    assert not Word.objects.filter(word="dune").exists()
    assert Word.objects.filter(word="moon").exists()


def test_an_index_written_bit_by_bit_is_put_in_order(page):
    for number in range(6):
        make_page(f"Dune {number}")
        titles("dune")
    before, parts = titles("dune"), _parts()

    tidy_search()

    assert titles("dune") == before
    assert len(before) == 7
    if connection.vendor == "sqlite":
        assert _parts() < parts


def _parts() -> int:
    """In how many parts SQLite keeps the words."""
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_fulltext_data")
        return cursor.fetchone()[0]


def test_a_word_is_learnt_once(page):
    titles("dune")
    grams = Gram.objects.count()
    spelling.learn(page.locale_id, {"dune", "dawn"})
    assert Gram.objects.count() == grams


# The cost


def test_writing_many_pages_takes_as_many_queries_as_writing_few():
    category = make_category("Prints")
    brand = Brand.objects.create(name="Atelier")
    keys = []
    for number in range(12):
        page = make_page(f"Dune {number}", category, brand=brand)
        page.tags.add("desert")
        page.save()
        make_sku(page, f"D-{number}")
        keys.append(page.pk)
    indexing.catch_up()

    with CaptureQueriesContext(connection) as few:
        indexing.write(keys[:2])
    with CaptureQueriesContext(connection) as many:
        indexing.write(keys)

    assert len(many) == len(few) <= 14
