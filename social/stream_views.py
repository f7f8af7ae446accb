"""The stream of what people did: its pages, and what is new in one that stays open."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cart.answers import wants_part
from cart.recent import product_key as key_of
from catalog import kept
from social import stream_reading, stream_sources
from social.stream_reading import Seen
from social.stream_sources import Source

EVERYBODY, FOLLOWED = "everybody", "followed"
# With this answer htmx asks no more.
STOP_ASKING = 286


@never_cache
@require_safe
def stream(request: HttpRequest) -> HttpResponse:
    """Of those whom one follows, or else of everybody."""
    with kept.from_here():
        return _stream(request)


def _stream(request: HttpRequest) -> HttpResponse:
    follows, settled = stream_reading.before_reading(request.user)
    asked = request.GET.get("of")
    of = asked if asked in (EVERYBODY, FOLLOWED) and follows else ""
    of = of or (FOLLOWED if follows else EVERYBODY)
    before = key_of(request.GET.get("before", ""))
    page = stream_reading.read(_source(request.user, of), before)
    context = {"page": page, "of": of, "follows": follows, "before": before}
    if wants_part(request):
        return render(request, "social/stream/partials/entries.html", context)
    if before is None:
        context["poll"] = _question(of, page.seen(settled))
    return render(request, "social/stream/list.html", context)


@never_cache
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What came since an open stream last asked; 204 if nothing did."""
    of = request.GET.get("of")
    if of == FOLLOWED and not request.user.is_authenticated:
        # They have logged out in another tab.
        return HttpResponse(status=STOP_ASKING)
    keys = map(key_of, request.GET.get("also", "").split(",")[: stream_reading.MOST_NEW])
    seen = Seen(key_of(request.GET.get("upto", "")) or 0, tuple(key for key in keys if key))
    new = stream_reading.news(_source(request.user, of), seen)
    if new is None:
        return HttpResponse(status=204)
    context = {"news": new, "of": of, "poll": _question(of, new.seen)}
    return render(request, "social/stream/partials/news.html", context)


def _source(user: Any, of: str | None) -> Source:
    if of == FOLLOWED:
        return stream_sources.followed_by(user)
    return stream_sources.everybody(user)


def _question(of: str | None, seen: Seen) -> str:
    query = QueryDict(mutable=True)
    query["of"] = of or EVERYBODY
    query["upto"] = str(seen.upto)
    if seen.also:
        query["also"] = ",".join(map(str, seen.also))
    return query.urlencode(safe=",")
