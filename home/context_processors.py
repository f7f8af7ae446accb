from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from home.frame import Frame
from home.models import ShopSettings


def shop(request: HttpRequest) -> dict[str, object]:
    """The shop's name and the frame around its pages, read only where a template asks for them."""
    return {
        "base_url": settings.BASE_URL,
        "shop": SimpleLazyObject(lambda: ShopSettings.for_request(request)),
        "frame": SimpleLazyObject(lambda: _frame(request)),
    }


def _frame(request: HttpRequest) -> Frame:
    """One for each request: a page that includes others is rendered in several contexts."""
    if not hasattr(request, "_frame"):
        request._frame = Frame(request)
    return request._frame
