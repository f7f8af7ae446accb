"""Cells that no spreadsheet takes for a formula, and that can be read back as they were.

A text that begins with one of = + - @ is a formula to Excel, LibreOffice and Google Sheets,
and may read other cells or call programs; so may one after spaces, a tab or a line end
(OWASP, "CSV Injection"). An apostrophe before it makes it a text for all of them.
"""

import re
from typing import Any

from django.utils.encoding import force_str

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# With the apostrophes before it, so that one more can always be taken off again.
_FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠]|'*[\t\r\n]")
# What XML 1.0 cannot hold, and a line end that every reader of XML would change.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff]|[Ff]{3}[EeFf])_")


def safe(value: Any) -> Any:
    """The value for a cell: a text that might be a formula gets an apostrophe, all else stays.

    A number stays a number, also one that is written as a text and is below zero.
    ``as_written`` takes the apostrophe off again.
    """
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def as_written(text: str) -> str:
    """What a cell said before ``safe`` had it."""
    return text[1:] if text.startswith("'") and safe(text[1:]) != text[1:] else text


def in_xml(text: str) -> str:
    """Characters that an XLSX cannot hold, written as Excel writes them: ``_x000D_``."""
    return _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def from_xml(text: str) -> str:
    """The characters that ``in_xml`` or Excel wrote by their numbers."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def defuse(listing: Any) -> None:
    """Let no listing or report that is built on this class of Wagtail's export a formula.

    Wagtail's own, such as the history of the site, can be neither replaced nor told so, and
    the next one would be forgotten: what all of them share is changed, once, at the start.
    """
    written, heading = listing.preprocess_field_value, listing.get_heading

    def preprocess_field_value(self: Any, field: str, value: Any, export_format: str) -> Any:
        return _cell(written(self, field, value, export_format), export_format)

    def get_heading(self: Any, queryset: Any, field: str) -> str:
        return safe(heading(self, queryset, field))

    listing.preprocess_field_value = preprocess_field_value
    listing.get_heading = get_heading


def _cell(value: Any, export_format: str) -> Any:
    # A lazy translation or a model would become a text only after this.
    value = force_str(value, strings_only=True)
    if isinstance(value, str) and export_format == "xlsx":
        value = in_xml(value)
    return safe(value)
