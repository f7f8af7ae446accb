"""The way from the home page to a page: shown above it, and told to search engines."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from catalog import kept
from home import routing

# Above the home page is only Wagtail's root.
HOME_DEPTH = 2


@dataclass(frozen=True)
class Place:
    """``url`` is empty where a page has no address yet, as in a preview."""

    title: str
    url: str
    is_here: bool = False


def trail(request: HttpRequest | None, page: Page) -> list[Place]:
    """From the home page to the page itself. One query for a shelf, however often it is asked."""
    if not hasattr(page, "_trail"):
        site = Site.find_for_request(request)
        key = "trail", page.pk, site.pk if site else None, get_language()
        page._trail = kept.get(key, lambda: _trail(request, page))
    return page._trail


def _trail(request: HttpRequest | None, page: Page) -> list[Place]:
    kept.shows("frame", f"page:{page.pk}")
    places = [Place(_("Home"), reverse("wagtail_serve", args=[""]))]
    places += [
        Place(one.title, one.get_url(request) or "")
        for one in (routing.above(page) if page.path else ())
        if one.live and one.depth > HOME_DEPTH
    ]
    url = (page.get_url(request) or "") if page.path else ""
    return [*places, Place(page.title, url, is_here=True)]
