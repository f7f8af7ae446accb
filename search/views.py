"""The search page, and what is suggested while somebody writes: the same for everybody."""

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Locale, Page, Site

from catalog import kept, sites
from catalog.asked import PARAMETERS as FACETS
from catalog.kept.public import public_page
from search import finding, popular, suggesting, terms
from search.selectors import sku_hit

LONGEST_QUERY = 200
# In seconds: who goes back a letter is not asked for again.
SUGGESTIONS_ARE_KEPT = 60


@public_page("q", "page", "sort", *FACETS)
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    home = _home(request)
    query = _query(request)
    if not query:
        return render(request, "search/start.html", popular.context(home))
    is_just_asked = request.GET.keys() <= {"q"}
    if is_just_asked and (page := sku_hit(query, home)):
        kept.each_time(terms.count, query, 1, get_language())
        return redirect(page.get_url(request))
    context = finding.results(request, query, home)
    if is_just_asked:
        found = 0 if context.get("instead_of") else _number(context)
        # Also of who is shown a page that is kept.
        kept.each_time(terms.count, query, found, get_language())
    return render(request, "search/results.html", context)


@public_page("q")
@require_safe
@cache_control(public=True, max_age=SUGGESTIONS_ARE_KEPT)
def suggest(request: HttpRequest) -> HttpResponse:
    context = suggesting.context(_query(request), _home(request))
    return render(request, "search/partials/suggestions.html", context)


def _home(request: HttpRequest) -> Page:
    site = sites.find(request)
    if site is None:
        raise Http404
    return kept.get(("home to search", site.pk, get_language()), lambda: _localized(site))


def _localized(site: Site) -> Page:
    kept.shows("frame")
    home = site.root_page
    with suppress(LookupError, Locale.DoesNotExist):
        locale = Locale.get_active()
        if home.locale_id != locale.pk:
            return home.localized
        # What a query is answered with asks for it.
        home.locale = locale
    return home


def _query(request: HttpRequest) -> str:
    # No text holds a NUL, and PostgreSQL refuses to be asked for one.
    written = request.GET.get("q", "")[: 2 * LONGEST_QUERY].replace("\x00", " ")
    return " ".join(written.split())[:LONGEST_QUERY].strip()


def _number(context: dict) -> int:
    """How much a query found: products, and what else is shown beside them."""
    others = sum(len(context.get(name, ())) for name in ("promoted", "places", "words"))
    return context["page_obj"].paginator.count + others
