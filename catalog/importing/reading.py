"""What the readers of all formats share: cells to values, and what is said of bad ones. Pure."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TypeVar

from . import values
from .drafts import Draft, Variant
from .report import UNEXPECTED, Report, shortened
from .rows import Row, Table

logger = logging.getLogger(__name__)
T = TypeVar("T")
OPTIONS = ("option1", "option2", "option3")
# As many as Shopify allows; a shop with more on one product has a broken file.
MOST_TAGS = 250
ZERO_PRICE = "With a price of zero nothing is sold: the SKU was imported without a price"


class BadCellError(Exception):
    def __init__(self, row: Row, column: str, reason: str) -> None:
        super().__init__(reason)
        self.row, self.column, self.reason = row, column, reason


class Reader:
    """Reads one file; a format's own reader adds what its rows mean."""

    def __init__(self, table: Table, report: Report, currency: str) -> None:
        self.table = table
        self.report = report
        self.currency = currency
        # For each SKU code in the file, the line that has it.
        self.codes: dict[str, int] = {}

    def drafts(
        self,
        products: Mapping[str, list[Row]],
        understood: Callable[[str, list[Row]], Draft | None],
    ) -> Iterator[Draft]:
        """A draft for each product whose rows were understood; the others count as skipped."""
        for key, rows in products.items():
            draft = None
            try:
                draft = understood(key, rows)
            except BadCellError as error:
                self.bad(error)
            except Exception:
                # A mistake of the importer: one product is not worth the others.
                logger.exception("Line %d, %s: the rows could not be read", rows[0].line, key)
                self.report.bad_row(rows[0].line, "", UNEXPECTED)
            if draft is None:
                self.report.outcomes["skipped"] += 1
            else:
                yield draft

    def has(self, column: str) -> bool:
        return column in self.table.columns

    def read(self, row: Row, column: str, parse: Callable[[str], T]) -> T | None:
        """The cell's value; None where it is empty, for an empty cell says nothing."""
        text = row[column]
        return self.checked(row, column, text, parse) if text else None

    def checked(self, row: Row, column: str, text: str, parse: Callable[[str], T]) -> T:
        """A part of a cell as a value; a bad one is a bad cell."""
        try:
            return parse(text)
        except ValueError as error:
            raise BadCellError(row, column, str(error)) from error

    def lenient(self, row: Row, column: str, parse: Callable[[str], T]) -> T | None:
        """The same for what a row can do without: a bad cell is reported, the row is used."""
        try:
            return self.read(row, column, parse)
        except BadCellError as error:
            self.bad(error)
            return None

    def line(self, row: Row, column: str) -> str | None:
        return self.read(row, column, values.line_of_text)

    def money(self, row: Row, column: str) -> Decimal | None:
        found = self.read(row, column, lambda text: values.money(text, self.currency))
        if found is None:
            return None
        amount, sign = found
        if sign:
            self.report.note(f'Prices written with "{sign}" were read as {self.currency}', row.line)
        return amount

    def cost(self, row: Row) -> Decimal | None:
        """What the merchant pays; of no use in another currency, but no reason to do without."""
        found = self.lenient(row, "cost", lambda text: values.cost(text, self.currency))
        return found and found[0]

    def quantity(self, row: Row, column: str = "quantity") -> int | None:
        quantity = self.read(row, column, values.whole)
        if quantity is not None and quantity < 0:
            self.report.note("A quantity below zero was imported as 0", row.line)
            return 0
        return quantity

    def tags(self, row: Row, parse: Callable[[str], list[str]]) -> list[str] | None:
        tags = self.read(row, "tags", parse)
        if tags and len(tags) > MOST_TAGS:
            rest = shortened([values.quoted(tag) for tag in tags[MOST_TAGS:]])
            self.report.note(f"Tags beyond the first {MOST_TAGS} were left out ({rest})", row.line)
        return tags and tags[:MOST_TAGS]

    def add_variants(
        self, draft: Draft, rows: Iterable[Row], read: Callable[[Row], Variant]
    ) -> bool:
        """Whether any row was understood; of those that were, some codes may be taken."""
        understood = False
        seen: dict[tuple[str, ...], int] = {}
        for row in rows:
            try:
                variant = read(row)
                understood = True
                self._claim(row, variant, seen)
            except BadCellError as error:
                self.bad(error)
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

    def bad(self, error: BadCellError) -> None:
        self.report.bad_row(error.row.line, self.table.name(error.column), f"{error.reason}.")
