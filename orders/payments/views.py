"""Where gateways send their messages: proven, stored once, answered at once."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.payments import gateways, messages
from orders.payments.base import ForgedMessageError, GatewayUnavailableError
from orders.payments.reach import is_away

logger = logging.getLogger(__name__)

# No gateway's message comes near.
MOST_BYTES = 256 * 1024


@csrf_exempt
@never_cache
@require_POST
def message(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one message of a gateway. 400 for a forged one; 503 where it cannot be proven now."""
    gateway = gateways().get(slug)
    if gateway is None:
        return HttpResponse(status=404)
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    if is_away(slug):
        # To prove it costs a call that nobody would answer.
        return _again_later()
    try:
        proven = gateway.read_message(request.body, request.headers)
    except ForgedMessageError as reason:
        logger.warning("a message that is not from %s: %s", slug, reason)
        return HttpResponse(status=400)
    except GatewayUnavailableError as error:
        logger.warning("a message of %s cannot be proven now: %r", slug, error)
        return _again_later()
    messages.store(slug, proven)
    return HttpResponse(status=200)


def _again_later() -> HttpResponse:
    """The gateway sends it again."""
    return HttpResponse(status=503, headers={"Retry-After": "60"})
