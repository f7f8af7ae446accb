"""Old addresses lead to where a page is now, in one hop, whatever moved in between.

Wagtail's own redirects hold the address that a page itself had. It would write one for
each page below it, too, inside the request: 122 seconds for 100,000 pages. Here a moved branch
is one row (``MovedBranch``), and what stood below it is found when somebody asks.
"""

from collections.abc import Iterator
from copy import copy
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.coreutils import get_dummy_request
from wagtail.models import Page, Site

from catalog.models import ArchivePage, MovedBranch, ProductPage
from catalog.retiring import former_parent, is_archived

# So many addresses are looked up for one request at most.
MOST_STEPS = 24


def remember_move(
    instance: Page,
    parent_page_before: Page,
    url_path_before: str,
    url_path_after: str,
    **_: Any,
) -> None:
    """After a move in the tree; sorting pages among their siblings changes no address."""
    if url_path_before != url_path_after:
        # Nobody has ever seen an address in the archive.
        hidden = issubclass(parent_page_before.specific_class or Page, ArchivePage)
        remember(instance, url_path_before, was_seen=not hidden)


def remember_new_slug(instance: Page, instance_before: Page, **_: Any) -> None:
    remember(instance, instance_before.url_path)


def remember(page: Page, url_path: str, *, was_seen: bool = True) -> None:
    """Let the address that a page had at ``url_path`` lead to it, and all below that too.

    A constant number of queries whatever stands below. Saying it twice does no harm.
    """
    page = page.specific
    before = copy(page)
    before.url_path = url_path
    for site in Site.objects.exclude(root_page=page):
        old, new = _address(before, site), _address(page, site)
        if not old or not new or old == new:
            continue
        # An editor's own redirects stay; those written here give way to the newest.
        automatic = Redirect.objects.filter(site=site, automatically_created=True)
        automatic.filter(old_path=new, redirect_page_id=page.pk).delete()
        if was_seen:
            automatic.filter(old_path=old).delete()
            _write(page, site, old)


def _write(page: Page, site: Site, old: str) -> None:
    # A page that was never published had no address that anybody could know.
    if (page.live or page.first_published_at) and len(old) <= _length(Redirect, "old_path"):
        Redirect.objects.get_or_create(
            old_path=old, site=site, defaults={"redirect_page": page, "automatically_created": True}
        )
    if page.numchild and len(old) <= _length(MovedBranch, "path"):
        MovedBranch.objects.update_or_create(
            site=site, path=old, page_id=page.pk, defaults={"moved": timezone.now()}
        )


def _length(model: type[Model], field: str) -> int:
    return model._meta.get_field(field).max_length


def _address(page: Page, site: Site) -> str:
    """The page's path on this site, as redirects write it; empty where it has none."""
    parts = page.get_url_parts(get_dummy_request(site=site))
    if not parts or parts[0] != site.pk or not parts[2]:
        return ""
    return Redirect.normalise_path(parts[2])


class MovedPagesMiddleware(RedirectMiddleware):
    """Instead of "not found": where the page is now, or that it is no longer sold."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        path = Redirect.normalise_path(request.path, decode_unicode=False)
        exact = get_redirect(
            request, Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
        ) or get_redirect(request, path)
        if exact and exact.redirect_page_id is None:
            # An editor's own, to any address at all.
            return super().process_response(request, response)
        page = exact.redirect_page if exact else _moved_page(request, Redirect.normalise_path(path))
        if page is None:
            return response
        return _answer(request, page, exact) or response


def _answer(request: HttpRequest, page: Page, redirect: Redirect | None) -> HttpResponse | None:
    page = page.specific
    if isinstance(page, ProductPage) and page.product.retired and is_archived(page):
        category = former_parent(page)
        context = {
            "title": page.title,
            "category": category if category and category.live else None,
        }
        return render(request, "410.html", context, status=410)
    # A page that is not live has no address, not even its own: never a circle.
    if not page.live:
        return None
    url = (redirect.link if redirect else None) or page.get_url(request)
    if not url:
        return None
    if redirect and not redirect.is_permanent:
        return HttpResponse(status=302, headers={"Location": url})
    return HttpResponsePermanentRedirect(url)


def _moved_page(request: HttpRequest, path: str) -> Page | None:
    """The page that stood at this path below a branch which has moved since."""
    site = Site.find_for_request(request)
    if site is None or "\0" in path:
        return None
    waiting, seen = [path], {path}
    while waiting and len(seen) <= MOST_STEPS:
        asked = waiting.pop(0)
        if asked != path:
            found = Redirect.get_for_site(site).filter(old_path=asked).first()
            if found and found.redirect_page_id:
                return found.redirect_page
        for branch in _branches_above(site, asked):
            rest = asked[len(branch.path) :]
            if page := _page_below(request, branch.page, rest):
                return page
            for address in _addresses(branch, site):
                if (other := address + rest) not in seen:
                    seen.add(other)
                    waiting.append(other)
    return None


def _branches_above(site: Site, path: str) -> list[MovedBranch]:
    """Branches that stood above a path, the nearest first, of equal ones the latest."""
    parts = path.strip("/").split("/")
    above = ["/" + "/".join(parts[:count]) for count in range(1, len(parts))]
    rows = MovedBranch.objects.filter(site=site, path__in=above).select_related("page")
    return sorted(rows, key=lambda row: (-len(row.path), -row.moved.timestamp()))


def _addresses(branch: MovedBranch, site: Site) -> Iterator[str]:
    """All addresses that the page of a branch has or had."""
    if address := _address(branch.page, site):
        yield address
    yield from MovedBranch.objects.filter(site=site, page=branch.page).values_list(
        "path", flat=True
    )


def _page_below(request: HttpRequest, page: Page, rest: str) -> Page | None:
    try:
        return page.specific.route(request, rest.strip("/").split("/")).page
    except Http404:
        return None
