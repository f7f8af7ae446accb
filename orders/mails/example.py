"""What a mail would look like: with the latest order, or with one invented in memory."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cart.totals import Line, Shipping, totals
from catalog.money import format_money, quantize
from orders import outbox
from orders.mails import about_orders, about_stock, facts, sending
from orders.mails.facts import LineFacts, OrderFacts, ShipmentFacts
from orders.mails.kinds import MailKind
from orders.mails.letters import Goods, Letter
from orders.models import BackInStock, Order

PRICE = Decimal("39.5")
RATE = Decimal(19)
PARCEL = ShipmentFacts("DHL", "00340434161094042557", "https://www.dhl.de/")


def letter(kind: MailKind, language: str, to: str, order: Order | None = None) -> Letter:
    """A mail of a kind to somebody who looks at it: about an order, or about an invented one."""
    with translation.override(language):
        if write := sending.example_of(kind):
            return write(language, to)
        if kind.slug == outbox.BACK_IN_STOCK:
            wish = BackInStock(email=to, language=language, key="example")
            return about_stock.letter_to_who_waits(_goods(), wish)
        if kind.slug == outbox.LOW_STOCK:
            return about_stock.letter_on_low_stock([_goods(is_low=True)], to)
        if order is None:
            return _about(kind, invented(), to, None)
        # What opens the order is its shopper's alone.
        told = replace(facts.of(order), language=language, path=_no_path())
        return _about(kind, told, to, order)


def latest_order() -> Order | None:
    return Order.objects.prefetch_related("items").first()


def _about(kind: MailKind, told: OrderFacts, to: str, order: Order | None) -> Letter:
    url = told.url
    if kind.is_for_merchant:
        url = about_orders.admin_url(order) if order else _orders_url()
    return Letter(
        kind=kind,
        language=told.language,
        to=to,
        words={**told.words, **_words(kind, told)},
        url=url,
        order=told,
        shipments=[PARCEL] if kind.slug == outbox.ORDER_SHIPPED else (),
        **_bank(kind, told, order),
    )


def _words(kind: MailKind, told: OrderFacts) -> dict[str, str]:
    """An example for each word that only some kinds have."""
    examples = {
        "reason": _("the reason that somebody wrote down"),
        "amount": told.total,
        **about_orders.shipment_words([PARCEL]),
    }
    return {word: example for word, example in examples.items() if word in kind.words}


def _bank(kind: MailKind, told: OrderFacts, order: Order | None) -> dict[str, Any]:
    if kind.slug != outbox.ORDER_PLACED or (order and not about_orders.is_bank_transfer(order)):
        return {}
    return {"bank": about_orders.bank_details(order or Order(number=told.number), told)}


def invented() -> OrderFacts:
    """An order that nobody placed, in the active language; nothing of it is in the books."""
    currency, language = settings.SHOP_CURRENCY, translation.get_language() or "en"
    price, shipping = quantize(PRICE, currency), quantize(PRICE / 8, currency)
    sums = totals([Line("DUNE-A2", price, 2, RATE)], currency, shipping=Shipping(shipping, RATE))
    order = Order(first_name="Ada", last_name="Lovelace", language=language)
    return OrderFacts(
        number="K7QF-2M9D",
        name=order.name,
        email="ada@example.com",
        language=language,
        currency=currency,
        created=datetime(2026, 4, 1, 12, tzinfo=UTC),
        lines=[LineFacts(_("Dune at dawn"), "DUNE-A2", 2, price, sums.lines[0].amount, "A2")],
        totals=sums,
        address=[order.name, "12 St James's Square", "London", "SW1Y 4JH"],
        path=_no_path(),
        shipping_name=_("Standard shipping"),
    )


def _goods(*, is_low: bool = False) -> Goods:
    return Goods(
        title=_("Dune at dawn"),
        variant="A2",
        code="DUNE-A2" if is_low else "",
        price="" if is_low else format_money(PRICE, settings.SHOP_CURRENCY),
        stock=about_stock.left(2) if is_low else "",
        url=settings.BASE_URL + "/",
    )


def _no_path() -> str:
    return reverse("orders:order", args=["example"])


def _orders_url() -> str:
    return settings.BASE_URL + reverse("shop_orders:index")
