"""The calls to PayPal's REST interface that a shop needs: Orders v2, Payments v2, Webhooks v1.

Knows nothing of the shop's own tables. PayPal's documents:
https://github.com/paypal/paypal-rest-api-specifications
"""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from requests.structures import CaseInsensitiveDict

from orders.payments.base import UndecidedError
from orders.payments.paypal.amounts import money
from orders.payments.paypal.errors import PayPalRefusedError
from orders.payments.paypal.transport import Credentials, Exchange, Request, Transport

# Where the shopper is sent to: orders that were created with a wallet name it the first way.
APPROVAL_LINKS = ("payer-action", "approve")
# PayPal says these when the money has been taken by an earlier call.
ALREADY_CAPTURED = frozenset({"ORDER_ALREADY_CAPTURED", "ORDER_ALREADY_COMPLETED"})
SIGNERS = "paypal.com"
# The five headers of a message, what they are called in the question, and how they may look.
SIGNATURE_HEADERS = {
    "auth_algo": ("PAYPAL-AUTH-ALGO", re.compile(r"[A-Za-z0-9]{1,100}")),
    "cert_url": ("PAYPAL-CERT-URL", re.compile(r"https?://[!-~]{1,490}")),
    "transmission_id": ("PAYPAL-TRANSMISSION-ID", re.compile(r"(?!\d+$)\w[!-~]{0,49}", re.ASCII)),
    "transmission_sig": ("PAYPAL-TRANSMISSION-SIG", re.compile(r"[A-Za-z0-9+/=_-]{1,500}")),
    "transmission_time": (
        "PAYPAL-TRANSMISSION-TIME",
        re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII),
    ),
}
# What PayPal answers about something that cannot be one of its messages.
NOT_A_QUESTION = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})


class PayPalClient:
    """One merchant's account. ``log`` is given every single request and what came of it."""

    def __init__(
        self, credentials: Credentials, webhook_id: str, log: Callable[[Exchange], None]
    ) -> None:
        self.credentials = credentials
        self.webhook_id = webhook_id
        self.transport = Transport(credentials, log)

    @classmethod
    def from_settings(cls, log: Callable[[Exchange], None]) -> "PayPalClient":
        credentials = Credentials(
            settings.PAYPAL_BASE_URL, settings.PAYPAL_CLIENT_ID, settings.PAYPAL_CLIENT_SECRET
        )
        return cls(credentials, settings.PAYPAL_WEBHOOK_ID, log)

    def create_order(
        self,
        *,
        amount: Decimal,
        currency: str,
        key: str,
        invoice: str,
        return_url: str,
        cancel_url: str,
        idempotency_key: str,
        locale: str = "",
        brand: str = "",
    ) -> dict[str, Any]:
        """An order for the shopper to approve. ``key`` is our name of the payment.

        ``invoice`` is the number of our order: by it PayPal refuses to take the money of one
        order twice, and the shopper finds it in PayPal's mail.
        """
        experience = {
            "return_url": return_url,
            "cancel_url": cancel_url,
            "user_action": "PAY_NOW",
            # The parcel goes where our checkout says: that country was taxed.
            "shipping_preference": "NO_SHIPPING",
            "payment_method_preference": "IMMEDIATE_PAYMENT_REQUIRED",
        }
        if locale:
            experience["locale"] = locale
        if brand:
            experience["brand_name"] = brand[:127]
        unit = {
            "amount": money(amount, currency),
            "custom_id": key,
            "invoice_id": invoice,
        }
        body = {
            "intent": "CAPTURE",
            "purchase_units": [unit],
            "payment_source": {"paypal": {"experience_context": experience}},
        }
        return self._post("/v2/checkout/orders", body, idempotency_key)

    def get_order(self, order_id: str) -> dict[str, Any]:
        return self._get("/v2/checkout/orders/", order_id)

    def capture_order(self, order_id: str, *, idempotency_key: str) -> dict[str, Any]:
        """Take the money of an approved order; the order as it then is.

        If an earlier call took it already, the order is read instead.
        """
        path = f"/v2/checkout/orders/{quote(order_id, safe='')}/capture"
        try:
            return self._post(path, {}, idempotency_key)
        except PayPalRefusedError as error:
            if error.issue in ALREADY_CAPTURED:
                return self.get_order(order_id)
            raise

    def get_capture(self, capture_id: str) -> dict[str, Any]:
        return self._get("/v2/payments/captures/", capture_id)

    def refund_capture(
        self,
        capture_id: str,
        *,
        amount: Decimal,
        currency: str,
        key: str,
        idempotency_key: str,
    ) -> dict[str, Any]:
        """Give some of the money back. ``key`` is our own name of this refund."""
        path = f"/v2/payments/captures/{quote(capture_id, safe='')}/refund"
        body = {"amount": money(amount, currency), "custom_id": key}
        return self._post(path, body, idempotency_key)

    def is_genuine(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether PayPal says that it sent this message to our webhook, byte for byte.

        What cannot be one of its messages is not asked about.
        """
        fields = signature_fields(headers)
        if not fields or not self._may_sign(fields["cert_url"]) or not is_json_object(body):
            return False
        fields["webhook_id"] = self.webhook_id
        # The signature covers the bytes as they came, so they are not written anew.
        content = b'%b, "webhook_event": %b}' % (json.dumps(fields)[:-1].encode(), body)
        path = "/v1/notifications/verify-webhook-signature"
        try:
            answer = self.transport.call(Request("POST", path, content, shown=fields))
        except PayPalRefusedError as error:
            if error.status in NOT_A_QUESTION:
                return False
            # Our account may not ask: that says nothing of the message.
            raise UndecidedError(f"{path}: {error.issue}") from error
        return answer.get("verification_status") == "SUCCESS"

    def _may_sign(self, cert_url: str) -> bool:
        """Whether the certificate lies at PayPal (or where PayPal's stand-in of a test is)."""
        try:
            ours, theirs = urlsplit(self.credentials.base_url), urlsplit(cert_url)
            host = (theirs.hostname or "").lower()
            if (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc):
                return True
        except ValueError:
            return False
        is_paypal = host == SIGNERS or host.endswith(f".{SIGNERS}")
        return theirs.scheme == "https" and is_paypal and "@" not in theirs.netloc

    def _get(self, folder: str, name: str) -> dict[str, Any]:
        return self.transport.call(Request("GET", folder + quote(name, safe="")))

    def _post(self, path: str, body: Mapping[str, Any], idempotency_key: str) -> dict[str, Any]:
        content = json.dumps(body).encode()
        return self.transport.call(Request("POST", path, content, body, idempotency_key))


def approval_url(order: Mapping[str, Any]) -> str:
    """Where the shopper approves this order at PayPal; empty if there is nothing to approve."""
    links = {link.get("rel"): link.get("href") for link in order.get("links") or ()}
    return next((links[rel] for rel in APPROVAL_LINKS if links.get(rel)), "")


def signature_fields(headers: Mapping[str, str]) -> dict[str, str] | None:
    """What the headers of a message say about its signature, None if they cannot be PayPal's."""
    given = CaseInsensitiveDict(headers)
    fields = {}
    for field, (header, form) in SIGNATURE_HEADERS.items():
        value = given.get(header)
        if not isinstance(value, str) or not form.fullmatch(value):
            return None
        fields[field] = value
    return fields


def is_json_object(body: bytes) -> bool:
    """Whether the bytes are exactly one JSON object, which can be put into another as they are."""
    try:
        return isinstance(json.loads(body.decode(), parse_constant=_no_json), dict)
    except (ValueError, RecursionError):
        return False


def _no_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
