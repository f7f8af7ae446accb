from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Site

from catalog import cards
from catalog.browsing import PRODUCTS_PER_PAGE
from search.selectors import find

LONGEST_QUERY = 200


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    paginator = Paginator(find(query, site.root_page.localized), PRODUCTS_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "search/results.html",
        {"query": query, "page_obj": page, "cards": cards.cards(page.object_list)},
    )
