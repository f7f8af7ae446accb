"""Letters as PDF."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time

from fpdf import FPDF

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
from orders.documents.typesetting import Typesetter, typesetter


def print_letters(
    letters: Sequence[Letter], language: str, title: str, *, compress: bool = True
) -> bytes:
    """One PDF of all the letters, each with its own page numbers; the same for the same letters."""
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_compression(compress)
    pdf.set_lang(language)
    pdf.set_title(fonts.plain(title))
    pdf.set_author(fonts.plain(letters[0].seller))
    pdf.set_creation_date(datetime.combine(letters[0].day, time(), UTC))
    with typesetter(pdf, language, letter.texts(tuple(letters))) as type_:
        for each in letters:
            draw(pdf, sheets(each, type_), type_)
        return bytes(pdf.output())


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


def draw(pdf: FPDF, pages: Iterable[Sheet], type_: Typesetter) -> None:
    for sheet in pages:
        pdf.add_page()
        for mark in sheet.marks:
            _draw(pdf, mark, type_)


def _draw(pdf: FPDF, mark: Mark, type_: Typesetter) -> None:
    match mark:
        case Text(x, y, line, style):
            type_.put(x, y, line, style)
        case Rule(x, y, to, colour):
            pdf.set_draw_color(*colour)
            pdf.set_line_width(0.15)
            pdf.line(x, y, to, y)
        case Box(x, y, width, height, is_tinted=True):
            pdf.set_fill_color(*TINT)
            pdf.rect(x, y, width, height, style="F", round_corners=True, corner_radius=1.5)
        case Box(x, y, width, height):
            pdf.set_draw_color(*INK)
            pdf.set_line_width(0.2)
            pdf.rect(x, y, width, height)
