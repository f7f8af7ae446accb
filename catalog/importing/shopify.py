"""Rows that share a handle become one draft of a product, as Shopify means them. Pure."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from . import values, words
from .report import UNEXPECTED, Report, shortened
from .rows import Row, Table

logger = logging.getLogger(__name__)
T = TypeVar("T")
OPTIONS = ("option1", "option2", "option3")
# How Shopify writes that a product has no options.
NO_OPTION = ("title", "default title")
# As many as Shopify allows; a shop with more on one product has a broken file.
MOST_TAGS = 250
ZERO_PRICE = "With a price of zero nothing is sold: the SKU was imported without a price"


@dataclass(frozen=True)
class Variant:
    """What one row says of a SKU; None where it says nothing."""

    line: int
    code: str
    options: tuple[str, str, str]
    barcode: str | None
    grams: int | None
    price: Decimal | None
    compare_at: Decimal | None
    quantity: int | None
    sells_on: bool | None
    picture: str


@dataclass(frozen=True)
class Picture:
    line: int
    source: str
    alt_text: str


@dataclass
class Draft:
    """What a file says of one product; None where it says nothing."""

    line: int
    handle: str
    title: str
    live: bool
    category: str
    body: str | None = None
    vendor: str | None = None
    tags: list[str] | None = None
    seo_title: str | None = None
    seo_description: str | None = None
    # Empty for a product without options, None where the file has no such columns.
    option_names: list[str] | None = None
    variants: list[Variant] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


class BadCellError(Exception):
    def __init__(self, row: Row, column: str, reason: str) -> None:
        super().__init__(reason)
        self.row, self.column, self.reason = row, column, reason


def drafts(table: Table, report: Report, currency: str) -> list[Draft]:
    """A draft for each handle that can be used; what cannot be goes to the report."""
    report.encoding, report.rows = table.encoding, len(table.rows) + len(table.refused)
    report.bad_rows += table.refused
    if "price" not in table.columns:
        report.remarks.append("The file has no prices: SKUs without one cannot be bought.")
    return list(_Reader(table, report, currency).drafts())


class _Reader:
    def __init__(self, table: Table, report: Report, currency: str) -> None:
        self.table = table
        self.report = report
        self.currency = currency
        # For each SKU code in the file, the line that has it.
        self.codes: dict[str, int] = {}

    def drafts(self) -> Iterator[Draft]:
        for handle, rows in self._by_handle().items():
            draft = None
            try:
                draft = self._understood(handle, rows)
            except BadCellError as error:
                self._bad(error)
            except Exception:
                # A mistake of the importer: one product is not worth the others.
                logger.exception("Line %d, %s: the rows could not be read", rows[0].line, handle)
                self.report.bad_row(rows[0].line, "", UNEXPECTED)
            if draft is None:
                self.report.outcomes["skipped"] += 1
            else:
                yield draft

    def _by_handle(self) -> dict[str, list[Row]]:
        products: dict[str, list[Row]] = {}
        for row in self.table.rows:
            try:
                handle = self._read(row, "handle", values.handle)
                if handle is None:
                    raise BadCellError(row, "handle", "is empty")
            except BadCellError as error:
                self._bad(error)
            else:
                products.setdefault(handle, []).append(row)
        return products

    def _understood(self, handle: str, rows: list[Row]) -> Draft | None:
        """The whole draft; None where not one of its rows was understood."""
        draft = self._draft(handle, rows)
        if not self._add_variants(draft, rows):
            return None
        self._add_pictures(draft, rows)
        return draft

    def _draft(self, handle: str, rows: list[Row]) -> Draft:
        row = next((row for row in rows if row["title"]), None)
        if row is None:
            raise BadCellError(rows[0], "title", f'is empty in every row of "{handle}"')
        title = self._read(row, "title", values.line_of_text)
        published = self._read(row, "published", values.flag)
        active = self._read(row, "status", values.is_active)
        return Draft(
            line=row.line,
            handle=handle,
            title=title or "",
            live=published is not False and active is not False,
            category=self._category(row),
            body=self._read(row, "body", words.clean),
            vendor=self._read(row, "vendor", values.line_of_text),
            tags=self._tags(row),
            seo_title=self._read(row, "seo_title", values.line_of_text),
            seo_description=self._read(row, "seo_description", str),
            option_names=self._option_names(rows),
        )

    def _category(self, row: Row) -> str:
        """The type, or else the last part of the taxonomy's path; empty where there is neither."""
        return (
            self._read(row, "type", values.line_of_text)
            or self._read(row, "category", values.end_of_path)
            or ""
        )

    def _tags(self, row: Row) -> list[str] | None:
        tags = self._read(row, "tags", values.tags)
        if tags and len(tags) > MOST_TAGS:
            rest = shortened([values.quoted(tag) for tag in tags[MOST_TAGS:]])
            self.report.note(f"Tags beyond the first {MOST_TAGS} were left out ({rest})", row.line)
        return tags and tags[:MOST_TAGS]

    def _option_names(self, rows: list[Row]) -> list[str] | None:
        if "option1" not in self.table.columns:
            return None
        names = []
        for number, column in enumerate(OPTIONS, start=1):
            used = any(value for row in rows if (value := _option(row, column)))
            named = (self._read(row, f"{column}_name", values.line_of_text) for row in rows)
            if used:
                names.append(next(filter(None, named), f"Option {number}"))
        return names

    def _add_variants(self, draft: Draft, rows: list[Row]) -> bool:
        """Whether any row was understood; of those that were, some codes may be taken."""
        understood = False
        seen: dict[tuple[str, ...], int] = {}
        for row in rows:
            if row is not rows[0] and not _is_variant(row):
                continue
            try:
                variant = self._variant(row)
                understood = True
                self._claim(row, variant, seen)
            except BadCellError as error:
                self._bad(error)
            else:
                draft.variants.append(variant)
        return understood

    def _claim(self, row: Row, variant: Variant, seen: dict[tuple[str, ...], int]) -> None:
        options = tuple(option.lower() for option in variant.options)
        if options in seen:
            reason = f"has the same values as line {seen[options]}, and the same handle"
            raise BadCellError(row, "option1", reason)
        code = variant.code.lower()
        if code in self.codes:
            reason = f"{values.quoted(variant.code)} is already the SKU of line {self.codes[code]}"
            raise BadCellError(row, "sku", reason)
        seen[options] = variant.line
        if code:
            self.codes[code] = variant.line

    def _variant(self, row: Row) -> Variant:
        options = [self._read(row, column, values.line_of_text) or "" for column in OPTIONS]
        return Variant(
            line=row.line,
            code=self._read(row, "sku", values.code) or "",
            options=("", "", "") if _has_no_options(row) else (options[0], options[1], options[2]),
            barcode=self._read(row, "barcode", values.barcode),
            grams=self._read(row, "grams", values.grams),
            sells_on=self._sells_on(row),
            quantity=self._quantity(row),
            compare_at=self._money(row, "compare_at"),
            price=self._price(row),
            picture=row["variant_image"],
        )

    def _price(self, row: Row) -> Decimal | None:
        price = self._money(row, "price")
        if price is None and "price" in self.table.columns:
            reason = "is empty: the SKU was imported without a price"
            self._bad(BadCellError(row, "price", reason))
        elif price == 0:
            self.report.note(ZERO_PRICE, row.line)
        return price or None

    def _money(self, row: Row, column: str) -> Decimal | None:
        found = self._read(row, column, lambda text: values.money(text, self.currency))
        if found is None:
            return None
        amount, sign = found
        if sign:
            self.report.note(f'Prices written with "{sign}" were read as {self.currency}', row.line)
        return amount

    def _quantity(self, row: Row) -> int | None:
        quantity = self._read(row, "quantity", values.whole)
        if quantity is not None and quantity < 0:
            self.report.note("A quantity below zero was imported as 0", row.line)
            return 0
        return quantity

    def _sells_on(self, row: Row) -> bool | None:
        said = self._read(row, "policy", values.sells_on)
        # What Shopify does not count it never runs out of.
        return True if not row["tracker"] and not row["quantity"] else said

    def _add_pictures(self, draft: Draft, rows: list[Row]) -> None:
        shown = [row for row in rows if row["image"]]
        shown.sort(key=lambda row: values.position(row["image_position"]))
        found: dict[str, Picture] = {}
        for row in shown:
            alt_text = " ".join(row["image_alt"].split())[:255]
            found.setdefault(row["image"], Picture(row.line, row["image"], alt_text))
        draft.pictures = list(found.values())

    def _read(self, row: Row, column: str, parse: Callable[[str], T]) -> T | None:
        """The cell's value; None where it is empty, for an empty cell says nothing."""
        text = row[column]
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as error:
            raise BadCellError(row, column, str(error)) from error

    def _bad(self, error: BadCellError) -> None:
        self.report.bad_row(error.row.line, self.table.name(error.column), f"{error.reason}.")


def _is_variant(row: Row) -> bool:
    """Whether a later row is a SKU; those with a picture alone are not."""
    return any(row[column] for column in (*OPTIONS, "sku", "price"))


def _has_no_options(row: Row) -> bool:
    return row["option1"].lower() in ("", NO_OPTION[1]) and not row["option2"]


def _option(row: Row, column: str) -> str:
    return "" if _has_no_options(row) else row[column]
