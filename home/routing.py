"""Which page an address leads to: found by its address, not by walking down to it.

Wagtail asks two queries for each step from the home page. Here the pages above a page are read
with one and kept, for all that stand below them; and where an address has led is kept as well,
together with what tells whether it still does. Where pages route by themselves, or anything is
not as it should be, Wagtail walks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page, Site

from catalog import kept, sites
from catalog.gathering import HOME_DEPTH
from catalog.joined import join
from catalog.models import CategoryPage, ProductPage
from home import languages

# Read along with what is not a page of its kind alone.
OWN = {ProductPage: ("locale", "product", "brand"), CategoryPage: ("locale", "picture")}
# How the rows of these kinds are read along with a page's.
AS_KIND = {ProductPage: "productpage", CategoryPage: "categorypage"}

# The way to an address with more steps is not looked up at once.
MOST_STEPS = 20


class _NotKeptError(Exception):
    """Nothing is there, or something that only Wagtail's walk finds."""


@dataclass(frozen=True)
class Way:
    """Where an address led. The page is still there if it is live and says the same of itself."""

    model: type[Page]
    pk: int
    path: str
    url_path: str

    def leads_to(self, page: Page) -> bool:
        return (page.path, page.url_path) == (self.path, self.url_path)


def find(request: HttpRequest, path: str) -> None:
    """Let ``Page.route_for_request`` know, before it looks, which page the path leads to."""
    if (site := sites.find(request)) is None:
        return
    read: list[Page] = []
    key = "route", site.pk, get_language(), path
    try:
        way = kept.get(key, lambda: _way(request, site, path, read))
        page = read[0] if read else _read(way)
        if page is not None:
            kept.shows("frame", f"page:{page.pk}")
            request._wagtail_route_for_request = page.route(request, [])
            return
    except (_NotKeptError, Http404):
        pass
    _walk(request, path)


def _walk(request: HttpRequest, path: str) -> None:
    """Have Wagtail find it."""
    found = Page.route_for_request(request, path)
    if found is not None:
        kept.shows("frame", f"page:{found.page.pk}")


def above(page: Page) -> list[Page]:
    """The pages above one that has a place, from its home page down; one query for its shelf."""
    if page.depth <= HOME_DEPTH:
        return []
    try:
        found = _chain(_above(page.url_path))
    except _NotKeptError:
        found = []
    if not found or found[-1].path != page.path[: -Page.steplen]:
        found = [one for one in page.get_ancestors() if not one.is_root()]
        kept.shows("frame")
    return found


def _way(request: HttpRequest, site: Site, path: str, read: list[Page]) -> Way:
    """``read`` is given the page, which this has read on the way."""
    kept.shows("frame")
    home = _home(request, site)
    parts = [part for part in path.split("/") if part]
    if not parts:
        return Way(home.specific_class, home.pk, home.path, home.url_path)
    if len(parts) > MOST_STEPS:
        raise _NotKeptError
    address = home.url_path + "/".join(parts) + "/"
    pages = _chain(_above(address))
    if pages[0].pk != home.pk or not all(_leaves_routing(one) for one in pages):
        raise _NotKeptError
    page = _at(address, parts[-1])
    if page.path[: -Page.steplen] != pages[-1].path:
        raise _NotKeptError
    read.append(page)
    return Way(type(page), page.pk, page.path, page.url_path)


def _home(request: HttpRequest, site: Site) -> Page:
    """As ``site.root_page.localized``, which asks for what is known."""
    root = site.root_page
    if len({way.language_code for way in sites.root_paths() if way.site_id == site.pk}) == 1:
        return root
    return languages.homes(request).get(get_language() or "") or root.localized


def _above(address: str) -> str:
    return address[: address[:-1].rfind("/") + 1]


def _chain(address: str) -> Sequence[Page]:
    """The pages on the way to an address and the one there, from the home page down."""
    return kept.get(("pages above", address), lambda: _read_chain(address))


def _read_chain(address: str) -> Sequence[Page]:
    slugs = address.strip("/").split("/")
    addresses = [f"/{'/'.join(slugs[:end])}/" for end in range(1, len(slugs) + 1)]
    # By their slugs, of which there is an index.
    rows = Page.objects.filter(slug__in=slugs, url_path__in=addresses).order_by("depth")
    found = tuple(rows)
    # No product has pages below it: their names and addresses are the frame's (catalog.telling).
    kept.shows("frame")
    paths = [one.path[: -Page.steplen] for one in found[1:]]
    if [one.url_path for one in found] != addresses or paths != [one.path for one in found[:-1]]:
        raise _NotKeptError
    return found


def _leaves_routing(page: Page) -> bool:
    return page.specific_class is not None and page.specific_class.route is Page.route


def _at(address: str, slug: str) -> Page:
    """The page at an address as its kind has it: one query for products and categories."""
    related = ["locale"]
    for kind, name in AS_KIND.items():
        related += [name, *(f"{name}__{other}" for other in OWN[kind] if other != "locale")]
    rows = Page.objects.filter(slug=slug, url_path=address).select_related(*related)
    page = next(iter(rows[:1]), None)
    if page is None or page.specific_class is None:
        raise _NotKeptError
    kind = page.specific_class
    if kind not in AS_KIND:
        return page.specific
    found = getattr(page, AS_KIND[kind])
    join(found, locale=page.locale)
    return found


def _read(way: Way) -> Page | None:
    related = OWN.get(way.model, ("locale",))
    # Not first(), which would sort.
    found = way.model.objects.filter(pk=way.pk, live=True).select_related(*related)
    page = next(iter(found), None)
    return page if page is not None and way.leads_to(page) else None
