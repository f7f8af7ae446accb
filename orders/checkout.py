"""Place an order: one transaction that writes everything that follows from it, or nothing."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from cart.cart import MAX_QUANTITY, shown_pages
from catalog import stock
from catalog.models import Sku
from orders import outbox
from orders.models import Order, OrderItem, new_number
from orders.totals import totals

# How often a fresh order number is drawn when another order has the same 40 bits.
NUMBER_ATTEMPTS = 3


class CartChangedError(Exception):
    """Something in the cart cannot be bought as it stands; the cart page says what to do."""


class UnseenTotalError(Exception):
    """What the order would contain or cost is not what the shopper was shown."""


def fingerprint(lines: Iterable[tuple[str, int, Decimal]]) -> str:
    """A short name for exactly these SKU codes, quantities and unit prices, in any order."""
    facts = sorted((code, quantity, str(price.normalize())) for code, quantity, price in lines)
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def order_of(token: UUID) -> Order | None:
    """The order that a checkout form has become, if it was sent before."""
    return Order.objects.filter(checkout_token=token).first()


def place_order(order: Order, quantities: Mapping[str, int], *, shown: str) -> Order:
    """Turn SKU codes and quantities into an order; return it, saved.

    ``order`` comes unsaved, with the customer and the ``checkout_token`` of the
    form. If that token has become an order already (a second click, a reload, a
    retried request, also at the same moment), that order is returned and nothing
    is written. ``shown`` is the fingerprint of the lines the shopper saw.

    Raises CartChangedError if a line cannot be bought and UnseenTotalError if the
    lines are not those that were shown; nothing is written then.
    """
    for attempt in range(NUMBER_ATTEMPTS):
        if existing := order_of(order.checkout_token):
            return existing
        try:
            with transaction.atomic():
                _write(order, quantities, shown)
                transaction.on_commit(outbox.ring, robust=True)
            return order
        except IntegrityError:
            # A rival with the same token was faster, or the number is taken.
            if attempt == NUMBER_ATTEMPTS - 1 and not order_of(order.checkout_token):
                raise
            order.pk, order.number = None, new_number()
    return Order.objects.get(checkout_token=order.checkout_token)


def _write(order: Order, quantities: Mapping[str, int], shown: str) -> None:
    # First the row whose unique token makes every rival with the same form wait here.
    order.currency = settings.SHOP_CURRENCY
    order.save(force_insert=True)
    items = _items(order, quantities)
    if fingerprint((item.sku_code, item.quantity, item.unit_price) for item in items) != shown:
        raise UnseenTotalError
    try:
        taken = stock.take({item.sku: item.quantity for item in items}, reference=order.number)
    except stock.OutOfStockError as error:
        raise CartChangedError from error
    for item in items:
        item.back_ordered = item.quantity - taken[item.sku]
    OrderItem.objects.bulk_create(items)
    order.total = totals(items, order.currency).grand_total
    order.save(update_fields=["total"])
    outbox.enqueue(order, outbox.ORDER_PLACED)


def _items(order: Order, quantities: Mapping[str, int]) -> list[OrderItem]:
    """The lines, with a copy of all that the books need of the product as it is now."""
    skus = {sku.code: sku for sku in Sku.objects.purchasable().filter(code__in=quantities)}
    if not quantities or len(skus) != len(quantities):
        raise CartChangedError
    pages = shown_pages({sku.product_id for sku in skus.values()})
    items = []
    for code, quantity in quantities.items():
        sku = skus[code]
        # A page may have been taken offline since the line above asked for it.
        if quantity > sku.most_to_buy(MAX_QUANTITY) or sku.product_id not in pages:
            raise CartChangedError
        items.append(
            OrderItem(
                order=order,
                sku=sku,
                title=pages[sku.product_id].title,
                sku_code=sku.code,
                options=sku.label,
                unit_price=sku.price.amount,
                quantity=quantity,
            )
        )
    return items
