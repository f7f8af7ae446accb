"""How Stripe is asked: wait only so long, and write each request down."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import stripe

CONNECT_SECONDS = 1
READ_SECONDS = 10
# What may not be written down of an answer: with it a browser can act for the shop.
SECRETS = ("client_secret",)


@dataclass(frozen=True)
class Exchange:
    """One request and what came of it, without secrets, for the log of payments."""

    method: str
    path: str
    idempotency_key: str
    request: Mapping[str, Any]
    # 0 if there was no answer; ``answer`` then says what happened instead.
    status: int
    answer: Mapping[str, Any]
    seconds: float


class LoggedRequests(stripe.RequestsClient):
    """The SDK's own client, with a short patience and a note of each attempt."""

    def __init__(self, log: Callable[[Exchange], None]) -> None:
        super().__init__(timeout=(CONNECT_SECONDS, READ_SECONDS))
        self.log = log

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        begun = time.monotonic()
        try:
            body, status, answered = super().request(method, url, headers, post_data)
        except stripe.APIConnectionError as error:
            # Who has waited for a silent Stripe once asks again later, not at once.
            if isinstance(error.__cause__, requests.ReadTimeout):
                error.should_retry = False
            note = {"error": type(error.__cause__).__name__}
            self._note(method, url, headers, post_data, 0, note, begun)
            raise
        self._note(method, url, headers, post_data, status, _readable(body), begun)
        return body, status, answered

    def _note(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any,
        status: int,
        answer: Mapping[str, Any],
        begun: float,
    ) -> None:
        address = urlsplit(url)
        self.log(
            Exchange(
                method=method.upper(),
                path=address.path,
                idempotency_key=(headers or {}).get("Idempotency-Key", ""),
                request=dict(parse_qsl(post_data or address.query)),
                status=status,
                answer=answer,
                seconds=time.monotonic() - begun,
            )
        )


def _readable(body: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {"text": body[:2000].decode(errors="replace")}
    return _without_secrets(answer) if isinstance(answer, dict) else {"json": answer}


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: "…" if name in SECRETS and inner else _without_secrets(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_without_secrets(inner) for inner in value]
    return value
