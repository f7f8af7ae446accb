"""What an order at PayPal says about money, written into the shop's own books."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from orders.models import Payment, Refund
from orders.payments import ledger, refunds
from orders.payments.paypal.client import PayPalClient
from orders.payments.paypal.errors import PayPalRefusedError

TAKEN = frozenset({"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"})
NOT_TAKEN = frozenset({"DECLINED", "FAILED"})
GIVEN_BACK = frozenset({"COMPLETED", "PENDING"})
# A refund that was on its way may still come to nothing.
CAME_BACK = frozenset({"FAILED", "CANCELLED"})


def record(payment: Payment, at_paypal: Mapping[str, Any]) -> None:
    """Write down what was taken, is on its way, came to nothing or went back. Safe to repeat."""
    captures = list(_payments(at_paypal, "captures"))
    taken = next((it for it in captures if it["status"] in TAKEN), None)
    if taken:
        _record_money(payment, taken, at_paypal)
    elif any(it["status"] == "PENDING" for it in captures):
        ledger.record_pending(payment, by=payment.gateway)
    elif failed := next((it for it in captures if it["status"] in NOT_TAKEN), None):
        reason = (failed.get("status_details") or {}).get("reason") or failed["status"]
        ledger.record_failure(payment, reason)
    elif at_paypal["status"] == "VOIDED":
        ledger.record_failure(payment, "VOIDED", is_cancelled=True)


def _record_money(payment: Payment, taken: Mapping[str, Any], at_paypal: Mapping[str, Any]) -> None:
    if payment.state != Payment.State.CAPTURED:
        amount, currency = _money(taken["amount"])
        payment = ledger.record_capture(payment, amount, currency, reference=taken["id"])
    if payment.state != Payment.State.CAPTURED:
        return
    # Most of the time nothing is new, and the order need not be held.
    known = {refund.reference: refund for refund in payment.refunds.all()}
    for made in _payments(at_paypal, "refunds"):
        ours = known.get(made["id"])
        if made["status"] in GIVEN_BACK and not ours:
            back, _currency = _money(made["amount"])
            key = _uuid(made.get("custom_id"))
            refunds.record_outside(payment, back, made["id"], key=key)
        elif made["status"] in CAME_BACK and ours and ours.state == Refund.State.DONE:
            refunds.fail(ours, made["status"], came_back=True)


def difference(payment: Payment, at_paypal: Mapping[str, Any]) -> str:
    """What the order at PayPal asks the shopper for, if that is not what the payment is for."""
    unit = at_paypal["purchase_units"][0]
    amount, currency = _money(unit["amount"])
    if (amount, currency) != (payment.amount, payment.currency):
        return f"{amount} {currency} ≠ {payment.amount} {payment.currency}"
    return ""


def subject_of(event: Mapping[str, Any], client: PayPalClient) -> tuple[str, str]:
    """Which payment a message is about: PayPal's name of its order, and our own key of it."""
    resource = event.get("resource")
    if not isinstance(resource, dict):
        return "", ""
    kind = str(event.get("event_type"))
    if kind.startswith("CHECKOUT.ORDER."):
        units = resource.get("purchase_units") or [{}]
        return str(resource.get("id", "")), _uuid(units[0].get("custom_id"))
    if event.get("resource_type") == "refund":
        return "", _payment_of_capture(_capture_above(resource), client)
    related = (resource.get("supplementary_data") or {}).get("related_ids") or {}
    return str(related.get("order_id", "")), _uuid(resource.get("custom_id"))


def _capture_above(refund: Mapping[str, Any]) -> str:
    """The capture that a refund is of: only its link tells."""
    links = {link.get("rel"): str(link.get("href")) for link in refund.get("links") or ()}
    return links.get("up", "").rstrip("/").rpartition("/")[2]


def _payment_of_capture(capture_id: str, client: PayPalClient) -> str:
    """Our key of the payment; PayPal is asked where the books do not know the capture yet."""
    if not capture_id:
        return ""
    known = Payment.objects.filter(gateway="paypal", capture_reference=capture_id).first()
    if known:
        return str(known.key)
    try:
        return _uuid(client.get_capture(capture_id).get("custom_id"))
    except PayPalRefusedError:
        return ""


def _payments(at_paypal: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    for unit in at_paypal.get("purchase_units") or ():
        yield from (unit.get("payments") or {}).get(kind) or ()


def _money(given: Mapping[str, str]) -> tuple[Decimal, str]:
    return Decimal(given["value"]), given["currency_code"]


def _uuid(text: object) -> str:
    """A key of ours; whatever else may stand there is none."""
    try:
        return str(UUID(str(text)))
    except ValueError:
        return ""
