"""Pages are served to everybody alike and set no cookie, so their forms carry no token.

Wagtail finds a page by walking down to it from the home page, with two queries for each step.
Here it is kept which page an address led to, and that page is read with one query.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from wagtail import views
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from cart.origin import is_same_origin
from catalog import kept, sites
from catalog.asked import PARAMETERS as FACETS
from catalog.kept.public import public_page
from catalog.models import ProductPage
from home.seo import trail

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


@public_page("page", "sort", "sku", "year", "tag", *FACETS)
@csrf_exempt
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """As Wagtail's; what is not only read must come from this site's own pages, else 403."""
    if request.method not in SAFE_METHODS and not is_same_origin(request):
        raise PermissionDenied("This form can only be sent from the shop's own pages.")
    find(request, path)
    return views.serve(request, path)


class _NotKeptError(Exception):
    """Nothing is there, or something more than a page."""


def find(request: HttpRequest, path: str) -> None:
    """Let ``Page.route_for_request`` know, before it looks, which page the path leads to."""
    site = sites.find(request)
    key = "route", site.pk if site else None, get_language(), path
    try:
        model, pk = kept.get(key, lambda: _walk(request, path))
    except _NotKeptError:
        return
    kept.shows("frame", f"page:{pk}")
    if hasattr(request, "_wagtail_route_for_request"):
        return
    if page := _read(model, pk):
        request._wagtail_route_for_request = RouteResult(page)


def _walk(request: HttpRequest, path: str) -> tuple[type[Page], int]:
    """As Wagtail finds it; the way depends on each page that it leads through."""
    found = Page.route_for_request(request, path)
    if found is None or found.args or found.kwargs:
        raise _NotKeptError
    page = found.page
    kept.shows("frame", *(f"page:{one.pk}" for one in (*trail.above(page), page)))
    return type(page), page.pk


def _read(model: type[Page], pk: int) -> Page | None:
    related = ("locale", "product", "brand") if model is ProductPage else ("locale",)
    # Not first(), which would sort.
    return next(iter(model.objects.filter(pk=pk, live=True).select_related(*related)), None)
