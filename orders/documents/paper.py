"""Letters as PDF."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time

from orders.documents import fonts, letter, table
from orders.documents.layout import (
    INK,
    TINT,
    Box,
    Layout,
    Mark,
    Rule,
    Sheet,
    Text,
    feet,
    note,
    opening,
    sums,
)
from orders.documents.letter import Letter
from orders.documents.pdf import Pdf
from orders.documents.typesetting import Typesetter, typesetter


def print_letters(
    letters: Sequence[Letter], language: str, title: str, *, compress: bool = True
) -> bytes:
    """One PDF of all the letters, each with its own page numbers; the same for the same letters."""
    pdf = Pdf(
        title=fonts.plain(title),
        author=fonts.plain(letters[0].seller),
        language=language,
        created=datetime.combine(letters[0].day, time(), UTC),
        is_compressed=compress,
    )
    type_ = typesetter(language, letter.texts(tuple(letters)))
    for each in letters:
        draw(pdf, sheets(each, type_), type_)
    return pdf.to_bytes()


def sheets(letter_: Letter, type_: Typesetter) -> list[Sheet]:
    """The pages of a letter, still without a PDF."""
    layout = Layout(letter_, type_)
    opening(layout)
    table.table(layout)
    if letter_.sums:
        sums(layout)
    for entry in letter_.notes:
        note(layout, entry)
    feet(layout)
    return layout.sheets


def draw(pdf: Pdf, pages: Iterable[Sheet], type_: Typesetter) -> None:
    for sheet in pages:
        pdf.add_page()
        for mark in sheet.marks:
            _draw(pdf, mark, type_)


def _draw(pdf: Pdf, mark: Mark, type_: Typesetter) -> None:
    match mark:
        case Text(x, y, line, style):
            type_.put(pdf, x, y, line, style)
        case Rule(x, y, to, colour):
            pdf.line(x, y, to, 0.15, colour)
        case Box(x, y, width, height, is_tinted=True):
            pdf.ground(x, y, width, height, 1.5, TINT)
        case Box(x, y, width, height):
            pdf.frame(x, y, width, height, 0.2, INK)
