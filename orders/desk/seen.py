"""A short name for how an order stands, so that a form can tell whether it still stands so."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from orders.models import InvoiceAddress, Order


def seen(order: Order) -> str:
    """What the desk decides by: state, money, refunds, goods, parcels, addresses, the alert."""
    return hashlib.sha256(json.dumps(list(_facts(order))).encode()).hexdigest()[:16]


def _facts(order: Order) -> Iterator[Any]:
    yield [order.state, bool(order.paid_at), order.alert, order.email]
    yield [f"{order.amount_paid.normalize():f}", f"{order.amount_refunded.normalize():f}"]
    yield address_of(order)
    invoice = InvoiceAddress.objects.filter(order=order.pk).first()
    yield address_of(invoice) if invoice else None
    yield list(order.refunds.order_by("pk").values_list("pk", "state"))
    yield list(order.items.order_by("pk").values_list("pk", "restocked", "back_ordered"))
    parcels = order.shipments.order_by("pk")
    yield list(parcels.values_list("pk", "carrier", "tracking_number", "tracking_url"))


def address_of(address: Any) -> dict[str, str]:
    """An address as texts by field."""
    return {field: str(getattr(address, field)) for field in address.FIELDS}
