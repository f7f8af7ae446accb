"""Tax rates from a table of WooCommerce: what this shop can hold of it, and what it cannot."""

import csv
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import StringIO

from django.db import transaction
from django.utils.translation import gettext as _
from django_countries import countries

from catalog.models import TaxClass
from orders.models import TaxRate

COUNTRY, RATE, TAX_CLASS = "Country Code", "Rate %", "Tax Class"
# What makes a rate one for a part of a country.
PLACES = ("State Code", "ZIP/Postcode", "City")
PRIORITY = "Priority"
EVERYWHERE = {"", "*"}
# The digits of the column.
STEP = Decimal("0.001")
MOST_ROWS = 5_000
LONGEST_CLASS = 100


class UnreadableTableError(Exception):
    """It is no table of tax rates; the text says so."""


@dataclass(frozen=True)
class Row:
    """A rate for a whole country, as the table has it; no class is the standard."""

    line: int
    country: str
    rate: Decimal
    tax_class: str = ""


@dataclass(frozen=True)
class Refused:
    line: int
    text: str
    why: str


@dataclass
class Report:
    added: int = 0
    changed: int = 0
    same: int = 0
    refused: list[Refused] = field(default_factory=list)


def read(text: str) -> tuple[list[Row], list[Refused]]:
    """The rows that can be taken, and those that cannot, each with why. Pure."""
    rows: dict[tuple[str, str], Row] = {}
    refused = []
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff"), newline=""))
    try:
        if not {COUNTRY, RATE} <= set(reader.fieldnames or ()):
            raise UnreadableTableError(
                _("This is no table of tax rates: it has no columns “%(country)s” and “%(rate)s”.")
                % {"country": COUNTRY, "rate": RATE}
            )
        for number, values in enumerate(reader):
            if number == MOST_ROWS:
                raise UnreadableTableError(_("The table has more than 5,000 rows."))
            row = _row(reader.line_num, values)
            if isinstance(row, Row) and (first := rows.setdefault(_key(row), row)) is not row:
                why = _("Line %(line)d says this already.") % {"line": first.line}
                row = Refused(row.line, _text(values), why)
            if isinstance(row, Refused):
                refused.append(row)
    except csv.Error as error:
        raise UnreadableTableError(_("This is no CSV file.")) from error
    return list(rows.values()), refused


def _row(line: int, values: dict[str, str | None]) -> Row | Refused:
    cells = {
        name: str(value or "").strip() for name, value in values.items() if isinstance(name, str)
    }
    country, name = cells[COUNTRY].upper(), _class_name(cells.get(TAX_CLASS, ""))
    try:
        rate = Decimal(cells[RATE])
    except InvalidOperation:
        rate = Decimal("NaN")
    why = ""
    if country not in countries.countries:
        why = _("There is no country “%(country)s”.") % {"country": cells[COUNTRY]}
    elif any(cells.get(place, "") not in EVERYWHERE for place in PLACES):
        why = _("It is for a part of the country only.")
    elif cells.get(PRIORITY, "") not in {"", "1"}:
        why = _("It comes on top of another rate.")
    elif not rate.is_finite() or not 0 <= rate <= 100:
        why = _("“%(rate)s” is no rate between 0 and 100.") % {"rate": cells[RATE]}
    elif rate != rate.quantize(STEP):
        why = _("A rate has no more than three digits after the point.")
    elif len(name) > LONGEST_CLASS or "\x00" in name:
        why = _("This cannot be the name of a tax class.")
    return Refused(line, _text(values), why) if why else Row(line, country, rate, name)


def _class_name(slug: str) -> str:
    """WooCommerce writes “reduced-rate” for what it shows as “Reduced rate”."""
    if slug.lower() == "standard":
        return ""
    return slug.replace("-", " ").capitalize() if slug == slug.lower() else slug


def _key(row: Row) -> tuple[str, str]:
    return row.country, row.tax_class.casefold()


def _text(values: dict[str, str | None]) -> str:
    """The row as it stood in the table, to be found again."""
    return ", ".join(str(value) for value in values.values() if value)[:200]


@transaction.atomic
def take(text: str) -> Report:
    """Write the rates of a table into the books; those of other countries and classes stay."""
    rows, refused = read(text)
    report = Report(refused=refused)
    classes = {tax_class.name.casefold(): tax_class for tax_class in TaxClass.objects.all()}
    known = {(str(rate.country), rate.tax_class_id): rate for rate in TaxRate.objects.all()}
    for row in rows:
        tax_class = None
        if row.tax_class:
            key = row.tax_class.casefold()
            if key not in classes:
                classes[key] = TaxClass.objects.create(name=row.tax_class)
            tax_class = classes[key]
        rate = known.get((row.country, tax_class.pk if tax_class else None))
        if rate is None:
            TaxRate.objects.create(country=row.country, tax_class=tax_class, rate=row.rate)
            report.added += 1
        elif rate.rate != row.rate:
            rate.rate = row.rate
            rate.save(update_fields=["rate"])
            report.changed += 1
        else:
            report.same += 1
    return report
