"""The page that a shopper is about to open is fetched before they do, and not counted as seen."""

import time

import pytest
from django.core.signals import request_started

from catalog.tests.factories import make_category, make_page, make_sku

pytestmark = [
    pytest.mark.browser,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def asked():
    """Paths that were asked for, each with the purpose that the browser told."""
    found = []

    def note(environ, **_more):
        found.append((environ["PATH_INFO"], environ.get("HTTP_SEC_PURPOSE", "")))

    request_started.connect(note)
    yield found
    request_started.disconnect(note)


def test_a_pointer_that_rests_on_a_card_has_its_page_fetched(open_tab, asked):
    category = make_category("Birds")
    page = make_page("Heron", category=category)
    make_sku(page)
    tab = open_tab()
    tab.goto(category.url)
    asked.clear()
    tab.hover(".card__link")
    until = time.monotonic() + 10
    while (page.url, "prefetch") not in asked and time.monotonic() < until:
        tab.wait_for_timeout(100)
    assert (page.url, "prefetch") in asked
    # It runs no script, so nobody has looked at it yet.
    assert "/me/" not in dict(asked)


def test_what_is_not_for_everybody_is_left_until_it_is_asked_for(open_tab, asked):
    category = make_category("Birds")
    tab = open_tab()
    tab.goto(category.url)
    tab.wait_for_load_state("networkidle")
    asked.clear()
    tab.hover(".header__cart")
    tab.wait_for_timeout(800)
    assert asked == []
