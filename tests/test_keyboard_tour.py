"""The focus is seen on every kind of page that the shop has, wherever the Tab key leads."""

import pytest
from playwright.sync_api import expect

from home.demo import load
from home.demo.tour import stops
from tests.keyboard import Hands
from tests.test_accessibility import Visit

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]
DESK = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}


def test_wherever_the_tab_key_leads_it_can_be_seen(browser, live_server) -> None:
    load.load(picture_height=160)
    visit = Visit(browser, live_server.url, **DESK)
    found = []
    for stop in stops():
        page, _status = visit.look(stop)
        hands = Hands(page)
        hands.look()
        # Header and footer are the same on every page.
        if stop.name == "home":
            hands.press("Tab")
            found += hands.walk(page.locator(".page"))
        hands.reach(page.get_by_role("link", name="Skip to the content"))
        hands.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()
        found += hands.walk(page.get_by_role("main"))
    assert found == []
