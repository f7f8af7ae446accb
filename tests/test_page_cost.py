"""What a page costs, in calls of functions: the same on every machine, however busy it is.

``bench.pages`` measures processor time, which differs by a third between two runs on a machine
that does other things too. A page that calls a quarter more functions than it did, for each that
a bare Django view calls, has become slower on all machines.
"""

import cProfile

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path
from django.utils import translation

from bench.pages import asking
from catalog.kept import log
from tests.test_kept_parts import commit, shop  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

WORSE = 1.25
# As many times the calls of a bare view: what a page took when this was last looked at.
KEPT = {"/": 0.97, "/prints/": 0.97, "/prints/dune/": 0.97, "/search/?q=dune": 1.13}
MADE = {"/": 56, "/prints/": 37.3, "/prints/dune/": 29.6, "/search/?q=dune": 46.3}
BADGE = 8.13


def bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"x" * 8_000)


urlpatterns = [path("bare/", bare)]


class Asked:
    """A process that answers, without a browser around it."""

    def __init__(self) -> None:
        self.answer = WSGIHandler()

    def __call__(self, url: str, **headers: str) -> None:
        environ = RequestFactory().get(url, HTTP_ACCEPT_ENCODING="br", **headers).environ
        response = self.answer(environ, lambda *_: None)
        assert response.status_code == 200
        response.close()

    def calls(self, url: str, **headers: str) -> int:
        """The fewest of some requests: the log of changes is read in one of them at times."""
        with asking.kept_connection():
            for _ in range(3):
                self(url, **headers)
            return min(self._once(url, **headers) for _ in range(5))

    def _once(self, url: str, **headers: str) -> int:
        profile = cProfile.Profile()
        profile.enable()
        self(url, **headers)
        profile.disable()
        return sum(entry.callcount for entry in profile.getstats())


@pytest.fixture
def bare_calls():
    middleware = [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ]
    with override_settings(MIDDLEWARE=middleware, ROOT_URLCONF=__name__):
        found = Asked().calls("/bare/")
    translation.activate("en")
    return found


@pytest.fixture(autouse=True)
def _log_is_known(monkeypatch):
    monkeypatch.setattr(log, "KNOWN_FOR", 3600)


@pytest.mark.parametrize("url", KEPT)
def test_a_page_that_is_kept_costs_what_a_bare_view_does(bare_calls, shop, settings, url):  # noqa: F811
    settings.PAGE_CACHE = True
    assert Asked().calls(url) / bare_calls < WORSE * KEPT[url]


@pytest.mark.parametrize("url", MADE)
def test_a_page_that_is_made_anew_costs_as_little_as_it_did(bare_calls, shop, url):  # noqa: F811
    assert Asked().calls(url) / bare_calls < WORSE * MADE[url]


def test_the_badge_of_a_full_cart_costs_as_little_as_it_did(bare_calls, shop, client, settings):  # noqa: F811
    for code in ("DUNE-A4", "NUMBER-1", "NUMBER-2"):
        data = {"code": code, "quantity": 1}
        client.post("/cart/add/", data, headers={"sec-fetch-site": "same-origin"})
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
    found = Asked().calls("/me/", HTTP_COOKIE=cookie, HTTP_HX_REQUEST="true")
    assert found / bare_calls < WORSE * BADGE
