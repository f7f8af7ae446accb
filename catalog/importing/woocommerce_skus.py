"""WooCommerce: what its rows say of SKUs, their options, prices and stock. Pure."""

import re
from dataclasses import replace
from decimal import Decimal

from . import times, values
from .drafts import PriceWindow, Variant
from .reading import ZERO_PRICE, BadCellError, Reader
from .rows import Row

ANY = "Variations for any value of an option: kept, without that option"
MOST_OPTIONS = 3


class SkuReader(Reader):
    def named_values(self, row: Row) -> list[tuple[str, str, str]]:
        """The row's attributes in their order: name, all that is said of it, and the column."""
        if self.has("handle"):
            return [
                (column.partition(":")[2], row[column], column)
                for column in self.table.columns
                if column.startswith("attribute:") and row[column]
            ]
        numbers = sorted(
            int(column.partition(":")[2])
            for column in self.table.columns
            if column.startswith("attribute_name:")
        )
        return [
            (name, row[f"attribute_values:{number}"], f"attribute_values:{number}")
            for number in numbers
            if (name := row[f"attribute_name:{number}"])
        ]

    def entries(self, text: str) -> list[str]:
        """Entries between commas, or bars in the older suite; a comma in one has a backslash."""
        if self.has("handle"):
            return [entry.strip() for entry in text.split("|") if entry.strip()]
        parts = re.split(r"(?<!\\),", text)
        return [entry for part in parts if (entry := part.replace("\\,", ",").strip())]

    def variant(self, row: Row, options: list[str]) -> Variant:
        first, second, third = self._chosen(row, options)
        unit = next((name for name in self.table.columns if name.startswith("weight:")), "")
        scale = unit.partition(":")[2].lower()
        variant = Variant(
            line=row.line,
            code=self.read(row, "sku", values.code) or "",
            options=(first, second, third),
            barcode=self.read(row, "barcode", values.barcode),
            grams=self.read(row, unit, lambda text: values.weight(text, scale)),
            quantity=self._stock(row),
            sells_on=self._sells_on(row),
            picture=next(iter(self.entries(row["images"])), "") if options else "",
            cost=self.cost(row),
            tax_class=self._tax_class(row),
            low_at=self.quantity(row, "low_at"),
            on_sale=None if not options else self.read(row, "published", _is_published),
        )
        return self._with_prices(row, variant)

    def _chosen(self, row: Row, options: list[str]) -> list[str]:
        """The values of the options, as many as a SKU has columns for."""
        said = {
            name.lower(): self.checked(row, column, text.replace("\\,", ","), values.line_of_text)
            for name, text, column in (self.named_values(row) if options else [])
        }
        chosen = [said.get(name.lower(), "") for name in options]
        if not all(chosen):
            self.report.note(ANY, row.line)
        return chosen + [""] * (MOST_OPTIONS - len(chosen))

    def _stock(self, row: Row) -> int | None:
        if row["manage_stock"].lower() == "no":
            return 0 if row["stock_status"].lower() == "outofstock" else None
        quantity = self.quantity(row)
        # Nothing is counted, and yet it is said to be sold out.
        return 0 if quantity is None and not self._is_in_stock(row) else quantity

    def _is_in_stock(self, row: Row) -> bool:
        if row["stock_status"]:
            return row["stock_status"].lower() != "outofstock"
        return self.read(row, "in_stock", _is_to_be_had) is not False

    def _sells_on(self, row: Row) -> bool:
        """Beyond what is counted; what WooCommerce does not count it never runs out of."""
        if row["backorders"].lower() == "notify":
            return True
        if self.read(row, "backorders", values.flag):
            return True
        is_counted = bool(row["quantity"]) and row["manage_stock"].lower() != "no"
        return not is_counted and self._is_in_stock(row)

    def _tax_class(self, row: Row) -> str | None:
        name = self.read(row, "tax_class", lambda text: values.line_of_text(text, 100))
        return None if name in (None, "standard", "parent") else name

    def _with_prices(self, row: Row, variant: Variant) -> Variant:
        regular, sale = self.money(row, "price"), self.money(row, "sale_price")
        start = self.read(row, "sale_start", times.moment)
        end = self.read(row, "sale_end", times.last_moment)
        if not regular:
            if regular == 0:
                self.report.note(ZERO_PRICE, row.line)
            else:
                reason = "is empty: the SKU was imported without a price"
                self.bad(BadCellError(row, "price", reason))
            return variant
        if not sale:
            return replace(variant, price=regular)
        if start is None and end is None:
            return replace(variant, price=_lower(sale, regular), compare_at=regular)
        if start and end and end <= start:
            raise BadCellError(row, "sale_end", "is not after the day on which the sale begins")
        window = PriceWindow(row.line, "sale", sale, start, end)
        return replace(variant, price=regular, windows=(window,))


def inheriting(variation: Row, parent: Row) -> Row:
    """A variation is taxed and weighed as its parent is, where it does not say otherwise."""
    inherited = {"tax_class", "low_at", *(name for name in parent.cells if "weight" in name)}
    cells = dict(variation.cells)
    for name in inherited:
        if cells.get(name, "") in ("", "parent"):
            cells[name] = parent[name]
    return Row(variation.line, cells)


def _is_published(text: str) -> bool:
    return text != "-1" and values.flag(text)


def _is_to_be_had(text: str) -> bool:
    return text.lower() == "backorder" or values.flag(text)


def _lower(sale: Decimal, regular: Decimal) -> Decimal:
    """A "sale" above the regular price is none."""
    return min(sale, regular)
