"""Rows that share a handle become one draft of a product, as Shopify means them. Pure."""

import sys
from decimal import Decimal

from . import values, words
from .drafts import Contents, Draft, Picture, Variant
from .reading import OPTIONS, ZERO_PRICE, BadCellError, Reader
from .report import Report
from .rows import Row, Table

# How Shopify writes that a product has no options.
NO_OPTION = ("title", "default title")


def contents(table: Table, report: Report, currency: str) -> Contents:
    """A draft for each handle that can be used; what cannot be goes to the report."""
    if "price" not in table.columns:
        report.remarks.append("The file has no prices: SKUs without one cannot be bought.")
    reader = _Reader(table, report, currency)
    return Contents(list(reader.drafts(reader.by_handle(), reader.understood)))


class _Reader(Reader):
    def by_handle(self) -> dict[str, list[Row]]:
        products: dict[str, list[Row]] = {}
        for row in self.table.rows:
            try:
                handle = self.read(row, "handle", values.handle)
                if handle is None:
                    raise BadCellError(row, "handle", "is empty")
            except BadCellError as error:
                self.bad(error)
            else:
                products.setdefault(handle, []).append(row)
        return products

    def understood(self, handle: str, rows: list[Row]) -> Draft | None:
        """The whole draft; None where not one of its rows was understood."""
        draft = self._draft(handle, rows)
        variants = [row for row in rows if row is rows[0] or _is_variant(row)]
        if not self.add_variants(draft, variants, self._variant):
            return None
        self._add_pictures(draft, rows)
        return draft

    def _draft(self, handle: str, rows: list[Row]) -> Draft:
        row = next((row for row in rows if row["title"]), None)
        if row is None:
            raise BadCellError(rows[0], "title", f'is empty in every row of "{handle}"')
        title = self.line(row, "title")
        published = self.read(row, "published", values.flag)
        active = self.read(row, "status", values.is_active)
        return Draft(
            line=row.line,
            handle=handle,
            title=title or "",
            live=published is not False and active is not False,
            category=self._category(row),
            body=self.read(row, "body", words.clean),
            vendor=self.line(row, "vendor"),
            tags=self.tags(row, values.tags),
            seo_title=self.line(row, "seo_title"),
            seo_description=self.read(row, "seo_description", str),
            option_names=self._option_names(rows),
            is_digital=self._is_digital(rows),
        )

    def _category(self, row: Row) -> str:
        """The type, or else the last part of the taxonomy's path; empty where there is neither."""
        return self.line(row, "type") or self.read(row, "category", values.end_of_path) or ""

    def _is_digital(self, rows: list[Row]) -> bool | None:
        """Whether none of the variants is sent; None where the file does not say."""
        said = [self.lenient(row, "ships", values.flag) for row in rows]
        ships = [value for value in said if value is not None]
        return not any(ships) if ships else None

    def _option_names(self, rows: list[Row]) -> list[str] | None:
        if "option1" not in self.table.columns:
            return None
        names = []
        for number, column in enumerate(OPTIONS, start=1):
            used = any(value for row in rows if (value := _option(row, column)))
            named = (self.line(row, f"{column}_name") for row in rows)
            if used:
                names.append(next(filter(None, named), f"Option {number}"))
        return names

    def _variant(self, row: Row) -> Variant:
        options = [self.read(row, column, values.line_of_text) or "" for column in OPTIONS]
        return Variant(
            line=row.line,
            code=self.read(row, "sku", values.code) or "",
            options=("", "", "") if _has_no_options(row) else (options[0], options[1], options[2]),
            barcode=self.read(row, "barcode", values.barcode),
            grams=self.read(row, "grams", values.grams),
            sells_on=self._sells_on(row),
            quantity=self.quantity(row),
            compare_at=self.money(row, "compare_at"),
            price=self._price(row),
            # Most addresses stand in the file twice, or more often.
            picture=sys.intern(row["variant_image"]),
            cost=self.cost(row),
        )

    def _price(self, row: Row) -> Decimal | None:
        price = self.money(row, "price")
        if price is None and "price" in self.table.columns:
            reason = "is empty: the SKU was imported without a price"
            self.bad(BadCellError(row, "price", reason))
        elif price == 0:
            self.report.note(ZERO_PRICE, row.line)
        return price or None

    def _sells_on(self, row: Row) -> bool | None:
        said = self.read(row, "policy", values.sells_on)
        # What Shopify does not count it never runs out of.
        return True if not row["tracker"] and not row["quantity"] else said

    def _add_pictures(self, draft: Draft, rows: list[Row]) -> None:
        shown = [row for row in rows if row["image"]]
        shown.sort(key=lambda row: values.position(row["image_position"]))
        found: dict[str, Picture] = {}
        for row in shown:
            alt_text = " ".join(row["image_alt"].split())[:255]
            source = sys.intern(row["image"])
            found.setdefault(source, Picture(row.line, source, alt_text))
        draft.pictures = list(found.values())


def _is_variant(row: Row) -> bool:
    """Whether a later row is a SKU; those with a picture alone are not."""
    return any(row[column] for column in (*OPTIONS, "sku", "price"))


def _has_no_options(row: Row) -> bool:
    return row["option1"].lower() in ("", NO_OPTION[1]) and not row["option2"]


def _option(row: Row, column: str) -> str:
    return "" if _has_no_options(row) else row[column]
