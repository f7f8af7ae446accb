"""A member's orders as their data say them: what a shopper is told of, nothing of a gateway."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings

from catalog.money import quantize
from orders.models import AddressFields, Order, OrderEvent, OrderItem, SavedAddress
from social.models import User


def money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"amount": str(quantize(amount, currency)), "currency": currency}


def address(row: AddressFields) -> dict[str, str]:
    return {name: str(getattr(row, name)) for name in AddressFields.FIELDS}


def addresses(user: User) -> Iterator[dict[str, Any]]:
    for row in SavedAddress.objects.filter(user=user):
        yield address(row) | {"kept": row.created, "used": row.used}


PREFETCHED = ("items", "events", "payments", "refunds", "shipments")


def orders(user: User) -> Iterator[dict[str, Any]]:
    found = Order.objects.filter(user=user).select_related("invoice", "invoice_address")
    for order in found.prefetch_related(*PREFETCHED):
        yield _order(order)


def _order(order: Order) -> dict[str, Any]:
    def sums(amount: Decimal) -> dict[str, str]:
        return money(amount, order.currency)

    return {
        "number": order.number,
        "url": settings.BASE_URL + order.get_absolute_url(),
        "placed": order.created,
        "state": order.state,
        "language": order.language,
        "email": order.email,
        "address": address(order),
        "invoice_address": address(order.invoice_address)
        if hasattr(order, "invoice_address")
        else None,
        "message": order.message,
        "coupon": order.coupon_code,
        "lines": [_line(item, order.currency) for item in order.items.all()],
        "prices_include_tax": order.includes_tax,
        "shipping": {
            "name": order.shipping_name,
            "price": sums(order.shipping_amount),
            "discount": sums(order.shipping_discount),
            "tax": sums(order.shipping_tax),
            "tax_rate": str(order.shipping_tax_rate),
        },
        "total": sums(order.total),
        "paid": sums(order.amount_paid),
        "refunded": sums(order.amount_refunded),
        "payments": [
            {
                "gateway": payment.gateway,
                "state": payment.state,
                "amount": money(payment.amount, payment.currency),
                "begun": payment.created,
                "captured": payment.captured_at,
            }
            for payment in order.payments.all()
        ],
        "refunds": [
            {
                "amount": sums(refund.amount),
                "state": refund.state,
                "reason": refund.reason,
                "asked": refund.created,
                "done": refund.done_at,
            }
            for refund in order.refunds.all()
        ],
        "invoice": _invoice(order),
        "shipments": [
            {
                "carrier": shipment.carrier,
                "tracking_number": shipment.tracking_number,
                "tracking_url": shipment.tracking_url,
                "sent": shipment.created,
            }
            for shipment in order.shipments.all()
        ],
        "events": [
            {"state": event.to_state, "reason": event.text, "when": event.created}
            for event in order.events.all()
            if event.kind == OrderEvent.Kind.STATE
        ],
    }


def _line(item: OrderItem, currency: str) -> dict[str, Any]:
    return {
        "title": item.title,
        "sku": item.sku_code,
        "options": item.options,
        "quantity": item.quantity,
        "unit_price": money(item.unit_price, currency),
        "discount": money(item.discount, currency),
        "net": money(item.net, currency),
        "tax": money(item.tax, currency),
        "tax_rate": str(item.tax_rate),
        "on_back_order": item.back_ordered,
    }


def _invoice(order: Order) -> dict[str, Any] | None:
    if not hasattr(order, "invoice"):
        return None
    return {"number": order.invoice.number, "written": order.invoice.created}
