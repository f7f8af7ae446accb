"""The admin in a real browser, for the tests that are marked so."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-sync"]


@pytest.fixture
def browser(chromium: str, monkeypatch) -> Iterator["Browser"]:
    # Only here: most tests have no use for it.
    from playwright.sync_api import sync_playwright

    # Its synchronous interface runs a loop in this thread, which Django takes for async code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser, live_server, client, editor) -> Iterator["Page"]:
    """A browser in which the editor is logged in; complaints of any page are collected."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda line: line.type == "error" and page.complaints.append(line.text))
    yield page
    assert page.complaints == []
    context.close()
