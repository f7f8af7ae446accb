"""What a mail tells of an order, as values: read from the books, or invented for a preview."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cart.totals import Totals
from catalog.money import format_money
from orders import addresses
from orders.documents import wording
from orders.models import Order, OrderItem

from .filling import one_line


@dataclass(frozen=True)
class LineFacts:
    title: str
    sku_code: str
    quantity: int
    unit_price: Decimal
    amount: Decimal
    options: str = ""
    back_ordered: int = 0


@dataclass(frozen=True)
class ShipmentFacts:
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""


@dataclass(frozen=True)
class Row:
    """One line below the goods: what it is, and how much as a reader writes it."""

    label: str
    amount: str
    is_total: bool = False


@dataclass(frozen=True)
class OrderFacts:
    """An order as its mails tell of it. ``address`` and ``path`` are in the mail's language."""

    number: str
    name: str
    language: str
    currency: str
    created: datetime
    lines: Sequence[LineFacts]
    totals: Totals
    address: Sequence[str]
    path: str
    email: str = ""
    coupon_code: str = ""
    shipping_name: str = ""
    message: str = ""
    # Whether there is anything in it that goes somewhere.
    is_sent: bool = True

    def money(self, amount: Decimal) -> str:
        return format_money(amount, self.currency, self.language)

    @property
    def url(self) -> str:
        return settings.BASE_URL + self.path

    @property
    def total(self) -> str:
        return self.money(self.totals.grand_total)

    @cached_property
    def rows(self) -> list[Row]:
        """Goods, discount, shipping, tax and total, as ``cart.totals`` worked them out."""
        taxes = [Row(label, amount) for label, amount in self._taxes()]
        total = Row(_("Total"), self.total, is_total=True)
        above = [Row(label, amount) for label, amount in self._above_tax()]
        if self.totals.includes_tax:
            return [*above, total, *taxes]
        return [*above, *taxes, total]

    def _above_tax(self) -> Iterable[tuple[str, str]]:
        totals, shipping = self.totals, self.totals.shipping
        has_shipping = bool(self.shipping_name or shipping.amount)
        if totals.discount or has_shipping or not totals.includes_tax:
            yield _("Goods"), self.money(totals.goods)
        if totals.discount:
            yield _("Coupon %(code)s") % {"code": self.coupon_code}, self.money(-totals.discount)
        if has_shipping:
            left = shipping.amount - shipping.discount
            amount = self.money(left) if left else pgettext("of shipping", "free")
            yield self.shipping_name or _("Shipping"), amount

    def _taxes(self) -> Iterable[tuple[str, str]]:
        text = _("of which %(rate)s tax") if self.totals.includes_tax else _("%(rate)s tax")
        for share in self.totals.taxes:
            if share.rate:
                rate = wording.rate(share.rate, self.language)
                yield text % {"rate": rate}, self.money(share.tax)

    @property
    def words(self) -> dict[str, str]:
        """What may be filled into a text about the order (``kinds.ABOUT_ORDER``)."""
        return {
            "name": self.name,
            "number": self.number,
            "total": self.total,
            "date": date_format(self.created, "DATE_FORMAT"),
        }


def of(order: Order) -> OrderFacts:
    """What is told of the order, in the language that is active."""
    items = list(order.items.all())
    language = translation.get_language() or order.language
    return OrderFacts(
        number=order.number,
        name=one_line(order.name),
        email=order.email,
        language=language,
        currency=order.currency,
        created=order.created,
        lines=[_line(item) for item in items],
        totals=order.totals,
        address=[one_line(line) for line in addresses.lines(order, language)],
        path=order.get_absolute_url(),
        coupon_code=order.coupon_code,
        shipping_name=order.shipping_name,
        message=order.message,
        is_sent=not all(item.is_digital for item in items),
    )


def _line(item: OrderItem) -> LineFacts:
    return LineFacts(
        title=one_line(item.title),
        sku_code=item.sku_code,
        quantity=item.quantity,
        unit_price=item.unit_price,
        amount=item.total,
        options=one_line(item.options),
        back_ordered=item.back_ordered,
    )
