"""Orders to test with, placed as a shopper would place them."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from cart.entries import Entry
from catalog.models import Sku
from orders.checkout import place_order
from orders.models import Order
from orders.payments import ledger
from orders.quote import Wishes, quote

CUSTOMER = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "address": "12 St James's Square",
    "postal_code": "SW1Y 4JH",
    "city": "London",
    "country": "GB",
}
# What they fill into the checkout.
FORM = {**CUSTOMER, "payment": "bank_transfer"}


def unsaved_order(**fields) -> Order:
    given = {"language": "en", "payment_method": "bank_transfer", "checkout_token": uuid4()}
    return Order(**{**CUSTOMER, **given, **fields})


def entries_of(quantities: Mapping[Sku, int]) -> dict[str, Entry]:
    """A cart into which these SKUs are put now."""
    return {sku.code: Entry(count, timezone.now()) for sku, count in quantities.items()}


def shown(quantities: Mapping[Sku, int], **wishes) -> str:
    """The fingerprint of a checkout page that shows these SKUs at their present price."""
    return quote(entries_of(quantities), Wishes(**{"country": "GB", **wishes})).fingerprint


def order_for(
    quantities: Mapping[Sku, int], *, method: int | None = None, coupon_code: str = "", **fields
) -> Order:
    """Place an order of SKUs, as a shopper who sees them now would."""
    order = unsaved_order(**fields)
    seen = shown(
        quantities,
        country=str(order.country),
        method=method,
        coupon_code=coupon_code,
        email=order.email,
        user=order.user,
    )
    return place_order(
        order, entries_of(quantities), shown=seen, method=method, coupon_code=coupon_code
    )


def paid(order: Order, amount: Decimal | None = None) -> Order:
    """The order, with its money come."""
    payment = order.payments.latest("pk")
    ledger.record_capture(payment, amount or payment.amount, payment.currency, by="test")
    order.refresh_from_db()
    return order
