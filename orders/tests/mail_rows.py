"""One row of the outbox for each kind of mail, each with what it tells of."""

from orders import events, outbox, states
from orders.models import BackInStock, Order, OrderSettings, Outbox, Refund
from orders.payments import refunds
from orders.tests.factories import paid

MERCHANT = "owner@example.com"
BANK = "Halftone Ltd\nDE89 3704 0044 0532 0130 00"
TRACKING_URL = "https://parcels.example.com/follow?n=123&lang=de"


def settings_of_orders(**fields) -> OrderSettings:
    rules = OrderSettings.load()
    for name, value in {"merchant_email": MERCHANT, "bank_details": BANK, **fields}.items():
        setattr(rules, name, value)
    rules.save()
    return rules


def row_of(kind: str, order: Order) -> Outbox:
    """A waiting row of this kind about the order (or a SKU of it), and nothing else waiting."""
    sku = order.items.first().sku
    if kind == outbox.BACK_IN_STOCK:
        wish = BackInStock.objects.create(sku=sku, email=order.email, language=order.language)
        row = outbox.owe(f"back:{wish.pk}", kind, wish=wish.pk)
    elif kind == outbox.LOW_STOCK:
        row = outbox.owe("low:1", kind, skus=[sku.pk])
    elif kind == outbox.ORDER_REFUNDED:
        paid(order)
        refund = refunds.finish(refunds.ask(order, order.total, reason="It came broken."), "R1")
        assert refund.state == Refund.State.DONE
        row = Outbox.objects.get(kind=kind)
    elif kind == outbox.ATTENTION:
        events.alert(order, "It was paid twice.")
        row = Outbox.objects.get(kind=kind)
    else:
        row = _in_its_life(kind, order)
    Outbox.objects.exclude(pk=row.pk).delete()
    return Outbox.objects.get(pk=row.pk)


def _in_its_life(kind: str, order: Order) -> Outbox:
    """The row that the order's own life writes, as far as it has to go for it."""
    if kind == outbox.PAYMENT_FAILED:
        return outbox.enqueue(order, kind, 1)
    if kind == outbox.ORDER_CANCELLED:
        states.advance(order, Order.State.CANCELLED, by="shopper", reason="It is too large.")
    if kind in {outbox.PAYMENT_RECEIVED, outbox.ORDER_PACKED, outbox.ORDER_SHIPPED}:
        order = paid(order)
    if kind in {outbox.ORDER_PACKED, outbox.ORDER_SHIPPED}:
        order = states.advance(order, Order.State.PACKED)
    if kind == outbox.ORDER_SHIPPED:
        order.shipments.create(
            carrier="DHL & Co", tracking_number="0034-1", tracking_url=TRACKING_URL
        )
        states.advance(order, Order.State.SHIPPED)
    return Outbox.objects.get(order=order, kind=kind)
