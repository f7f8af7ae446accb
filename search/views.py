from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog import cards
from catalog.models.categories import PRODUCTS_PER_PAGE
from search.selectors import find

LONGEST_QUERY = 200


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    paginator = Paginator(find(query), PRODUCTS_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "search/results.html",
        {"query": query, "page_obj": page, "cards": cards.cards(page.object_list)},
    )
