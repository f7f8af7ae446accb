"""Where all pages are, as https://www.sitemaps.org/protocol.html has it.

A file holds the pages whose keys lie in one range. So a page stays in the same file for ever,
the index is one query, and a file is written while it is read, whatever the number of pages.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, ExpressionWrapper, F, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe
from wagtail.models import Page

from home.seo import freshness
from home.seo.pages import Tree, in_batches, public_pages, trees
from home.seo.xml import DECLARATION, element
from social import rankings
from social.structured_data import absolute

# The protocol's limit for a file.
MOST_ADDRESSES = 50_000
AT_ONCE = 500
SECONDS_KEPT = 3600
CONTENT_TYPE = "application/xml; charset=utf-8"
NAMESPACES = {
    "xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xmlns:xhtml": "http://www.w3.org/1999/xhtml",
}
Alternates = Mapping[Any, list[tuple[str, str]]]


@require_safe
@freshness.kept_for(SECONDS_KEPT, freshness.state_of_pages)
def index(request: HttpRequest) -> HttpResponse:
    """The address that robots.txt names: which files there are, and when each last changed."""
    found = trees(request)
    number = ExpressionWrapper(F("pk") / pages_of_a_file(found), output_field=BigIntegerField())
    files = public_pages(found).order_by().annotate(number=number).values_list("number")
    lines = [_file(reverse("sitemap_of_shop"))]
    for number, changed in files.annotate(changed=Max("last_published_at")).order_by("number"):
        lines.append(_file(reverse("sitemap_of_pages", args=[number]), changed))
    return HttpResponse(_whole("sitemapindex", lines), content_type=CONTENT_TYPE)


@require_safe
@freshness.kept_for(SECONDS_KEPT, freshness.state_of_pages)
def of_pages(request: HttpRequest, number: int) -> StreamingHttpResponse:
    found = trees(request)
    size = pages_of_a_file(found)
    pages = public_pages(found).filter(pk__gte=number * size, pk__lt=(number + 1) * size)
    if not pages.exists():
        raise Http404
    lines = _whole("urlset", _of_batches(in_batches(_columns(pages), AT_ONCE), found))
    return StreamingHttpResponse(lines, content_type=CONTENT_TYPE)


@require_safe
@freshness.kept_for(SECONDS_KEPT, freshness.state_of_pages)
def of_shop(request: HttpRequest) -> HttpResponse:
    """What the shop shows to everybody and no editor made: the rankings."""
    found = trees(request)
    lines = []
    for slug in rankings.RANKINGS:
        places = [(tree.language, _ranking(slug, tree.language)) for tree in found]
        lines += [_entry(url, None, places) for _language, url in places]
    return HttpResponse(_whole("urlset", lines), content_type=CONTENT_TYPE)


def pages_of_a_file(found: list[Tree]) -> int:
    """How many keys make a file.

    With several languages each address names all of them, and a file may have 50 MB.
    """
    return MOST_ADDRESSES // max(1, len(found))


def _columns(pages: QuerySet[Page]) -> QuerySet[Page]:
    return pages.only("pk", "path", "url_path", "translation_key", "last_published_at")


def _of_batches(batches: Iterable[list[Page]], found: list[Tree]) -> Iterator[str]:
    by_path = {tree.home.path: tree for tree in found}
    steps = len(found[0].home.path)
    for batch in batches:
        places = _translations(batch, found, by_path) if len(found) > 1 else {}
        yield "".join(
            _entry(
                by_path[page.path[:steps]].address(page.url_path),
                page.last_published_at,
                places.get(page.translation_key, ()),
            )
            for page in batch
        )


def _translations(batch: list[Page], found: list[Tree], by_path: Mapping[str, Tree]) -> Alternates:
    """The languages and addresses of pages that tell the same, by what they have in common."""
    steps = len(found[0].home.path)
    keys = {page.translation_key for page in batch}
    places = defaultdict(list)
    for page in _columns(public_pages(found).filter(translation_key__in=keys)).order_by("pk"):
        tree = by_path[page.path[:steps]]
        places[page.translation_key].append((tree.language, tree.address(page.url_path)))
    return places


def _ranking(slug: str, language: str) -> str:
    with translation.override(language):
        if slug == rankings.DEFAULT:
            return absolute(reverse("rankings:list"))
        return absolute(reverse("rankings:ranking", args=[slug]))


def _file(path: str, changed: datetime | None = None) -> str:
    return f"<sitemap>{element('loc', absolute(path))}{_changed(changed)}</sitemap>\n"


def _entry(url: str, changed: datetime | None, places: Iterable[tuple[str, str]]) -> str:
    places = list(places)
    # Of a page in one language there is nothing to tell apart.
    links = "".join(
        element("xhtml:link", attributes={"rel": "alternate", "hreflang": language, "href": place})
        for language, place in (places if len(places) > 1 else ())
    )
    return f"<url>{element('loc', url)}{_changed(changed)}{links}</url>\n"


def _changed(moment: datetime | None) -> str:
    return element("lastmod", moment.isoformat(timespec="seconds")) if moment else ""


def _whole(name: str, lines: Iterable[str]) -> Iterator[str]:
    spaces = "".join(f' {key}="{value}"' for key, value in NAMESPACES.items())
    yield f"{DECLARATION}<{name}{spaces}>\n"
    yield from lines
    yield f"</{name}>\n"
