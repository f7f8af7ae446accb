from uuid import uuid4

from orders.checkout import fingerprint, place_order
from orders.models import Order

CUSTOMER = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "address": "12 St James's Square",
    "postal_code": "SW1Y 4JH",
    "city": "London",
    "country": "GB",
}


def unsaved_order(**fields) -> Order:
    return Order(**{**CUSTOMER, "language": "en", "checkout_token": uuid4(), **fields})


def shown(quantities) -> str:
    """The fingerprint of a checkout page that shows these SKUs at their present price."""
    return fingerprint((sku.code, count, sku.price.amount) for sku, count in quantities.items())


def order_for(quantities, **fields) -> Order:
    """Place an order of SKUs, as a shopper who sees them now would."""
    codes = {sku.code: count for sku, count in quantities.items()}
    return place_order(unsaved_order(**fields), codes, shown=shown(quantities))
