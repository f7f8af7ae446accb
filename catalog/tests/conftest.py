"""The admin in a real browser, for the tests that are marked so."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page


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
