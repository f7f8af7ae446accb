"""A shop that is only tried out is not to be found: with ``NOINDEX`` every answer says so."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]


class NoIndexMiddleware:
    """In the header, because pictures, documents and feeds have no other place for it."""

    def __init__(self, get_response: Answer) -> None:
        if not settings.NOINDEX:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response
