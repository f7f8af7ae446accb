"""The shop is shut for a while: every answer is a page that says so, except to who works on it.

``MAINTENANCE=1`` shuts it, for as long as the processes run with it. Programs are told when to
ask again, gateways among them: what they have to say is not lost, they say it again.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

RETRY_AFTER = 600  # seconds
# By these one becomes somebody who works on it.
DOORS = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "health",
}


def closed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware, after the one that knows the user; costs nothing while the shop is open."""
    if not settings.MAINTENANCE:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        if _is_door(request) or _works_here(request):
            return get_response(request)
        response = HttpResponse(render_to_string("maintenance.html"), status=503)
        response["Retry-After"] = str(RETRY_AFTER)
        add_never_cache_headers(response)
        return response

    return middleware


def _is_door(request: HttpRequest) -> bool:
    if request.path_info.startswith((reverse("wagtailadmin_home"), reverse("admin:index"))):
        return True
    try:
        return resolve(request.path_info).url_name in DOORS
    except Resolver404:
        return False


def _works_here(request: HttpRequest) -> bool:
    # Strangers are not looked up: the database itself may be what is being worked on.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    try:
        user = request.user
        return user.is_active and (user.is_staff or user.has_perm("wagtailadmin.access_admin"))
    except DatabaseError:
        return False


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """For what watches the shop: 200 while this process and the database answer, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", "text/plain", status=503)
    return HttpResponse("ok\n", "text/plain")
