"""SKUs, stock and prices for the rows of an export, read for many products at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q

from catalog.importing import ledger, own_skus, times
from catalog.importing.drafts import PriceWindow
from catalog.models import Price, Sku, Stock
from catalog.money import DECIMAL_PLACES, quantize


@dataclass
class Facts:
    """What is sold of some products, by product, and what the ledger says from now on, by SKU."""

    skus: dict[int, list[Sku]]
    prices: dict[int, dict[str, list[PriceWindow]]]
    with_cost: bool

    def row(self, sku: Sku, sources: Mapping[int, str]) -> dict[str, Any]:
        """The cells that speak of one SKU."""
        row: dict[str, Any] = {
            "sku": sku.code,
            "option1": sku.option1,
            "option2": sku.option2,
            "option3": sku.option3,
            "active": "yes" if sku.is_active else "no",
            "barcode": sku.barcode,
            "grams": sku.weight,
            "tax_class": sku.tax_class.name if sku.tax_class else "",
            "variant_picture": sources.get(sku.picture_id, ""),
            **self._price(sku),
        }
        if self.with_cost and sku.cost is not None:
            row["cost"] = _amount(sku.cost)
            row["currency"] = settings.SHOP_CURRENCY
        stock: Stock | None = getattr(sku, "stock", None)
        if stock is not None:
            sells_on = stock.when_sold_out == Stock.WhenSoldOut.SELL_ON
            row |= {
                "quantity": stock.on_hand,
                "quantity_before": stock.on_hand,
                "low_at": "" if stock.low_at is None else stock.low_at,
                "policy": own_skus.SELL_ON if sells_on else own_skus.STOP,
                "back_order_text": stock.back_order_text,
            }
        return row

    def _price(self, sku: Sku) -> dict[str, Any]:
        """What fits into one row: the lasting price, and one sale if there is but one."""
        row: dict[str, Any] = {}
        if (regular := self._lasting(sku)) is not None:
            row["price"] = _amount(regular.amount)
        if sale := self._only_sale(sku):
            row |= {"sale_price": _amount(sale.amount), **_times(sale)}
        if row:
            row["currency"] = settings.SHOP_CURRENCY
        return row

    def price_rows(self, sku: Sku) -> list[dict[str, Any]]:
        """The other entries of the ledger, which need rows of their own."""
        said = [self._lasting(sku), self._only_sale(sku)]
        rows = []
        for kind in ledger.KINDS:
            for entry in self.prices.get(sku.pk, {}).get(kind, []):
                if not any(entry is other for other in said):
                    column = "price" if kind == ledger.REGULAR else "sale_price"
                    amount = {} if entry.amount is None else {column: _amount(entry.amount)}
                    currency = {"currency": settings.SHOP_CURRENCY} if amount else {}
                    rows.append({"sku": sku.code, **amount, **currency, **_times(entry)})
        return rows

    def _lasting(self, sku: Sku) -> PriceWindow | None:
        regular = self.prices.get(sku.pk, {}).get(ledger.REGULAR, [])
        first = regular[0] if regular else None
        return first if first and first.start is None and first.end is None else None

    def _only_sale(self, sku: Sku) -> PriceWindow | None:
        sales = self.prices.get(sku.pk, {}).get(ledger.SALE, [])
        return sales[0] if len(sales) == 1 and sales[0].amount is not None else None


def of_products(products: Sequence[int], now: datetime, *, with_cost: bool) -> Facts:
    """Two queries whatever the number of products."""
    skus: dict[int, list[Sku]] = {}
    found = Sku.objects.filter(product__in=products).select_related("stock", "tax_class")
    for sku in found.order_by("position", "pk"):
        skus.setdefault(sku.product_id, []).append(sku)
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gt=now)
    entries: dict[int, list[Price]] = {}
    rows = Price.objects.standing().filter(
        lasting, sku__product__in=products, currency=settings.SHOP_CURRENCY
    )
    for price in rows.order_by("valid_from", "pk"):
        entries.setdefault(price.sku_id, []).append(price)
    prices = {
        sku: ledger.from_now_on(ledger.of_rows(prices), now) for sku, prices in entries.items()
    }
    return Facts(skus, prices, with_cost)


def _amount(amount: Decimal) -> Decimal | str:
    """With the decimals of the currency. If there are more, with a nought and as a text.

    Three decimals of a euro might be read as thousands, four cannot.
    """
    usual = quantize(amount, settings.SHOP_CURRENCY)
    return usual if usual == amount else f"{amount:.{DECIMAL_PLACES + 1}f}"


def _times(entry: PriceWindow) -> dict[str, str]:
    found = {"start": entry.start, "end": entry.end}
    return {name: times.written(moment) for name, moment in found.items() if moment}
