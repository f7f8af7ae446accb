"""How PayPal is asked: log in, wait only so long, ask again under the same id, write it down."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from time import monotonic, sleep
from typing import Any

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from orders.payments.base import GatewayUnavailableError
from orders.payments.paypal.errors import PayPalRefusedError

CONNECT_SECONDS = 1
READ_SECONDS = 10
ATTEMPTS = 3
# After so long nobody waits for another attempt; whoever called asks again later.
PATIENCE_SECONDS = 8
# The first pause between two attempts; the next is twice as long.
PAUSE_SECONDS = 0.25
# A token is not used for the last minute of its life: the clocks may differ.
TOKEN_MARGIN_SECONDS = 60
TOKEN_PATH = "/v1/oauth2/token"  # noqa: S105
# What of an answer is never written down.
SECRETS = frozenset({"access_token", "refresh_token", "id_token", "nonce"})
# An answer that is no JSON is written down only so far.
LONGEST_TEXT = 2000
# What the same call may still become: 409 says that an earlier one with its id is at work.
PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS})


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


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    content: bytes | None = None
    # The body as it is written down.
    shown: Mapping[str, Any] = field(default_factory=dict)
    idempotency_key: str = ""

    @property
    def headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if self.method == "POST":
            headers |= {"Content-Type": "application/json", "Prefer": "return=representation"}
        if self.idempotency_key:
            headers["PayPal-Request-Id"] = self.idempotency_key
        return headers


@dataclass(frozen=True)
class Credentials:
    base_url: str
    client_id: str
    secret: str = field(repr=False)


class BearerAuth(AuthBase):
    """The token in its header. As an auth object, so that no .netrc file can replace it."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


# For all of the process: the token and until when by ``time.monotonic`` it is good.
_tokens: dict[Credentials, tuple[str, float]] = {}


def forget_tokens() -> None:
    _tokens.clear()


class Transport:
    def __init__(self, credentials: Credentials, log: Callable[[Exchange], None]) -> None:
        self.credentials = credentials
        self.log = log
        self.session = requests.Session()

    def call(self, request: Request) -> dict[str, Any]:
        """What PayPal answers.

        Raises GatewayUnavailableError if the same call may be made again later,
        PayPalRefusedError if it will always be refused.
        """
        started = monotonic()
        failure = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                # Spread, so that what failed together does not come back together.
                sleep(PAUSE_SECONDS * 2 ** (attempt - 1) * random.uniform(0.5, 1))  # noqa: S311
            try:
                status, answer = self._authorised(request)
            except requests.RequestException as error:
                failure = type(error).__name__
            else:
                if not _may_pass(status, answer):
                    return _judged(request, status, answer)
                failure = f"HTTP {status}"
            if monotonic() - started > PATIENCE_SECONDS:
                break
        raise GatewayUnavailableError(f"{request.method} {request.path}: {failure}")

    def _authorised(self, request: Request) -> tuple[int, dict[str, Any] | None]:
        """Ask under the token at hand, and under a new one if PayPal no longer takes that."""
        status, answer = self._send(request, BearerAuth(self._token()))
        if status == HTTPStatus.UNAUTHORIZED:
            _tokens.pop(self.credentials, None)
            status, answer = self._send(request, BearerAuth(self._token()))
        return status, answer

    def _token(self) -> str:
        token, good_until = _tokens.get(self.credentials, ("", 0.0))
        if monotonic() < good_until:
            return token
        started = monotonic()
        form = {"grant_type": "client_credentials"}
        status, answer = self._send(
            Request("POST", TOKEN_PATH, shown=form),
            HTTPBasicAuth(self.credentials.client_id, self.credentials.secret),
            data=form,
        )
        if status == HTTPStatus.UNAUTHORIZED:
            raise GatewayUnavailableError("PayPal does not take the client id and secret")
        if status != HTTPStatus.OK or not answer or not isinstance(answer.get("access_token"), str):
            raise requests.HTTPError(f"no token: HTTP {status}")
        life = float(answer.get("expires_in") or 0)
        _tokens[self.credentials] = answer["access_token"], started + life - TOKEN_MARGIN_SECONDS
        return answer["access_token"]

    def _send(
        self, request: Request, auth: AuthBase, data: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any] | None]:
        """Status and answer, None if that is no JSON object."""
        headers = request.headers
        if data:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = monotonic()
        try:
            response = self.session.request(
                request.method,
                self.credentials.base_url.rstrip("/") + request.path,
                data=data or request.content,
                headers=headers,
                auth=auth,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            self._note(request, 0, {"error": repr(error)[:LONGEST_TEXT]}, started)
            raise
        answer = _json_object(response)
        shown = answer if answer is not None else {"text": response.text[:LONGEST_TEXT]}
        self._note(request, response.status_code, shown, started)
        return response.status_code, answer

    def _note(
        self, request: Request, status: int, answer: Mapping[str, Any], started: float
    ) -> None:
        self.log(
            Exchange(
                method=request.method,
                path=request.path,
                idempotency_key=request.idempotency_key,
                request=request.shown,
                status=status,
                answer={key: value for key, value in answer.items() if key not in SECRETS},
                seconds=round(monotonic() - started, 3),
            )
        )


def _json_object(response: requests.Response) -> dict[str, Any] | None:
    try:
        answer = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _may_pass(status: int, answer: dict[str, Any] | None) -> bool:
    """Whether the same call may end differently the next time."""
    if status in PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return True
    # What PayPal itself answers is always JSON: this comes from something between us.
    return answer is None or status < HTTPStatus.OK or HTTPStatus.MULTIPLE_CHOICES <= status < 400


def _judged(request: Request, status: int, answer: dict[str, Any]) -> dict[str, Any]:
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return answer
    if status == HTTPStatus.UNAUTHORIZED:
        raise GatewayUnavailableError(f"{request.method} {request.path}: HTTP 401")
    raise PayPalRefusedError(issue_of(answer), status, answer)


def issue_of(answer: Mapping[str, Any]) -> str:
    """PayPal's one word for the reason, most exact first."""
    details = answer.get("details")
    first = details[0] if isinstance(details, list) and details else {}
    issue = first.get("issue") if isinstance(first, dict) else None
    return str(issue or answer.get("name") or answer.get("error") or "UNKNOWN")
