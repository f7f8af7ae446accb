"""Which messages are Stripe's."""

import json
from collections.abc import Iterable
from typing import Any

import stripe

from orders.payments.base import ForgedMessageError

TOLERANCE_SECONDS = 300


def verified(body: bytes, signature: str, secrets: Iterable[str]) -> dict[str, Any]:
    """The event in the body, if one of the secrets has signed it within the last five minutes.

    Several secrets are in use while one replaces another.
    """
    if not any(_has_signed(secret, body, signature) for secret in secrets):
        raise ForgedMessageError("no secret of the shop has signed this")
    try:
        event = json.loads(body)
    except ValueError as error:
        raise ForgedMessageError("signed, but no JSON") from error
    if not isinstance(event, dict) or event.get("object") != "event":
        raise ForgedMessageError("signed, but not an event")
    return event


def _has_signed(secret: str, body: bytes, signature: str) -> bool:
    try:
        return stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE_SECONDS)
    # The last two: a body that is not UTF-8, a signature that is not ASCII.
    except (stripe.SignatureVerificationError, UnicodeDecodeError, TypeError):
        return False
