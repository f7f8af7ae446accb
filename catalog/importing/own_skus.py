"""The shop's own format: what its rows say of SKUs, their prices and their stock. Pure."""

from dataclasses import replace
from decimal import Decimal

from . import times, values
from .drafts import PriceWindow, Variant
from .reading import OPTIONS, BadCellError, Reader
from .rows import Row

STOP, SELL_ON = "stop", "sell on"


class SkuReader(Reader):
    def option_names(self, row: Row, sold: list[Row]) -> list[str] | None:
        if not self.has("option1") and not self.has("option1_name"):
            return None
        names = [self.read(row, f"{column}_name", values.text) or "" for column in OPTIONS]
        used = [any(row[column] for row in sold) for column in OPTIONS]
        said = [bool(name) or is_used for name, is_used in zip(names, used, strict=True)]
        count = max((number for number, is_said in enumerate(said, start=1) if is_said), default=0)
        return [names[at] or f"Option {at + 1}" for at in range(count)]

    def windows(self, rows: list[Row], sold: list[Row]) -> dict[str, list[PriceWindow]]:
        """Ledger entries by the code of their SKU."""
        codes = {row["sku"].lower() for row in sold}
        found: dict[str, list[PriceWindow]] = {}
        for row in rows:
            try:
                if row["sku"].lower() not in codes:
                    raise BadCellError(row, "sku", "is none of the product's SKUs")
                kind = "regular" if row["price"] else "sale"
                amount = self._amount(row, "price" if row["price"] else "sale_price")
                window = self._window(row, kind, amount)
            except BadCellError as error:
                self.bad(error)
            else:
                found.setdefault(row["sku"].lower(), []).append(window)
        return found

    def _window(self, row: Row, kind: str, amount: Decimal | None) -> PriceWindow:
        start = self.read(row, "start", times.moment)
        end = self.read(row, "end", times.last_moment)
        if start and end and end <= start:
            raise BadCellError(row, "end", "is not after the moment at which it begins")
        return PriceWindow(row.line, kind, amount, start, end)

    def variant(self, row: Row, windows: dict[str, list[PriceWindow]]) -> Variant:
        first, second, third = (self.read(row, column, values.text) or "" for column in OPTIONS)
        code = self.read(row, "sku", values.code) or ""
        variant = Variant(
            line=row.line,
            code=code,
            options=(first, second, third),
            barcode=self.read(row, "barcode", lambda text: values.text(text, 64)),
            grams=self.read(row, "grams", values.grams),
            quantity=self.quantity(row),
            quantity_before=self.quantity(row, "quantity_before"),
            sells_on=self.read(row, "policy", _sells_on),
            picture=row["variant_picture"],
            cost=self._cost(row),
            tax_class=self.read(row, "tax_class", lambda text: values.text(text, 100)),
            low_at=self.quantity(row, "low_at"),
            back_order_text=self.read(row, "back_order_text", lambda text: values.text(text, 200)),
            on_sale=self.read(row, "active", values.flag),
        )
        return self._with_prices(row, variant, windows.get(code.lower(), []))

    def _with_prices(self, row: Row, variant: Variant, windows: list[PriceWindow]) -> Variant:
        regular, sale = self._amount(row, "price"), self._amount(row, "sale_price")
        if sale is None:
            return replace(variant, price=regular, windows=tuple(windows))
        window = self._window(row, "sale", sale)
        plain = window.start is None and window.end is None and not windows
        if plain and regular is not None and sale < regular:
            return replace(variant, price=sale, compare_at=regular)
        return replace(variant, price=regular, windows=(window, *windows))

    def _cost(self, row: Row) -> Decimal | None:
        self._check_currency(row, "cost")
        return self.cost(row)

    def _amount(self, row: Row, column: str) -> Decimal | None:
        self._check_currency(row, column)
        return self.money(row, column)

    def _check_currency(self, row: Row, column: str) -> None:
        if row[column] and row["currency"] and row["currency"].upper() != self.currency:
            raise BadCellError(row, "currency", f"is not {self.currency}, the shop's currency")


def _sells_on(text: str) -> bool:
    word = " ".join(text.casefold().replace("_", " ").split())
    return word == SELL_ON if word in (STOP, SELL_ON) else values.sells_on(text)
