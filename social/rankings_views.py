"""The rankings, a public page; and what counts a view and what a visitor viewed, which are not."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_safe

from cart import recent
from social import rankings, suggestions, views_counter


@require_safe
@cache_control(public=True, max_age=rankings.CACHE_SECONDS)
def ranking(request: HttpRequest, slug: str = rankings.DEFAULT) -> HttpResponse:
    shown = rankings.RANKINGS.get(slug)
    if shown is None:
        raise Http404
    context = {"rankings": rankings.RANKINGS.values(), "ranking": shown, "cards": shown.cards()}
    return render(request, "social/rankings/ranking.html", context)


@require_safe
def default(request: HttpRequest) -> HttpResponse:
    """One address for one page."""
    return redirect("rankings:list", permanent=True)


@never_cache
@require_GET
def seen(request: HttpRequest) -> HttpResponse:
    """The picture that a product's page asks for where no script does: it counts a view."""
    product = recent.product_key(request.GET.get("product", ""))
    if product is not None:
        views_counter.count(product, request)
    return HttpResponse(status=204)


@never_cache
@require_GET
def because(request: HttpRequest) -> HttpResponse:
    """A row for a product's page: what goes with the other product that was viewed last."""
    shown = recent.product_key(request.GET.get("product", ""))
    shelf = suggestions.because_on_page(request, shown) if shown else None
    return render(request, "social/rankings/because.html", {"shelf": shelf})
