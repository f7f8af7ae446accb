"""Orders as a file: one row for each order, or one for each of its lines, read piece by piece."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from catalog.money import quantize
from orders.models import Order, OrderItem

from .filters import gateway_labels

# Enough that a query is worth it, few enough for any memory and any database.
ORDERS_AT_ONCE = 500
# An XLSX is made as a whole while somebody waits.
MOST_IN_XLSX = 10_000

HEADINGS = {
    "number": gettext_lazy("Number"),
    "placed": gettext_lazy("Placed"),
    "state": gettext_lazy("State"),
    "money": gettext_lazy("Money"),
    "alert": gettext_lazy("Needs attention"),
    "customer": gettext_lazy("Customer"),
    "email": gettext_lazy("Email"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "company": gettext_lazy("Company"),
    "address": gettext_lazy("Address"),
    "address_2": gettext_lazy("Address, second line"),
    "postal_code": gettext_lazy("Postal code"),
    "city": gettext_lazy("City"),
    "region": gettext_lazy("State or province"),
    "country": gettext_lazy("Country"),
    "phone": gettext_lazy("Telephone"),
    "language": gettext_lazy("Language"),
    "pieces": gettext_lazy("Pieces"),
    "currency": gettext_lazy("Currency"),
    "goods": gettext_lazy("Goods"),
    "discount": gettext_lazy("Discount"),
    "coupon": gettext_lazy("Coupon"),
    "shipping": gettext_lazy("Shipping"),
    "shipping_method": gettext_lazy("Shipping method"),
    "net": gettext_lazy("Net"),
    "tax": gettext_lazy("Tax"),
    "total": gettext_lazy("Total"),
    "gateway": gettext_lazy("Gateway"),
    "paid_at": pgettext_lazy("moment of a payment", "Paid on"),
    "paid": gettext_lazy("Amount paid"),
    "refunded": gettext_lazy("Amount refunded"),
    "invoice": gettext_lazy("Invoice number"),
    "carrier": gettext_lazy("Carrier"),
    "tracking_number": gettext_lazy("Tracking number"),
    "message": gettext_lazy("Message to the shop"),
}
LINE_HEADINGS = {
    "number": gettext_lazy("Number"),
    "placed": gettext_lazy("Placed"),
    "state": gettext_lazy("State"),
    "money": gettext_lazy("Money"),
    "email": gettext_lazy("Email"),
    "country": gettext_lazy("Country"),
    "sku_code": gettext_lazy("SKU code"),
    "title": gettext_lazy("Title"),
    "options": gettext_lazy("Options"),
    "quantity": gettext_lazy("Quantity"),
    "back_ordered": gettext_lazy("On back order"),
    "restocked": gettext_lazy("Restocked"),
    "currency": gettext_lazy("Currency"),
    "unit_price": gettext_lazy("Unit price"),
    "amount": gettext_lazy("Line total"),
    "discount": gettext_lazy("Discount"),
    "net": gettext_lazy("Net"),
    "tax": gettext_lazy("Tax"),
    "tax_rate": gettext_lazy("Tax rate in percent"),
    "gross": gettext_lazy("Line total after discount, with tax"),
}


class Rows:
    """The rows of an export of these orders, in this order; ``lines`` for one row for each line."""

    model = Order

    def __init__(self, keys: Iterable[int], *, lines: bool = False) -> None:
        self.keys = list(keys)
        self.lines = lines
        # A CSV is read when the request, and its language, are over.
        self.language = translation.get_language()
        self.gateways = gateway_labels()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        keys = iter(self.keys)
        while some := list(islice(keys, ORDERS_AT_ONCE)):
            orders = Order.objects.select_related("invoice")
            found = orders.prefetch_related("items", "shipments").in_bulk(some)
            for order in (found[key] for key in some if key in found):
                yield from self._of(order)

    def _of(self, order: Order) -> list[dict[str, Any]]:
        # Not around a ``yield``: whoever reads the rows keeps a language of their own.
        with translation.override(self.language):
            if self.lines:
                return [_line(order, item) for item in order.items.all()]
            return [_order(order, self.gateways)]


def _order(order: Order, labels: dict[str, str]) -> dict[str, Any]:
    totals, items, shipments = order.totals, order.items.all(), list(order.shipments.all())
    invoice = getattr(order, "invoice", None)
    return {
        **_head(order),
        **{field: getattr(order, field) for field in Order.FIELDS if field != "country"},
        "alert": order.alert,
        "customer": str(_("Member") if order.user_id else _("Guest")),
        "language": order.language,
        "message": order.message,
        "pieces": sum(item.quantity for item in items),
        "goods": _amount(totals.goods, order),
        "discount": _amount(totals.discount + totals.shipping.discount, order),
        "coupon": order.coupon_code,
        "shipping": _amount(totals.shipping.amount, order),
        "shipping_method": order.shipping_name,
        "net": _amount(totals.net, order),
        "tax": _amount(totals.tax, order),
        "total": _amount(order.total, order),
        "gateway": labels.get(order.payment_method, order.payment_method),
        "paid_at": order.paid_at,
        "paid": _amount(order.amount_paid, order),
        "refunded": _amount(order.amount_refunded, order),
        "invoice": invoice.number if invoice else "",
        "carrier": ", ".join(one.carrier for one in shipments if one.carrier),
        "tracking_number": ", ".join(
            one.tracking_number for one in shipments if one.tracking_number
        ),
    }


def _line(order: Order, item: OrderItem) -> dict[str, Any]:
    line = item.totals
    return {
        **_head(order),
        "sku_code": item.sku_code,
        "title": item.title,
        "options": item.options,
        "quantity": item.quantity,
        "back_ordered": item.back_ordered,
        "restocked": item.restocked,
        "unit_price": _amount(item.unit_price, order),
        "amount": _amount(line.amount, order),
        "discount": _amount(line.discount, order),
        "net": _amount(line.net, order),
        "tax": _amount(line.tax, order),
        "tax_rate": item.tax_rate,
        "gross": _amount(line.gross, order),
    }


def _head(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "placed": order.created,
        "state": order.get_state_display(),
        "money": str(order.money.label),
        "email": order.email,
        "country": str(order.country),
        "currency": order.currency,
    }


def _amount(amount: Decimal, order: Order) -> Decimal:
    """With the decimals of its currency, whatever a database makes of them."""
    return quantize(amount, order.currency)


class Sheet(SpreadsheetExportMixin):
    """A file of orders or of their lines; a CSV goes out line by line."""

    def __init__(self, *, lines: bool = False) -> None:
        headings = LINE_HEADINGS if lines else HEADINGS
        # Written when the language of the request is over.
        self.export_headings = {name: str(heading) for name, heading in headings.items()}
        self.list_export = list(headings)
        self.export_filename = "order-lines" if lines else "orders"

    def to_row_dict(self, item: dict[str, Any]) -> dict[str, Any]:
        return {name: item[name] for name in self.list_export}


def too_long_for_xlsx(rows: Rows) -> str:
    """Why these are too many for an XLSX; empty where they are not."""
    if len(rows.keys) <= MOST_IN_XLSX:
        return ""
    sentence = _(
        "An XLSX holds up to %(most)s orders, and these are more. "
        "Narrow the listing down, or take the CSV, which has no limit."
    )
    return sentence % {"most": intcomma(MOST_IN_XLSX)}
