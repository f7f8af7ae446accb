"""Sharing a page in a real browser: by copying its address, or by what the device offers."""

import pytest
from playwright.sync_api import expect

from catalog.tests.factories import make_category, make_page

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]


@pytest.fixture
def context(browser, live_server, settings):
    settings.BASE_URL = live_server.url
    return browser.new_context(base_url=live_server.url)


def test_an_address_is_copied_and_said_to_be(context, live_server):
    page = make_page("Dune", make_category("Prints"))
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(f"{page.url}?sku=ANY")

    tab.get_by_role("button", name="Copy the link").press("Enter")

    expect(tab.locator("[data-share] [role=status]")).to_have_text("The link is copied.")
    assert tab.evaluate("navigator.clipboard.readText()") == live_server.url + page.url


def test_a_device_that_shares_is_handed_title_and_address(context, live_server):
    page = make_page("Dune", make_category("Prints"))
    tab = context.new_page()
    tab.add_init_script("navigator.share = async (told) => { window.told = told; };")
    tab.goto(page.url)

    tab.get_by_role("button", name="Share", exact=True).click()

    assert tab.evaluate("window.told") == {"title": "Dune", "url": live_server.url + page.url}


def test_a_device_that_does_not_offers_only_what_works(context):
    page = make_page("Dune", make_category("Prints"))
    tab = context.new_page()
    tab.add_init_script("delete Navigator.prototype.share; delete Navigator.prototype.clipboard;")
    tab.goto(page.url)

    expect(tab.get_by_role("link", name="Send by email")).to_be_visible()
    assert tab.locator("[data-share] button:visible").count() == 0
