"""A stand-in for PayPal: a real HTTP server on this machine, with a memory, and with faults.

Each request is checked against PayPal's own documents, where they are at hand; what
they have against one is kept in ``violations``, which the fixture ``paypal`` wants empty.
"""

import base64
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from orders.tests.fakes.paypal_account import Account, Refusal, now
from orders.tests.fakes.paypal_documents import documents
from orders.tests.fakes.paypal_signing import event_bytes, signature
from orders.tests.fakes.paypal_wire import Fault, Planned, Received, Reply, server_for

CLIENT_ID, CLIENT_SECRET, WEBHOOK_ID = "shop-id", "shop-secret", "WH4ID7"

PAGE = """<!doctype html><html lang="en"><title>PayPal</title><h1>Pay {value} {currency_code}</h1>
<p><a href="/checkoutnow/approve?token={token}">Pay now</a>
<a href="/checkoutnow/cancel?token={token}">Cancel and return</a></p></html>"""


class FakePayPal:
    def __init__(self) -> None:
        self.account = Account()
        self.received: list[Received] = []
        self.violations: list[str] = []
        self.documents = documents()
        self.plans: list[Planned] = []
        self.tokens: set[str] = set()
        self.tokens_given = 0
        self.token_life = 32400
        self._answered: dict[tuple[str, str], tuple[bytes, Reply]] = {}
        # The account does one thing at a time.
        self._lock = threading.Lock()
        self.server = server_for(self)
        self.base_url = self.account.base_url = f"http://127.0.0.1:{self.server.server_port}"

    @contextmanager
    def running(self) -> Iterator["FakePayPal"]:
        thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            self.server.server_close()
            thread.join()

    # What a test does.

    def plan(
        self, fault: Fault | None, path: str = ".", *, times: int = 1, delay: float = 0
    ) -> None:
        """Let the next requests to such a path go wrong, or only last."""
        self.plans.append(Planned(fault, re.compile(path), times, delay))

    def requests_to(self, path: str) -> list[Received]:
        return [it for it in self.received if re.search(path, it.path)]

    def expire_tokens(self) -> None:
        self.tokens.clear()

    def message(self, event: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        """An event as it is sent: spaced and escaped as no library here would write it."""
        body = json.dumps(event, separators=(" ,", ":  ")).replace("/", "\\/").encode()
        headers = {
            "PAYPAL-AUTH-ALGO": "SHA256withRSA",
            "PAYPAL-CERT-URL": f"{self.base_url}/v1/notifications/certs/CERT-360caa42",
            "PAYPAL-TRANSMISSION-ID": f"t-{hashlib.sha256(body).hexdigest()[:36]}",
            "PAYPAL-TRANSMISSION-TIME": now(),
        }
        headers["PAYPAL-TRANSMISSION-SIG"] = signature(
            headers["PAYPAL-TRANSMISSION-ID"],
            headers["PAYPAL-TRANSMISSION-TIME"],
            WEBHOOK_ID,
            body,
        )
        return body, headers

    def deliver(self, event: dict[str, Any], url: str) -> int:
        """Send an event to a webhook; the status it answers with."""
        body, headers = self.message(event)
        headers["Content-Type"] = "application/json"
        return requests.post(url, data=body, headers=headers, timeout=10).status_code

    # What the server does.

    def reply(self, request: Received) -> Reply:
        address = urlsplit(request.path)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        with self._lock:
            if address.path.startswith("/checkoutnow"):
                return self._page(address.path, query["token"])
            if address.path == "/v1/oauth2/token":
                return self._token(request)
            if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
                return Reply(401, {"error": "invalid_token"})
            return self._checked(request)

    def _checked(self, request: Received) -> Reply:
        if self.documents:
            violations = self.documents.against_request(
                request.method, request.path, request.headers, request.body
            )
            if violations:
                self.violations += violations
                return Reply(400, Refusal("INVALID_PARAMETER_SYNTAX", 400).body())
        reply = self._once(request)
        if self.documents:
            self.violations += self.documents.against_answer(
                request.method, request.path, reply.status, reply.body
            )
        return reply

    def _once(self, request: Received) -> Reply:
        """The same id brings the same answer, also a refusal; with another body, an error."""
        key = (request.path, request.headers.get("paypal-request-id", ""))
        if key in self._answered:
            body, reply = self._answered[key]
            if body != request.raw:
                return Reply(400, Refusal("INVALID_PARAMETER_VALUE", 400).body())
            # Orders v2 says 200 to a repeated call, Payments v2 says 201 again.
            is_again = reply.status == 201 and "/orders" in request.path
            return Reply(200 if is_again else reply.status, reply.body)
        try:
            reply = self._work(request)
        except Refusal as refusal:
            reply = Reply(refusal.status, refusal.body())
        if key[1]:
            self._answered[key] = request.raw, reply
        return reply

    def _work(self, request: Received) -> Reply:
        account, body = self.account, request.body
        ways: list[tuple[str, int, Callable[..., dict[str, Any]]]] = [
            (r"POST /v2/checkout/orders", 201, lambda: account.create(body)),
            (r"GET /v2/checkout/orders/(\w+)", 200, account.order),
            (r"POST /v2/checkout/orders/(\w+)/capture", 201, account.capture),
            (r"GET /v2/payments/captures/(\w+)", 200, account.capture_of),
            (
                r"POST /v2/payments/captures/(\w+)/refund",
                201,
                lambda name: account.refund(name, body),
            ),
            (r"GET /v2/payments/refunds/(\w+)", 200, account.refund_of),
            (
                r"POST /v1/notifications/verify-webhook-signature",
                200,
                lambda: self._verified(request),
            ),
        ]
        for pattern, status, work in ways:
            if match := re.fullmatch(pattern, f"{request.method} {request.path}"):
                return Reply(status, work(*match.groups()))
        raise Refusal("INVALID_RESOURCE_ID", 404)

    def _token(self, request: Received) -> Reply:
        known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {known}":
            return Reply(401, {"error": "invalid_client"})
        if request.raw != b"grant_type=client_credentials":
            self.violations.append(f"{request.path}: {request.raw!r}")
        self.tokens_given += 1
        token = f"A21AA-{self.tokens_given}"
        self.tokens.add(token)
        life = self.token_life
        return Reply(
            200,
            {"access_token": token, "token_type": "Bearer", "expires_in": life, "nonce": "n"},
        )

    def _page(self, path: str, token: str) -> Reply:
        order = self.account.orders[token]
        if path == "/checkoutnow":
            amount = order["purchase_units"][0]["amount"]
            return Reply(200, PAGE.format(token=token, **amount))
        address, query = order["experience"]["cancel_url"], {"token": token}
        if path == "/checkoutnow/approve":
            order = self.account.approve(token)
            address = order["experience"]["return_url"]
            query["PayerID"] = order["payer"]["payer_id"]
        joint = "&" if "?" in address else "?"
        return Reply(302, "", {"Location": f"{address}{joint}{urlencode(query)}"})

    def _verified(self, request: Received) -> dict[str, str]:
        asked = request.body
        expected = signature(
            asked["transmission_id"],
            asked["transmission_time"],
            asked["webhook_id"],
            event_bytes(request.raw),
        )
        is_signed = hmac.compare_digest(expected, asked["transmission_sig"])
        good = is_signed and asked["webhook_id"] == WEBHOOK_ID
        return {"verification_status": "SUCCESS" if good else "FAILURE"}

    def planned_for(self, path: str) -> Planned | None:
        with self._lock:
            for plan in self.plans:
                if plan.times and plan.path.search(path):
                    plan.times -= 1
                    return plan
        return None
