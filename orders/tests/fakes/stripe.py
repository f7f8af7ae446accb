"""A fake Stripe: a real HTTP server on 127.0.0.1 that can be told to misbehave.

with FakeStripe() as stripe:
    stripe.drop_replies(3)           # carries out what it is asked, then hangs up
    stripe.account.pay(session_id)   # what the shopper does on the hosted page
    stripe.messages()                # webhooks, signed: (body, headers)
"""

import hashlib
import hmac
import json
import re
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from orders.tests.fakes import stripe_pages
from orders.tests.fakes.stripe_objects import Account
from orders.tests.fakes.stripe_parameters import Fields, StripeRefusal


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    params: Fields
    key: str
    version: str


@dataclass
class Fault:
    """What goes wrong with the next requests whose "METHOD /path" starts so."""

    kind: str
    times: int
    on: str
    value: float = 0
    taken: int = 0


class FakeStripe:
    api_key = "sk_test_fake"
    secret = "whsec_fake"

    def __init__(self) -> None:
        self.account = Account()
        self.asked: list[Asked] = []
        self.faults: deque[Fault] = deque()
        self.lock = threading.RLock()
        # key -> (what it was sent with, status, answer); None while the first is being worked on.
        self.answers: dict[str, tuple[str, int, Fields] | None] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.stripe = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    # --- switches: ``on`` is the beginning of "METHOD /path" --------------------

    def drop_replies(self, times: int = 1, on: str = "") -> None:
        """Carry the request out, then hang up without a word."""
        self.faults.append(Fault("drop reply", times, on))

    def drop_requests(self, times: int = 1, on: str = "") -> None:
        """Hang up without having done anything."""
        self.faults.append(Fault("drop request", times, on))

    def delay(self, seconds: float, times: int = 1, on: str = "") -> None:
        self.faults.append(Fault("delay", times, on, seconds))

    def fail(self, status: int = 500, times: int = 1, on: str = "") -> None:
        """Answer with an error and do nothing."""
        self.faults.append(Fault("status", times, on, status))

    @property
    def replies_dropped(self) -> int:
        return sum(fault.taken for fault in self.faults if fault.kind == "drop reply")

    def take_fault(self, request: str) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.times and request.startswith(fault.on):
                    fault.times -= 1
                    fault.taken += 1
                    return fault
        return None

    # --- webhooks ---------------------------------------------------------------

    def messages(self, since: int = 0) -> list[tuple[bytes, dict[str, str]]]:
        """All events so far as signed messages, in the order they came to be."""
        with self.lock:
            return [self.sign(json.dumps(event).encode()) for event in self.account.events[since:]]

    def sign(
        self, body: bytes, *, at: float | None = None, secret: str | None = None
    ) -> tuple[bytes, dict[str, str]]:
        moment = int(time.time() if at is None else at)
        code = hmac.new(
            (secret or self.secret).encode(), f"{moment}.".encode() + body, hashlib.sha256
        ).hexdigest()
        return body, {"Stripe-Signature": f"t={moment},v1={code}"}

    def deliver(self, url: str, since: int = 0) -> list[int]:
        """Post all events to a shop that listens; the statuses it answered with."""
        return [_post(url, body, headers) for body, headers in self.messages(since)]

    # --- the API ----------------------------------------------------------------

    def answer(self, asked: Asked) -> tuple[int, Fields]:
        if asked.method != "POST" or not asked.key:
            return self._carry_out(asked)
        if len(asked.key) > 255:
            return 400, _error("idempotency_error", "Keys are at most 255 characters long.")
        sent = json.dumps([asked.path, asked.params], sort_keys=True)
        with self.lock:
            if asked.key in self.answers:
                return self._replay(self.answers[asked.key], sent)
            self.answers[asked.key] = None
        status, answer = self._carry_out(asked)
        with self.lock:
            # What was refused before it began is not kept.
            if status >= 400:
                del self.answers[asked.key]
            else:
                self.answers[asked.key] = sent, status, json.loads(json.dumps(answer))
        return status, answer

    def _replay(self, kept: tuple[str, int, Fields] | None, sent: str) -> tuple[int, Fields]:
        if kept is None:
            return 409, _error("idempotency_error", "Another request with this key is running.")
        if kept[0] != sent:
            return 400, _error(
                "idempotency_error",
                "Keys for idempotent requests can only be used with the same parameters "
                "they were first used with.",
            )
        return kept[1], kept[2]

    def _carry_out(self, asked: Asked) -> tuple[int, Fields]:
        with self.lock:
            try:
                return 200, json.loads(json.dumps(self._route(asked)))
            except StripeRefusal as refusal:
                return refusal.status, {"error": refusal.error}

    def _route(self, asked: Asked) -> Fields:
        account, params = self.account, asked.params
        expand = list(params.get("expand", {}).values())
        match asked.method, asked.path.strip("/").split("/")[1:]:
            case "POST", ["checkout", "sessions"]:
                return account.create_session(params, self.url)
            case "GET", ["checkout", "sessions", name]:
                return account.expanded(account.session(name), expand)
            case "POST", ["checkout", "sessions", name, "expire"]:
                return account.expire_session(name)
            case "GET", ["payment_intents", name]:
                return account.intent(name)
            case "POST", ["refunds"]:
                return account.create_refund(params)
            case "GET", ["refunds"]:
                return _page(account.refunds_of(params.get("payment_intent", "")), params)
        raise StripeRefusal(f"Unrecognized request URL ({asked.path})", status=404)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def stripe(self) -> FakeStripe:
        return self.server.stripe  # type: ignore[attr-defined]

    def log_message(self, *arguments: object) -> None:
        """Nothing: tests read ``asked``."""

    def do_GET(self) -> None:
        self._handle(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._handle(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

    def _handle(self, encoded: str) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/c/pay/"):
            status, headers, body = stripe_pages.answer(self.stripe, self.command, path)
            return self._send(status, body, headers)
        if self.headers.get("Authorization") != f"Bearer {self.stripe.api_key}":
            return self._send_json(401, _error("invalid_request_error", "Invalid API Key."))
        asked = Asked(
            self.command,
            path,
            nested(encoded),
            self.headers.get("Idempotency-Key", ""),
            self.headers.get("Stripe-Version", ""),
        )
        self.stripe.asked.append(asked)
        return self._with_faults(asked)

    def _with_faults(self, asked: Asked) -> None:
        fault = self.stripe.take_fault(f"{asked.method} {asked.path}")
        kind = fault.kind if fault else ""
        if kind == "delay":
            time.sleep(fault.value)
        if kind == "status":
            return self._send_json(int(fault.value), _error("api_error", "A fault was asked for."))
        if kind != "drop request":
            status, answer = self.stripe.answer(asked)
        if kind.startswith("drop"):
            self.close_connection = True
            return None
        return self._send_json(status, answer)

    def _send_json(self, status: int, answer: Fields) -> None:
        self._send(status, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        try:
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            # Whoever asked has hung up, as clients with a short patience do.
            self.close_connection = True


def nested(encoded: str) -> Fields:
    """``a[b][0]=c`` as ``{"a": {"b": {"0": "c"}}}``."""
    result: Fields = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        *parents, last = re.findall(r"[^\[\]]+", name)
        level = result
        for parent in parents:
            level = level.setdefault(parent, {})
        level[last] = value
    return result


def _page(things: list[Fields], params: Fields) -> Fields:
    limit = int(params.get("limit", 10))
    names = [thing["id"] for thing in things]
    start = names.index(params["starting_after"]) + 1 if "starting_after" in params else 0
    page = things[start : start + limit]
    return {
        "object": "list",
        "data": page,
        "has_more": start + limit < len(things),
        "url": "/v1/refunds",
    }


def _error(kind: str, message: str) -> Fields:
    return {"error": {"type": kind, "message": message}}


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    request = urllib.request.Request(  # noqa: S310
        url, body, {"Content-Type": "application/json; charset=utf-8", **headers}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310
            return reply.status
    except urllib.error.HTTPError as error:
        return error.code
