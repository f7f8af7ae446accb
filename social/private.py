"""The one private fragment: all that a public page, the same for everybody, cannot say itself."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cart import recent
from cart.answers import wants_part
from cart.cart import Cart
from catalog.models import Product
from social import heart, views_counter


@never_cache
@require_GET
def fragment(request: HttpRequest) -> HttpResponse:
    """The cart's badge, the member's name, and what is theirs about the product shown.

    A product's page says which product it shows: it is counted, and found again on the cart page.
    """
    # Another site's page could link to this address, but cannot make htmx's request.
    viewed = request.GET.get("viewed") if wants_part(request) else None
    key = recent.product_key(viewed) if viewed else None
    context = {
        "cart": Cart.of(request),
        "here": _here(request),
        "user": request.user,
        **(_about_product(request, key) if key else {}),
    }
    # Of the request itself nothing is shown, so none of the context processors is asked.
    response = HttpResponse(render_to_string("social/fragment.html", context))
    if key:
        recent.note(request, response, key)
    return response


def _about_product(request: HttpRequest, key: int) -> dict[str, Any]:
    # A page that asks again, as it does when it comes back from the browser's memory, was not
    # looked at anew.
    is_again = "again" in request.GET
    context: dict[str, Any] = {"views": None if is_again else views_counter.count(key, request)}
    if request.user.is_authenticated and (product := Product.objects.filter(pk=key).first()):
        context |= {"product": product, "heart": heart.of(request.user, key)}
    return context


def _here(request: HttpRequest) -> str:
    """The address of the page that asks, to come back to after a login."""
    try:
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
