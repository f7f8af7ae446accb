"""Which languages a shop is read in, and where each page is found in them."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Locale, PageViewRestriction, Site

from catalog.tests.factories import make_category
from home import languages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_addresses_kept():
    cache.clear()


@pytest.fixture
def home():
    return Site.objects.get(is_default_site=True).root_page.specific


@pytest.fixture
def korean():
    return Locale.objects.create(language_code="ko")


def translate(page, locale, title, *, live=True):
    translated = page.copy_for_translation(locale)
    translated.title = title
    revision = translated.save_revision()
    if live:
        revision.publish()
    translated.refresh_from_db()
    return translated


def request_for(rf, path="/"):
    return rf.get(path)


def test_a_shop_with_one_language_offers_none_and_asks_nothing_of_a_page(
    rf, home, django_assert_num_queries
):
    prints = make_category("Prints")
    request = request_for(rf)
    languages.homes(request)

    with django_assert_num_queries(0):
        assert languages.switch(request, prints) == []
        assert languages.translations_of(request, prints) == []


def test_a_language_is_offered_once_its_home_page_is_published(rf, home, korean):
    translated = translate(home, korean, "인쇄", live=False)
    assert languages.switch(request_for(rf), home) == []

    translated.save_revision().publish()

    offered = languages.switch(request_for(rf), home)
    assert [(link.language, link.url) for link in offered] == [("en", "/"), ("ko", "/ko/")]
    assert [link.name for link in offered] == ["English", "한국어"]
    assert [link.is_current for link in offered] == [True, False]


def test_the_switch_leads_to_the_same_page_or_else_to_the_home_page(rf, home, korean):
    prints, cards = make_category("Prints"), make_category("Cards", slug="cards")
    translate(home, korean, "인쇄")
    korean_prints = translate(prints, korean, "판화")

    to_prints = languages.switch(request_for(rf), prints)[1]
    to_cards = languages.switch(request_for(rf), cards)[1]

    assert (to_prints.url, to_prints.is_same) == (korean_prints.get_url(), True)
    assert (to_cards.url, to_cards.is_same) == ("/ko/", False)
    with translation.override("ko"):
        back = languages.switch(request_for(rf), korean_prints)
    assert [(link.url, link.is_current) for link in back] == [
        ("/prints/", False),
        (korean_prints.get_url(), True),
    ]


def test_other_views_are_found_at_their_own_address_in_the_language(home, korean):
    translate(home, korean, "인쇄")

    text = Client().get("/search/?q=%22%3E%3Cb%3E").content.decode()

    assert 'href="/ko/search/?q=%22%3E%3Cb%3E"' in text
    assert 'href="/cart/"' in Client().get("/ko/cart/").content.decode()
    assert 'href="/ko/"' in Client().get("/nowhere/").content.decode()


def test_drafts_private_pages_and_aliases_are_no_translations(rf, home, korean):
    prints = make_category("Prints")
    translate(home, korean, "인쇄")
    translated = translate(prints, korean, "판화", live=False)
    assert languages.translations_of(request_for(rf), prints) == []

    translated.save_revision().publish()
    found = languages.translations_of(request_for(rf), prints)
    assert [(one.language, one.url) for one in found] == [
        ("en", "/prints/"),
        ("ko", translated.get_url()),
    ]

    restriction = PageViewRestriction.objects.create(
        page=translated, restriction_type=PageViewRestriction.LOGIN
    )
    assert languages.translations_of(request_for(rf), prints) == []
    restriction.delete()
    type(translated).objects.filter(pk=translated.pk).update(alias_of=prints)
    assert languages.translations_of(request_for(rf), prints) == []


def test_looking_up_costs_two_queries_whatever_the_page(rf, home, korean):
    from django.db import connection

    prints = make_category("Prints")
    translate(home, korean, "인쇄")
    translate(prints, korean, "판화")
    languages.switch(request_for(rf), prints)

    request = request_for(rf)
    Site.find_for_request(request)
    with CaptureQueriesContext(connection) as captured:
        languages.switch(request, prints)
    assert len(captured) == 2


def test_what_is_not_a_page_has_no_translations(rf, home, korean):
    translate(home, korean, "인쇄")

    for something in (None, "", "page", 3, type(home)(title="Unsaved")):
        assert languages.translations_of(request_for(rf), something) == []
