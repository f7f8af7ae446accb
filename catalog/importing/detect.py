"""Read a product file of any format, and say what is in it. Pure."""

from pathlib import Path

from . import formats, own, rows, shopify, woocommerce, xlsx
from .drafts import Contents
from .report import Report
from .rows import Table, UnusableFileError

ZIP = b"PK\x03\x04"
# What Excel wrote before 2007.
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
READERS = {
    formats.SHOPIFY.name: shopify.contents,
    formats.WOOCOMMERCE.name: woocommerce.contents,
    formats.WOOCOMMERCE_SUITE.name: woocommerce.contents,
    formats.OWN.name: own.contents,
}


def read(path: Path) -> Table:
    """The rows of a CSV or XLSX file; UnusableFileError says why it cannot be read."""
    try:
        with path.open("rb") as file:
            begin = file.read(4)
    except OSError as error:
        raise UnusableFileError(f"{path.name} cannot be read: {error.strerror}.") from error
    if begin == OLD_EXCEL:
        raise UnusableFileError(f"{path.name} is an old Excel file: save it as XLSX or CSV.")
    return xlsx.read(path) if begin == ZIP else rows.read(path)


def contents(table: Table, report: Report, currency: str) -> Contents:
    """What the rows say, in the shop's currency; what cannot be used goes to the report."""
    report.encoding, report.rows = table.encoding, len(table.rows) + len(table.refused)
    report.format = table.format.name
    report.bad_rows += table.refused
    return READERS[table.format.name](table, report, currency)
