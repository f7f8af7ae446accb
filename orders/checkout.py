"""Place an order: one transaction that writes everything that follows from it, or nothing."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from cart.lines import own_pictures
from catalog import stock
from catalog.models import Picture
from catalog.small_products import small_products
from orders import coupons, outbox, set_up, signals, states
from orders.models import (
    InvoiceAddress,
    Order,
    OrderEvent,
    OrderItem,
    new_number,
)
from orders.payments import gateway, paying
from orders.quote import CannotShipError, Quote, Wishes, quote

# How often a fresh order number is drawn when another order has the same 40 bits.
NUMBER_ATTEMPTS = 3


class CartChangedError(Exception):
    """Something in the cart cannot be bought as it stands; the cart page says what to do."""


class UnseenTotalError(Exception):
    """What the order would contain or cost is not what the shopper was shown."""


def order_of(token: UUID) -> Order | None:
    """The order that a checkout form has become, if it was sent before."""
    return Order.objects.filter(checkout_token=token).first()


def place_order(
    order: Order,
    entries: Mapping[str, tuple[int, datetime]],
    *,
    shown: str,
    method: int | None = None,
    coupon_code: str = "",
    invoice_address: InvoiceAddress | None = None,
) -> Order:
    """Turn the entries of a cart into an order; return it, saved.

    ``order`` comes unsaved, with the customer, the ``payment_method`` and the
    ``checkout_token`` of the form. If that token has become an order already (a second click,
    a reload, a retried request, also at the same moment), that order is returned and nothing
    is written. ``shown`` is the fingerprint of the quote that the shopper saw.

    Raises CartChangedError if a line cannot be bought, CouponError if the coupon does not
    count, CannotShipError if it cannot be sent, and UnseenTotalError if the quote is not the
    one that was shown; nothing is written then.
    """
    wishes = Wishes(str(order.country), method, coupon_code, order.email, order.user)
    for attempt in range(NUMBER_ATTEMPTS):
        # At first its row finds out: most forms are sent once.
        if attempt and (existing := order_of(order.checkout_token)):
            return existing
        try:
            with transaction.atomic():
                _write(order, entries, wishes, shown, invoice_address)
                transaction.on_commit(outbox.ring, robust=True)
            return order
        except IntegrityError:
            # A rival with the same token was faster, or the number is taken.
            if attempt == NUMBER_ATTEMPTS - 1 and not order_of(order.checkout_token):
                raise
            order.pk, order.number = None, new_number()
    return Order.objects.get(checkout_token=order.checkout_token)


def _write(
    order: Order,
    entries: Mapping[str, tuple[int, datetime]],
    wishes: Wishes,
    shown: str,
    invoice_address: InvoiceAddress | None,
) -> None:
    # First the row whose unique token makes every rival with the same form wait here.
    order.currency = settings.SHOP_CURRENCY
    order.state = Order.State.PENDING
    order.save(force_insert=True)
    if wishes.coupon_code and (coupon := coupons.find(wishes.coupon_code)):
        # Its limits are counted by one order at a time, and before any stock is held.
        coupons.lock(coupon)
    offered = _agreed(entries, wishes, shown)
    items = _items(order, offered)
    try:
        taken = stock.take({item.sku: item.quantity for item in items}, reference=order.number)
    except stock.OutOfStockError as error:
        raise CartChangedError from error
    for item in items:
        item.back_ordered = item.quantity - taken[item.sku]
    OrderItem.objects.bulk_create(items)
    _add_up(order, offered)
    if offered.coupon:
        coupons.use(offered.coupon, order, _saved(offered))
    if invoice_address:
        invoice_address.order = order
        invoice_address.pk = None
        invoice_address.save(force_insert=True)
    _owe(order)


def _agreed(entries: Mapping[str, tuple[int, datetime]], wishes: Wishes, shown: str) -> Quote:
    """The quote as it is now, if it is the one that the shopper saw and all of it can be had."""
    with set_up.as_it_is():
        offered = quote(entries, wishes)
    if not entries or offered.offers.keys() != entries.keys():
        raise CartChangedError
    if offered.coupon_error:
        raise coupons.CouponError(offered.coupon_error)
    if offered.shipping_error:
        raise CannotShipError(offered.shipping_error)
    if offered.fingerprint != shown:
        raise UnseenTotalError
    return offered


def _items(order: Order, offered: Quote) -> list[OrderItem]:
    """The lines, with a copy of all that the books need of the product as it is now."""
    skus = {code: offer.sku for code, offer in offered.offers.items()}
    shown = small_products(sku.product_id for sku in skus.values())
    pictures = own_pictures(skus.values())
    amounts = {line.code: line for line in offered.totals.lines}
    items = []
    for code, sku in skus.items():
        # A page may have been taken offline since the quote asked for it.
        product = shown.get(sku.product_id)
        if product is None:
            raise CartChangedError
        items.append(
            OrderItem(
                order=order,
                sku=sku,
                title=product.page.title,
                sku_code=sku.code,
                options=sku.label,
                picture=_address(pictures.get(sku.pk, product.picture)),
                is_digital=sku.product.is_digital,
                weight=sku.weight,
                unit_price=offered.offers[code].unit_price,
                quantity=offered.offers[code].quantity,
                discount=amounts[code].discount,
                net=amounts[code].net,
                tax=amounts[code].tax,
                tax_rate=amounts[code].tax_rate,
            )
        )
    return items


def _address(picture: Picture | None) -> str:
    """Where the picture of what is bought lies now."""
    address = picture.file.url if picture else ""
    return address if len(address) <= 255 else ""


def _add_up(order: Order, offered: Quote) -> None:
    """Write what the quote came to, and how long the order may wait to be paid."""
    sent = offered.totals.shipping
    order.includes_tax = offered.totals.includes_tax
    order.coupon_code = offered.coupon.code if offered.coupon else ""
    order.shipping_name = offered.method.name if offered.method else ""
    order.shipping_amount, order.shipping_discount = sent.amount, sent.discount
    order.shipping_net, order.shipping_tax = sent.net, sent.tax
    order.shipping_tax_rate = sent.tax_rate
    order.total = offered.grand_total
    if order.total:
        is_slow = gateway(order.payment_method).is_slow
        order.is_sent_unpaid = is_slow and offered.rules.sends_unpaid
        order.expires_at = paying.expiry_of(order.payment_method, order.created, offered.rules)
        paying.new_payment(order, order.payment_method)
    else:
        order.payment_method = ""
    order.save()


def _saved(offered: Quote) -> Decimal:
    return offered.totals.discount + offered.totals.shipping.discount


def _owe(order: Order) -> None:
    """The first line of the timeline, the mails, and word to the apps above."""
    OrderEvent.objects.create(
        order=order,
        kind=OrderEvent.Kind.STATE,
        to_state=Order.State.PENDING,
        by="shopper",
        created=order.created,
    )
    outbox.owe_first(order, outbox.ORDER_PLACED, outbox.NEW_ORDER)
    signals.order_placed.send(Order, order=order)
    if not order.total:
        _need_no_money(order)


def _need_no_money(order: Order) -> None:
    """What costs nothing is paid when it is ordered."""
    order.paid_at = timezone.now()
    order.save(update_fields=["paid_at"])
    order.state = states.advance(order, Order.State.PAID, by="shopper").state
    signals.order_paid.send(Order, order=order)
