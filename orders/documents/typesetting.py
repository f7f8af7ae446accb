"""How wide a text is, in which lines it is set, and how it gets onto a page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from orders.documents import embedding, fonts, wrapping

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

    def __init__(self, language: str, texts: Iterable[str]) -> None:
        self._shares = fonts.shared_out(language, [*map(fonts.plain, texts), ALWAYS])
        self._font_of = {
            character: name for name, characters in self._shares.items() for character in characters
        }
        self._titles = frozenset(fonts.titles(self._shares))
        self._widths: dict[tuple[bool, bool], dict[str, float]] = {}
        self.embedded: dict[tuple[str, str], embedding.Font] = {}

    def width(self, text: str, style: Style) -> float:
        """In millimetres."""
        widths = self._widths.setdefault((style.is_title, style.is_bold), {})
        for character in dict.fromkeys(text):
            if character not in widths:
                widths[character] = self._measured(character, style)
        return sum([widths[character] for character in text]) * style.size * POINT

    def _measured(self, character: str, style: Style) -> float:
        """The width of a character in ems."""
        font = self._font(self._name(character, style), style.weight)
        return font.face.getCharWidth(ord(character)) / 1000

    def _name(self, character: str, style: Style) -> str:
        is_title = style.is_title and character in self._titles
        return fonts.TITLE if is_title else self._font_of[character]

    def _font(self, name: str, weight: str) -> embedding.Font:
        key = name, weight
        if key not in self.embedded:
            self.embedded[key] = embedding.font(name, weight, self._shares.get(name, ""))
        return self.embedded[key]

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

    def runs(self, line: str, style: Style) -> Iterator[tuple[embedding.Font, str]]:
        """The parts of a line that are in one font each."""
        for name, characters in groupby(line, lambda character: self._name(character, style)):
            yield self._font(name, style.weight), "".join(characters)
