"""A merchant's account at the stand-in of PayPal: its orders, captures, refunds and events."""

import random
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

PAYER = {
    "email_address": "shopper@example.com",
    "payer_id": "QYR5Z8XDVJNXQ",
    "name": {"given_name": "Ada", "surname": "Lovelace"},
}
UNPROCESSABLE = (
    "UNPROCESSABLE_ENTITY",
    "The requested action could not be performed, semantically incorrect, "
    "or failed business validation.",
)


class Refusal(Exception):  # noqa: N818
    """An answer of PayPal's other than yes."""

    def __init__(self, issue: str, status: int = 422, links: list[dict] | None = None) -> None:
        super().__init__(issue)
        self.issue, self.status, self.links = issue, status, links or []

    def body(self) -> dict[str, Any]:
        name, message = {
            400: (
                "INVALID_REQUEST",
                "Request is not well-formed, syntactically incorrect, or violates schema.",
            ),
            404: ("RESOURCE_NOT_FOUND", "The specified resource does not exist."),
        }.get(self.status, UNPROCESSABLE)
        body = {
            "name": name,
            "message": message,
            "debug_id": "f1d2d2f924e98",
            "details": [{"issue": self.issue}],
        }
        return {**body, "links": self.links} if self.links else body


def new_id() -> str:
    """17 capital letters and digits, as PayPal numbers things."""
    return "".join(random.choices(string.ascii_uppercase + string.digits, k=16)) + "X"


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def money(value: Decimal, like: dict[str, str]) -> dict[str, str]:
    return {"currency_code": like["currency_code"], "value": str(value)}


@dataclass
class Account:
    """What is so at PayPal. ``base_url`` is where its pages are."""

    base_url: str = ""
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    captures: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    # How the next captures and refunds end, and what the answers say of the money instead.
    declined: bool = False
    payer_must_act: bool = False
    capture_status: str = "COMPLETED"
    refund_status: str = "COMPLETED"
    captured_amount: dict[str, str] | None = None
    # As in an account that blocks accidental payments, which is how accounts are set up.
    refuses_second_invoice: bool = True

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        order_id, unit = new_id(), body["purchase_units"][0]
        experience = body["payment_source"]["paypal"]["experience_context"]
        self.orders[order_id] = {
            "id": order_id,
            "intent": body["intent"],
            "status": "PAYER_ACTION_REQUIRED",
            "payment_source": {"paypal": {}},
            "purchase_units": [{"reference_id": "default", **unit}],
            "create_time": now(),
            "links": [
                self._link("self", f"/v2/checkout/orders/{order_id}"),
                self._link("payer-action", f"/checkoutnow?token={order_id}"),
            ],
            "experience": experience,
        }
        return self.order(order_id)

    def order(self, order_id: str) -> dict[str, Any]:
        if order_id not in self.orders:
            raise Refusal("INVALID_RESOURCE_ID", 404)
        stored = self.orders[order_id]
        shown = {key: value for key, value in stored.items() if key != "experience"}
        captures = [it for it in self.captures.values() if it["order"] == order_id]
        refunds = [it for it in self.refunds.values() if it["order"] == order_id]
        payments = {}
        if captures:
            payments["captures"] = [self._public(it) for it in captures]
        if refunds:
            payments["refunds"] = [self._public(it) for it in refunds]
        if payments:
            unit = {**stored["purchase_units"][0], "payments": payments}
            shown["purchase_units"] = [unit]
        return shown

    def approve(self, order_id: str) -> dict[str, Any]:
        """What the shopper does on PayPal's page."""
        order = self.orders[order_id]
        if order["status"] in {"PAYER_ACTION_REQUIRED", "APPROVED"}:
            order |= {"status": "APPROVED", "payer": PAYER, "update_time": now()}
            self.emit("CHECKOUT.ORDER.APPROVED", "checkout-order", self.order(order_id))
        return order

    def capture(self, order_id: str) -> dict[str, Any]:
        order = self.orders.get(order_id)
        if order is None:
            raise Refusal("INVALID_RESOURCE_ID", 404)
        if order["status"] == "COMPLETED":
            raise Refusal("ORDER_ALREADY_CAPTURED")
        again = [self._link("payer-action", f"/checkoutnow?token={order_id}")]
        if self.payer_must_act:
            order["status"] = "PAYER_ACTION_REQUIRED"
            raise Refusal("PAYER_ACTION_REQUIRED", links=again)
        if order["status"] != "APPROVED":
            raise Refusal("ORDER_NOT_APPROVED")
        if self.declined:
            raise Refusal("INSTRUMENT_DECLINED", links=again)
        unit = order["purchase_units"][0]
        invoices = {it["invoice_id"] for it in self.captures.values()}
        if self.refuses_second_invoice and unit["invoice_id"] in invoices:
            raise Refusal("DUPLICATE_INVOICE_ID")
        self._take(order, unit)
        return self.order(order_id)

    def _take(self, order: dict[str, Any], unit: dict[str, Any]) -> None:
        capture_id = new_id()
        self.captures[capture_id] = {
            "id": capture_id,
            "status": self.capture_status,
            "amount": self.captured_amount or unit["amount"],
            "final_capture": True,
            "custom_id": unit["custom_id"],
            "invoice_id": unit["invoice_id"],
            "create_time": now(),
            "update_time": now(),
            "supplementary_data": {"related_ids": {"order_id": order["id"]}},
            "links": [
                self._link("self", f"/v2/payments/captures/{capture_id}"),
                self._link("up", f"/v2/checkout/orders/{order['id']}"),
            ],
            "order": order["id"],
        }
        order |= {"status": "COMPLETED", "update_time": now()}
        self._tell_of_capture(capture_id)

    def end_capture(self, capture_id: str, status: str) -> None:
        """PayPal has looked into a pending capture: COMPLETED or DECLINED."""
        self.captures[capture_id] |= {"status": status, "update_time": now()}
        self._tell_of_capture(capture_id)

    def _tell_of_capture(self, capture_id: str) -> None:
        capture = self.captures[capture_id]
        kind = {"DECLINED": "DENIED"}.get(capture["status"], capture["status"])
        self.emit(f"PAYMENT.CAPTURE.{kind}", "capture", self._public(capture))

    def refund(self, capture_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Also what the merchant does by hand on PayPal's own pages."""
        capture = self.captures.get(capture_id)
        if capture is None:
            raise Refusal("INVALID_RESOURCE_ID", 404)
        left = self.left_of(capture_id)
        amount = body.get("amount") or money(left, capture["amount"])
        if not left:
            raise Refusal("CAPTURE_FULLY_REFUNDED")
        if amount["currency_code"] != capture["amount"]["currency_code"]:
            raise Refusal("REFUND_CAPTURE_CURRENCY_MISMATCH")
        if capture["status"] not in {"COMPLETED", "PARTIALLY_REFUNDED"}:
            raise Refusal("TRANSACTION_REFUSED")
        if Decimal(amount["value"]) > left:
            raise Refusal("REFUND_AMOUNT_EXCEEDED")
        refund_id = new_id()
        self.refunds[refund_id] = {
            "id": refund_id,
            "status": self.refund_status,
            "amount": amount,
            "custom_id": body.get("custom_id", capture["custom_id"]),
            "invoice_id": capture["invoice_id"],
            "create_time": now(),
            "links": [
                self._link("self", f"/v2/payments/refunds/{refund_id}"),
                self._link("up", f"/v2/payments/captures/{capture_id}"),
            ],
            "order": capture["order"],
            "capture": capture_id,
        }
        left = self.left_of(capture_id)
        capture["status"] = "PARTIALLY_REFUNDED" if left else "REFUNDED"
        self.emit("PAYMENT.CAPTURE.REFUNDED", "refund", self.refund_of(refund_id))
        return self.refund_of(refund_id)

    def end_refund(self, refund_id: str, status: str) -> None:
        """The bank has taken the money, or sent it back: COMPLETED or FAILED."""
        self.refunds[refund_id]["status"] = status
        self.emit(f"PAYMENT.REFUND.{status}", "refund", self.refund_of(refund_id))

    def left_of(self, capture_id: str) -> Decimal:
        given = [
            it
            for it in self.refunds.values()
            if it["capture"] == capture_id and it["status"] not in {"FAILED", "CANCELLED"}
        ]
        taken = Decimal(self.captures[capture_id]["amount"]["value"])
        return taken - sum(Decimal(it["amount"]["value"]) for it in given)

    def capture_of(self, capture_id: str) -> dict[str, Any]:
        if capture_id not in self.captures:
            raise Refusal("INVALID_RESOURCE_ID", 404)
        return self._public(self.captures[capture_id])

    def refund_of(self, refund_id: str) -> dict[str, Any]:
        if refund_id not in self.refunds:
            raise Refusal("INVALID_RESOURCE_ID", 404)
        return self._public(self.refunds[refund_id])

    def emit(self, kind: str, resource_type: str, resource: dict[str, Any]) -> None:
        event_id = f"WH-{new_id()}-{new_id()}"
        self.events.append(
            {
                "id": event_id,
                "event_version": "1.0",
                "create_time": now(),
                "resource_type": resource_type,
                "resource_version": "2.0",
                "event_type": kind,
                "summary": f"{kind} – für Ada",
                "resource": resource,
                "links": [self._link("self", f"/v1/notifications/webhooks-events/{event_id}")],
            }
        )

    def _link(self, rel: str, path: str) -> dict[str, str]:
        return {"href": self.base_url + path, "rel": rel, "method": "GET"}

    @staticmethod
    def _public(row: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in row.items() if key not in {"order", "capture"}}
