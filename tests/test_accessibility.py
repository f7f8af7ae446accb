"""Nobody is kept out: axe-core finds nothing on any kind of page, in either theme.

https://www.w3.org/TR/WCAG22/ at level AA; the rules are those of https://github.com/dequelabs/axe-core.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

from catalog.models import Sku
from home.demo import load
from home.demo.tour import Stop, stops

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # It waits for style sheets, which have been there since the page was loaded.
    "preload": False,
}
# Where scripts are off no timer of a page goes off, and axe would wait for its own for ever.
TIMERS_AT_ONCE = """window.setTimeout = (action, pause, ...values) => {
    if (!(pause > 100)) Promise.resolve().then(() => action(...values));
    return 1;
}"""


class Visit:
    """Looks at pages as somebody, in one browser window for each person."""

    def __init__(self, browser: Browser, url: str, **options: object) -> None:
        self.browser = browser
        self.url = url
        self.options = options
        self.windows: dict[tuple[str, bool], Page] = {}

    def look(self, stop: Stop) -> tuple[Page, int]:
        key = stop.member, stop.has_goods
        if key not in self.windows:
            context = self.browser.new_context(base_url=self.url, **self.options)
            self._come_in(context, stop)
            self.windows[key] = context.new_page()
        page = self.windows[key]
        response = page.goto(stop.path)
        return page, response.status if response else 0

    def _come_in(self, context: BrowserContext, stop: Stop) -> None:
        if stop.member:
            cookie = {"name": "sessionid", "value": session_of(stop.member), "url": self.url}
            context.add_cookies([cookie])
        if stop.has_goods:
            code = Sku.objects.filter(stock__on_hand__gt=3).earliest("pk").code
            answer = context.request.post(
                reverse("cart:add"),
                form={"code": code, "quantity": "2"},
                headers={"Origin": self.url, "Sec-Fetch-Site": "same-origin"},
            )
            assert answer.ok, answer.text()


def session_of(username: str) -> str:
    client = Client()
    client.force_login(get_user_model().objects.get(username=username))
    return client.cookies["sessionid"].value


def violations(axe: Axe, page: Page) -> list[dict]:
    if page.evaluate("matchMedia('(scripting: none)').matches"):
        page.evaluate(TIMERS_AT_ONCE)
    return axe.run(page, options=RULES).response["violations"]


def told(stop: Stop, violation: dict) -> str:
    place = violation["nodes"][0]["html"][:160]
    return f"{stop.name} {stop.path}: {violation['id']}, {violation['help']}: {place}"


WAYS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1440, "height": 900}},
    "dark, on a phone": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
    "light, without JavaScript": {"color_scheme": "light", "java_script_enabled": False},
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_axe_finds_nothing_on_any_kind_of_page(way, browser, live_server) -> None:
    load.load(picture_height=160)
    visit = Visit(browser, live_server.url, reduced_motion="reduce", **way)
    axe, found = Axe(), []
    for stop in stops():
        page, status = visit.look(stop)
        assert status == stop.status, stop
        page.wait_for_load_state("networkidle")
        found += [told(stop, one) for one in violations(axe, page)]
    assert found == []


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_axe_finds_nothing_when_the_shop_is_broken_or_shut(way, browser, settings) -> None:
    settings.MAINTENANCE = True
    page, axe, found = browser.new_context(**way).new_page(), Axe(), []
    for html in (render_to_string("500.html"), Client().get("/").content.decode()):
        page.set_content(html)
        found += violations(axe, page)
    assert found == []


@pytest.mark.parametrize("has_script", [True, False])
def test_axe_would_find_a_picture_without_words(browser, has_script) -> None:
    """The control: without it, a broken checker would look like a perfect shop."""
    page = browser.new_context(java_script_enabled=has_script).new_page()
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src=x></main>")
    found = {violation["id"] for violation in violations(Axe(), page)}
    assert found == {"image-alt"}
