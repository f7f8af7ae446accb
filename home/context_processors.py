from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from catalog import kept, sites
from home.frame import Frame
from home.models import ShopSettings


def shop(request: HttpRequest) -> dict[str, object]:
    """The shop's name and the frame around its pages, read only where a template asks for them."""
    return {
        "base_url": settings.BASE_URL,
        "shop": SimpleLazyObject(lambda: _settings(request)),
        "frame": SimpleLazyObject(lambda: _frame(request)),
    }


def _settings(request: HttpRequest) -> ShopSettings:
    # In a preview of them they are the request's own.
    if hasattr(request, ShopSettings.get_cache_attr_name()):
        return ShopSettings.for_request(request)
    site = sites.find(request)
    return kept.get(("shop settings", site.pk if site else None), lambda: _read(request))


def _read(request: HttpRequest) -> ShopSettings:
    kept.shows("frame")
    return ShopSettings.for_site(sites.find(request))


def _frame(request: HttpRequest) -> Frame:
    """One for each request: a page that includes others is rendered in several contexts."""
    if not hasattr(request, "_frame"):
        request._frame = Frame(request)
    return request._frame
