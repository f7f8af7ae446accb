"""How Stripe is asked: wait only so long, and write each request down."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import stripe

from orders.payments.log import Log

CONNECT_SECONDS = 1
READ_SECONDS = 10
# What may not be written down of an answer: with it a browser can act for the shop.
SECRETS = ("client_secret",)


class LoggedRequests(stripe.RequestsClient):
    """The SDK's own client, with a short patience and a note of each attempt."""

    def __init__(self, log: Log) -> None:
        super().__init__(timeout=(CONNECT_SECONDS, READ_SECONDS))
        self.log = log

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        address = urlsplit(url)
        call = {
            "action": f"{method.upper()} {address.path}",
            "body": _said(headers or {}, post_data or address.query),
        }
        begun = time.monotonic()
        try:
            body, status, answered = super().request(method, url, headers, post_data)
        except stripe.APIConnectionError as error:
            # Who has waited for a silent Stripe once asks again later, not at once.
            if isinstance(error.__cause__, requests.ReadTimeout):
                error.should_retry = False
            seconds = time.monotonic() - begun
            self.log(**call, error=repr(error.__cause__), seconds=seconds)
            raise
        seconds = time.monotonic() - begun
        self.log(**call, status=status, answer=readable(body), seconds=seconds)
        return body, status, answered


def _said(headers: Mapping[str, str], encoded: str) -> dict[str, str]:
    key = headers.get("Idempotency-Key")
    return dict(parse_qsl(encoded)) | ({"Idempotency-Key": key} if key else {})


def readable(body: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {"text": body[:2000].decode(errors="replace")}
    return without_secrets(answer) if isinstance(answer, dict) else {"json": answer}


def without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: "…" if name in SECRETS and inner else without_secrets(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(inner) for inner in value]
    return value
