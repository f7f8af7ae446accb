"""How wide a text is, in which lines it is set, and how it gets onto a page."""

from collections.abc import Iterable
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
        self._widths: dict[tuple[bool, bool], dict[str, float]] = {}

    def width(self, text: str, style: Style) -> float:
        """In millimetres."""
        kind = style.is_title, style.is_bold
        if kind not in self._widths:
            self._widths[kind] = self._measured(style)
        widths = self._widths[kind]
        return sum([widths[character] for character in text]) * style.size * POINT

    def _measured(self, style: Style) -> dict[str, float]:
        """The width of each character in ems."""
        widths = {}
        font_of = {character: self._font(character, style) for character in self._font_of}
        for name in dict.fromkeys(font_of.values()):
            face = outlines.face(name)
            # All that the texts need at once: opening a font costs more than drawing them.
            glyphs = face.glyphs(style.weight, self._shares[name])
            units = face.metrics(style.weight).units
            widths |= {
                character: glyphs[character].advance / units
                for character, its_name in font_of.items()
                if its_name == name
            }
        return widths

    def _font(self, character: str, style: Style) -> str:
        is_title = style.is_title and character in self._titles
        return fonts.TITLE if is_title else self._font_of[character]

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
