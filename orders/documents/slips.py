"""Packing slips of orders: what lies in the parcel."""

from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from orders import addresses
from orders.documents.facts import PackingSlip, Seller, SlipLine
from orders.documents.seller import seller
from orders.documents.slip_letter import slip_letter
from orders.models import Order, OrderItem, OrderSettings, Shipment

GRAMS = Decimal(1000)


def slip(order: Order, home: str, sender: Seller) -> PackingSlip:
    """What is to be packed: neither what is only downloaded nor what has gone back on the shelf."""
    items = [item for item in order.items.all() if not item.is_digital and _pieces(item)]
    packed = [(item, _pieces(item), item.back_ordered) for item in items]
    return _slip(order, home, sender, packed)


def slip_of_parcel(shipment: Shipment, home: str, sender: Seller) -> PackingSlip:
    """What lies in one parcel that has left, as when an order was sent in two."""
    packed = [(one.item, one.quantity, 0) for one in shipment.contents.select_related("item")]
    return _slip(shipment.order, home, sender, packed)


def _slip(
    order: Order, home: str, sender: Seller, packed: list[tuple[OrderItem, int, int]]
) -> PackingSlip:
    """Of lines with how many pieces are meant, and how many of these are owed."""
    grams = sum(item.weight * (pieces - owed) for item, pieces, owed in packed)
    return PackingSlip(
        order_number=order.number,
        order_day=timezone.localtime(order.created).date(),
        day=timezone.localdate(),
        language=order.language,
        seller=sender,
        recipient=tuple(addresses.lines(order, order.language, home)),
        lines=tuple(
            SlipLine(item.title, item.sku_code, pieces, item.options, owed)
            for item, pieces, owed in packed
        ),
        shipping_name=order.shipping_name,
        weight=grams / GRAMS or None,
        note=order.message,
    )


def _pieces(item: OrderItem) -> int:
    return item.quantity - item.restocked


def packing_slip(things: Iterable[Order | Shipment]) -> bytes:
    """One PDF of the slips of all these orders or parcels, each beginning on a page of its own."""
    # As for invoices: most processes never print one.
    from orders.documents.paper import print_letters

    rules = OrderSettings.load()
    # It takes templates and queries, and is the same on all of them.
    sender = seller(rules)
    home = str(rules.home_country)
    slips = [
        slip_of_parcel(thing, home, sender)
        if isinstance(thing, Shipment)
        else slip(thing, home, sender)
        for thing in things
    ]
    if len(slips) == 1:
        language, title = slips[0].language, slip_letter(slips[0]).title
    else:
        language = _language(slips)
        with translation.override(settings.LANGUAGE_CODE):
            title = _("Packing slips")
    return print_letters([slip_letter(each) for each in slips], language, title)


def _language(slips: list[PackingSlip]) -> str:
    """Whose Chinese characters all slips share: Chinese before Korean, which seldom has any."""
    from orders.documents.fonts import ORDER_BY_LANGUAGE

    languages = [each.language for each in slips]
    writing = [one for one in languages if one in ORDER_BY_LANGUAGE and one != "ko"]
    return (writing or languages)[0]
