"""Answer with a page that is kept, or let one request make it while the others wait.

A public page (``catalog.kept.public``) is made without the cookies and headers of whoever asks
first, and kept only if it neither sets a cookie nor read the session. So nothing of one person
can reach another, whatever a template does.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import get_resolver
from django.utils.cache import get_max_age, has_vary_header

from catalog import kept
from catalog.kept.log import Position
from catalog.kept.public import is_public
from storefront.page_cache import addresses
from storefront.page_cache.pages import Page, State
from storefront.page_cache.store import Store

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# What is read of a request while a page is made for everybody: where it was sent to.
READ_HEADERS = {"HTTP_HOST", "HTTP_X_FORWARDED_PROTO"}
# Seconds in which a page that somebody else makes is looked for, and between two looks.
PATIENCE = 5.0
PAUSE = 0.02
# So many addresses that are not public are remembered, and for so many seconds.
MOST_PRIVATE = 1_000
PRIVATE_FOR = 60.0


class Making:
    """A request for an address under which nothing right is kept."""

    def __init__(self, key: str, query: str, stale: Page | None, began: Position) -> None:
        self.key, self.query, self.stale, self.began = key, query, stale, began
        self.is_public = self.has_lock = self.is_answered = False
        self._hidden: dict[str, Any] = {}

    def hide(self, request: HttpRequest) -> None:
        """Leave nothing of whoever asks; the query says only what public pages read."""
        self._hidden = {"META": request.META, "COOKIES": request.COOKIES}
        meta = {
            name: value
            for name, value in request.META.items()
            if not name.startswith("HTTP_") or name in READ_HEADERS
        }
        request.META = {**meta, "QUERY_STRING": self.query}
        request.COOKIES = {}
        request.session = type(request.session)(None)
        self._forget_read(request)
        request.GET = QueryDict(self.query)

    def show(self, request: HttpRequest) -> None:
        vars(request).update(self._hidden)
        self._forget_read(request)

    def _forget_read(self, request: HttpRequest) -> None:
        for read in ("headers", "GET", "accepted_types", "_cached_user", "_messages"):
            vars(request).pop(read, None)


class PageCacheMiddleware:
    """Near the front of the chain: what stands before it is done for kept pages too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.store = Store()
        self._private: OrderedDict[str, float] = OrderedDict()
        # What public pages read is known once all views are.
        get_resolver().url_patterns  # noqa: B018 - loads them

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        making = self._begin(request)
        if isinstance(making, Page):
            return making.answer(request)
        with kept.from_here(), kept.noting() as notes:
            request._making = making
            try:
                response = self.get_response(request)
                if making and making.is_public:
                    response = self._finish(request, response, making, notes)
            finally:
                if making and making.has_lock:
                    self.store.let_go(making.key)
        if not (making and making.is_answered):
            for function, arguments in notes.each_time:
                function(request, *arguments)
        return response

    def _begin(self, request: HttpRequest) -> Page | Making | None:
        """A page that is right, or how to make it; None where it is not to be kept."""
        if not settings.PAGE_CACHE or settings.MAINTENANCE or self._is_private(request.path_info):
            return None
        began = kept.view.position()
        query = addresses.query_of(request)
        key = addresses.key_of(request, query) if query is not None else None
        if began is None or key is None or self._is_private(key):
            return None
        state, page = self.store.find(key)
        if state is State.RIGHT:
            return page
        if request.method == "HEAD":
            return None
        return Making(key, query, page if state is State.STALE else None, began)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Now it is known which view answers."""
        making = getattr(request, "_making", None)
        if making is None:
            return None
        was_read = request.session.accessed or hasattr(request, "_cached_user")
        if was_read or not is_public(view):
            self._remember_private(request.path_info)
            return None
        making.is_public = True
        if page := self._made_by_another(making):
            making.is_answered = True
            return page.answer(request)
        making.hide(request)
        return None

    def _made_by_another(self, making: Making) -> Page | None:
        """What another request makes now; None if this one has to."""
        deadline = time.monotonic() + PATIENCE
        while not (taken := self.store.take_lock(making.key)):
            if making.stale:
                return making.stale
            if time.monotonic() > deadline:
                return None
            time.sleep(PAUSE)
            state, page = self.store.find(making.key)
            if state is not State.GONE:
                return page
        making.has_lock = taken
        # Made between the first look and the lock.
        state, page = self.store.find(making.key)
        return page if state is State.RIGHT else None

    def _finish(
        self, request: HttpRequest, response: HttpResponse, making: Making, notes: kept.Notes
    ) -> HttpResponseBase:
        if making.is_answered:
            return response
        making.show(request)
        if not _is_for_everybody(response):
            self._remember_private(making.key)
            if has_vary_header(response, "Cookie"):
                # For some alone, who may be the one that asks.
                request._making = None
                notes.each_time.clear()
                return self.get_response(request)
            return response
        page = Page.of(making.key, response, notes, making.began, bool(making.query))
        self.store.put(page)
        making.is_answered = True
        return page.answer(request)

    def _is_private(self, name: str) -> bool:
        until = self._private.get(name)
        return until is not None and time.monotonic() < until

    def _remember_private(self, name: str) -> None:
        """A path at which no public page stands, or the key of what is not for everybody."""
        self._private[name] = time.monotonic() + PRIVATE_FOR
        while len(self._private) > MOST_PRIVATE:
            self._private.popitem(last=False)


def _is_for_everybody(response: HttpResponseBase) -> bool:
    control = response.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not has_vary_header(response, "Cookie")
        and not any(word in control for word in ("private", "no-store"))
        and get_max_age(response) != 0
    )
