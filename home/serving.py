"""Pages are served to everybody alike and set no cookie, so their forms carry no token."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from wagtail import views

from cart.origin import is_same_origin
from catalog.asked import PARAMETERS as FACETS
from catalog.kept.public import public_page
from home import routing

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


@public_page("page", "sort", "sku", "year", "tag", *FACETS)
@csrf_exempt
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """As Wagtail's; what is not only read must come from this site's own pages, else 403."""
    if request.method not in SAFE_METHODS and not is_same_origin(request):
        raise PermissionDenied("This form can only be sent from the shop's own pages.")
    routing.find(request, path)
    return views.serve(request, path)
