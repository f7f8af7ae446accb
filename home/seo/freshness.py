"""Whether what was fetched before still holds, found out without making it again.

A tag is made of what is written whenever the shop changes: the last keys of the ledgers and of
the admin's log, the last moment at which a price began or ended. The hour is part of it, so
that what writes none of these (an import, a rating) is told an hour late at most.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision

from catalog.models import Price, PriceWithdrawal, StockMovement

View = Callable[..., HttpResponseBase]


def state_of_pages() -> tuple[Any, ...]:
    """Five queries, four of which read one entry of an index."""
    published = Page.objects.filter(live=True).aggregate(at=Max("last_published_at"))["at"]
    logs = (PageLogEntry, ModelLogEntry, Revision)
    return (published, Page.objects.count(), *(_last(model) for model in logs))


def state_of_goods() -> tuple[Any, ...]:
    """As of the pages, and five more for prices and stock."""
    now = timezone.now()
    begun = Price.objects.filter(valid_from__lte=now).aggregate(at=Max("valid_from"))["at"]
    ended = Price.objects.filter(valid_until__lte=now).aggregate(at=Max("valid_until"))["at"]
    ledgers = (Price, PriceWithdrawal, StockMovement)
    return (begun, ended, *(_last(model) for model in ledgers), *state_of_pages())


def kept_for(seconds: int, state: Callable[[], tuple[Any, ...]]) -> Callable[[View], View]:
    """Let anybody keep the answer for so long, and ask afterwards whether it still holds."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            tag = _tag(request, state())
            response = get_conditional_response(request, etag=tag)
            if response is None:
                response = view(request, *args, **kwargs)
            response.headers["ETag"] = tag
            patch_cache_control(response, public=True, max_age=seconds)
            return response

        return answer

    return decorate


def _tag(request: HttpRequest, state: tuple[Any, ...]) -> str:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    known = (request.get_full_path(), settings.BASE_URL, settings.SHOP_CURRENCY, hour, *state)
    # A weak one: of two answers that say the same one may be compressed.
    return f'W/"{hashlib.sha256(repr(known).encode()).hexdigest()[:32]}"'


def _last(model: Any) -> Any:
    return model.objects.order_by().aggregate(last=Max("pk"))["last"]
