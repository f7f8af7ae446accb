"""The menu and the announcement in a real browser, by keyboard, with JavaScript and without."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from wagtail.models import Locale

from home.models import Announcement, Menu

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def menu():
    link = {"address": "/rankings/", "title": "What others look at"}
    entries = [{"title": name, "links": [link]} for name in ("Shop", "About")]
    return Menu.objects.create(
        title="Main",
        entries=[("entry", entry) for entry in entries],
        locale=Locale.objects.get_or_create(language_code="en")[0],
    )


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_sheet_on_a_phone_is_opened_walked_and_left_by_keyboard(open_tab, menu, scripts):
    tab = open_tab(viewport=PHONE, java_script_enabled=scripts)
    tab.goto("/people/")
    link = tab.get_by_role("link", name="What others look at").first
    expect(link).to_be_hidden()

    tab.get_by_role("button", name="Menu", exact=True).press("Enter")
    tab.locator("summary", has_text="Shop").press("Enter")
    expect(link).to_be_visible()
    tab.keyboard.press("Escape")

    expect(link).to_be_hidden()
    expect(tab.get_by_role("button", name="Menu", exact=True)).to_be_focused()


def test_the_sheet_never_hides_what_has_the_focus(open_tab, menu):
    tab = open_tab(viewport=PHONE)
    tab.goto("/people/")
    tab.get_by_role("button", name="Menu", exact=True).press("Enter")
    last = tab.locator("#menu a:visible").last
    last.focus()

    tab.keyboard.press("Tab")

    expect(last).to_be_hidden()


def test_a_panel_on_a_desk_closes_by_escape_by_a_click_beside_it_and_for_another(open_tab, menu):
    tab = open_tab(viewport=DESK)
    tab.goto("/people/")
    shop, about = (tab.locator("#menu summary", has_text=name) for name in ("Shop", "About"))
    panels = tab.locator("#menu details[open]")

    shop.press("Enter")
    expect(panels).to_have_count(1)
    tab.keyboard.press("Tab")
    tab.keyboard.press("Escape")
    expect(panels).to_have_count(0)
    expect(shop).to_be_focused()

    shop.click()
    about.click()
    expect(panels).to_have_count(1)
    tab.locator(".footer__shop").click()
    expect(panels).to_have_count(0)

    about.press("Enter")
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Shift+Tab")
    expect(panels).to_have_count(0)


def test_a_panel_opens_without_scripts(open_tab, menu):
    tab = open_tab(viewport=DESK, java_script_enabled=False)
    tab.goto("/people/")

    tab.locator("#menu summary", has_text="Shop").press("Enter")
    tab.get_by_role("link", name="What others look at").first.click()

    tab.wait_for_url("**/rankings/")


def test_a_closed_announcement_stays_closed_and_sets_no_cookie(open_tab):
    Announcement.objects.create(
        text="Free delivery", locale=Locale.objects.get_or_create(language_code="en")[0]
    )
    tab = open_tab(viewport=PHONE)
    tab.goto("/people/")
    bar = tab.locator("announcement-bar")
    expect(bar).to_be_visible()

    tab.get_by_role("button", name="Close the announcement").press("Enter")
    expect(bar).to_be_hidden()
    tab.goto("/rankings/")

    expect(bar).to_be_hidden()
    assert not [cookie for cookie in tab.context.cookies() if "announ" in cookie["name"]]


def test_a_page_from_a_cache_shows_and_hides_announcements_at_their_moments(open_tab):
    locale = Locale.objects.get_or_create(language_code="en")[0]
    now = timezone.now()
    day = timedelta(hours=20)
    Announcement.objects.create(text="Today", ends=now + day, locale=locale)
    Announcement.objects.create(text="Tomorrow", starts=now + day, locale=locale)
    tab = open_tab(viewport=PHONE)
    tab.goto("/people/")
    expect(tab.locator("announcement-bar:visible")).to_contain_text("Today")

    tab.clock.install(time=now + day - timedelta(seconds=2))
    tab.goto("/people/")
    expect(tab.get_by_text("Today")).to_be_visible()
    tab.clock.fast_forward(5_000)

    expect(tab.get_by_text("Tomorrow")).to_be_visible()
    expect(tab.get_by_text("Today")).to_be_hidden()


def test_without_scripts_it_shows_what_is_on_and_no_button(open_tab):
    Announcement.objects.create(
        text="Free delivery", locale=Locale.objects.get_or_create(language_code="en")[0]
    )
    tab = open_tab(viewport=PHONE, java_script_enabled=False)
    tab.goto("/people/")

    expect(tab.get_by_text("Free delivery")).to_be_visible()
    expect(tab.get_by_role("button", name="Close the announcement")).to_have_count(0)
