"""How wide a text is, in which lines it is set, and how it gets onto a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from orders.documents import fonts, outlines, wrapping
from orders.documents.pdf import POINT, Pdf

LEADING = 1.38
# Noto's capitals are 0.714 high: this puts them into the middle of their line.
BASELINE = LEADING / 2 + 0.357

# As in static/css/tokens.css.
INK, GREY, ACCENT = (33, 29, 24), (94, 86, 75), (168, 57, 26)
# What documents set besides the texts of a letter.
ALWAYS = "0123456789 …" + fonts.REPLACEMENT


@dataclass(frozen=True)
class Style:
    size: float
    is_bold: bool = False
    colour: tuple[int, int, int] = INK
    # In the font of titles, where it has the letters; elsewhere bold.
    is_title: bool = False

    @property
    def weight(self) -> str:
        return fonts.BOLD if self.is_bold or self.is_title else fonts.REGULAR

    @property
    def line_height(self) -> float:
        """In millimetres."""
        return self.size * POINT * LEADING


class Typesetter:
    """Sets texts in known fonts. A character is drawn with the first font that has it."""

    def __init__(self, shares: dict[str, str], titles: str) -> None:
        self._font_of = {
            character: name for name, characters in shares.items() for character in characters
        }
        self._titles = frozenset(titles)
        self._shares = {**shares, fonts.TITLE: titles}
        self._drawn: dict[tuple[str, str], Mapping[str, outlines.Glyph]] = {}

    def width(self, text: str, style: Style) -> float:
        """In millimetres."""
        each = (self._width(character, style) for character in text)
        return sum(each) * style.size * POINT

    def _font(self, character: str, style: Style) -> str:
        is_title = style.is_title and character in self._titles
        return fonts.TITLE if is_title else self._font_of[character]

    def _width(self, character: str, style: Style) -> float:
        """In ems."""
        name = self._font(character, style)
        face, font = outlines.face(name), (name, style.weight)
        if font not in self._drawn:
            # All that the texts need at once: opening a font costs more than drawing them.
            self._drawn[font] = face.glyphs(style.weight, self._shares[name])
        return self._drawn[font][character].advance / face.metrics(style.weight).units

    def natural(self, text: str, style: Style) -> float:
        """The width of a text as it will be shown, on one line."""
        return self.width(self.shown(text), style)

    def shown(self, text: str) -> str:
        return fonts.readable(fonts.plain(text), self._font_of.keys())

    def lines(self, text: str, width: float, style: Style, most: int | None = None) -> list[str]:
        """The text as lines no wider than the width in millimetres, in characters we can show."""
        return wrapping.wrap(self.shown(text), width, lambda part: self.width(part, style), most)

    def paragraphs(self, text: str, width: float, style: Style, most: int) -> list[str]:
        """The same for a text whose line breaks are meant."""
        parts = [self.lines(part, width, style) for part in text.splitlines()]
        return [line for part in parts for line in part][:most]

    def put(self, pdf: Pdf, x: float, y: float, line: str, style: Style) -> None:
        """Draw one line whose upper left corner is given."""
        pdf.fill(style.colour)
        baseline = y + BASELINE * style.size * POINT
        for name, characters in groupby(line, lambda character: self._font(character, style)):
            run = "".join(characters)
            pdf.text(x, baseline, run, (name, style.weight), style.size)
            x += self.width(run, style)


def typesetter(language: str, texts: Iterable[str]) -> Typesetter:
    """A typesetter for these texts, which may go onto any number of PDFs."""
    shares = fonts.shared_out(language, [*map(fonts.plain, texts), ALWAYS])
    return Typesetter(shares, fonts.titles(shares))
