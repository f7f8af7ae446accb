"""Cross-site protection for forms on public pages, which carry no token and set no cookie.

A browser says where a POST comes from, in ``Sec-Fetch-Site`` (W3C Fetch
Metadata) and in ``Origin`` (RFC 6454); neither can be set by a page's script.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the request was made by a page of this site; False where nothing says so."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        parts = urlsplit(source)
    except ValueError:
        return False
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def same_origin_instead_of_token(view: View) -> View:
    """Accept a POST without a CSRF token if it comes from this site's own pages, else 403."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not is_same_origin(request):
            raise PermissionDenied("This form can only be sent from the shop's own pages.")
        return view(request, *args, **kwargs)

    return guarded
