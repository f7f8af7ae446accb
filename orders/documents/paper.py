"""Letters as PDF."""

from collections.abc import Iterable, Sequence

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from orders.documents import embedding, fonts, letter, table
from orders.documents.layout import (
    HEIGHT,
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
from orders.documents.typesetting import BASELINE, POINT, Style, Typesetter

# Else ReportLab writes pages in letters, a quarter larger.
rl_config.useA85 = 0


def print_letters(
    letters: Sequence[Letter], language: str, title: str, *, compress: bool = True
) -> bytes:
    """One PDF of all the letters, each with its own page numbers; the same for the same letters."""
    type_ = Typesetter(language, letter.texts(tuple(letters)))
    pages = [sheet for each in letters for sheet in sheets(each, type_)]
    # All have been measured, so that no other font is needed.
    with embedding.registered(type_.embedded.values()):
        canvas = Canvas(
            filename="",
            pagesize=A4,
            pageCompression=int(compress),
            # Neither the time nor anything by chance gets into it.
            invariant=1,
            initialFontName=next(iter(type_.embedded.values())).fontName,
            pdfVersion=(1, 4),
            lang=language,
        )
        _name(canvas, letters[0], title)
        draw(canvas, pages, type_)
        return canvas.getpdfdata()


def _name(canvas: Canvas, first: Letter, title: str) -> None:
    seller = fonts.plain(first.seller)
    canvas.setTitle(fonts.plain(title))
    canvas.setAuthor(seller)
    canvas.setCreator(seller)
    canvas.setSubject("")
    canvas.setDateFormatter(lambda *_: f"D:{first.day:%Y%m%d}000000Z")


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


def draw(canvas: Canvas, pages: Iterable[Sheet], type_: Typesetter) -> None:
    for sheet in pages:
        for mark in sheet.marks:
            _draw(canvas, mark, type_)
        canvas.showPage()


def _draw(canvas: Canvas, mark: Mark, type_: Typesetter) -> None:
    match mark:
        case Text(x, y, line, style):
            _write(canvas, x, y + BASELINE * style.size * POINT, line, style, type_)
        case Rule(x, y, to, colour):
            canvas.setStrokeColor(_rgb(colour))
            canvas.setLineWidth(0.15 * mm)
            canvas.line(x * mm, _up(y), to * mm, _up(y))
        case Box(x, y, width, height, is_tinted=True):
            canvas.setFillColor(_rgb(TINT))
            corner = x * mm, _up(y + height)
            canvas.roundRect(*corner, width * mm, height * mm, 1.5 * mm, stroke=0, fill=1)
        case Box(x, y, width, height):
            canvas.setStrokeColor(_rgb(INK))
            canvas.setLineWidth(0.2 * mm)
            canvas.rect(x * mm, _up(y + height), width * mm, height * mm)


def _write(canvas: Canvas, x: float, y: float, line: str, style: Style, type_: Typesetter) -> None:
    text = canvas.beginText(x * mm, _up(y))
    text.setFillColor(_rgb(style.colour))
    for font, run in type_.runs(line, style):
        text.setFont(font.fontName, style.size)
        text.textOut(run)
    canvas.drawText(text)


def _up(y: float) -> float:
    """Points from the lower edge, as in a PDF, of millimetres from the upper one."""
    return (HEIGHT - y) * mm


def _rgb(colour: tuple[int, int, int]) -> tuple[float, ...]:
    return tuple(part / 255 for part in colour)
