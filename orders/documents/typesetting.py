"""How wide a text is, in which lines it is set, and how it gets onto a page."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF

from orders.documents import cuts, fonts, wrapping

POINT = 25.4 / 72
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
    """The fonts of one PDF. A character is drawn with the first font that has it."""

    def __init__(self, pdf: FPDF, shares: dict[str, str], titles: str, folder: Path) -> None:
        self._pdf = pdf
        self._font_of = {
            character: name for name, characters in shares.items() for character in characters
        }
        self._titles = frozenset(titles)
        self._shares, self._folder = shares, folder
        self._added: set[tuple[str, str]] = set()
        self._widths: dict[tuple[bool, bool], dict[str, float]] = {}

    def width(self, text: str, style: Style) -> float:
        """In millimetres."""
        widths = self._widths.setdefault((style.is_title, style.is_bold), {})
        for character in dict.fromkeys(text):
            if character not in widths:
                widths[character] = self._measured(character, style)
        return sum([widths[character] for character in text]) * style.size * POINT

    def _measured(self, character: str, style: Style) -> float:
        """The width of a character in ems."""
        self._set_font(self._font(character, style), style.weight, 100)
        return self._pdf.get_string_width(character) / (100 * POINT)

    def _font(self, character: str, style: Style) -> str:
        is_title = style.is_title and character in self._titles
        return fonts.TITLE if is_title else self._font_of[character]

    def _set_font(self, name: str, weight: str, size: float) -> None:
        if (name, weight) not in self._added:
            path = self._folder / f"{name}{weight}.ttf"
            path.write_bytes(cuts.files(name, self._shares.get(name, ""))[weight])
            self._pdf.add_font(name, weight, path)
            self._added.add((name, weight))
        self._pdf.set_font(name, weight, size)

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

    def put(self, x: float, y: float, line: str, style: Style) -> None:
        """Draw one line whose upper left corner is given."""
        self._pdf.set_text_color(*style.colour)
        baseline = y + BASELINE * style.size * POINT
        for name, characters in groupby(line, lambda character: self._font(character, style)):
            run = "".join(characters)
            self._set_font(name, style.weight, style.size)
            self._pdf.text(x, baseline, run)
            x += self.width(run, style)


@contextmanager
def typesetter(pdf: FPDF, language: str, texts: Iterable[str]) -> Iterator[Typesetter]:
    """A typesetter for these texts. The PDF has to be written before its fonts go."""
    shares = fonts.shared_out(language, [*map(fonts.plain, texts), ALWAYS])
    with TemporaryDirectory(prefix="fonts-") as folder:
        try:
            yield Typesetter(pdf, shares, fonts.titles(shares), Path(folder))
        finally:
            for font in pdf.fonts.values():
                font.ttfont.close()
