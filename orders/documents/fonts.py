"""The fonts of a document: which one shows which character. Noto Sans at two weights.

Titles are set in Fraunces, as in the shop, as far as it has the letters (``fraunces.ttf`` is its
weight 600 at an optical size of 40, under the SIL Open Font License, static/fonts/OFL.txt).

``cuts.py`` makes small ones of them.
"""

import unicodedata
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

from fontTools.ttLib import TTFont

REGULAR, BOLD = "", "B"
WEIGHTS = {REGULAR: 400, BOLD: 700}
# Shown for what no font can show: emoji, Arabic, Hebrew, Thai and other scripts.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Face:
    """A font file inside a package: a variable one, or one that has its weight.

    The alphabetic ones have few characters, of which a document uses many.
    """

    package: str
    file: str
    is_variable: bool = True
    is_alphabetic: bool = False

    def read(self) -> bytes:
        return files(self.package).joinpath(self.file).read_bytes()

    def open(self) -> TTFont:
        """The font, whose boxes and dates stay as they are when it is written."""
        font = TTFont(BytesIO(self.read()), lazy=True, recalcTimestamp=False, recalcBBoxes=False)
        # Names of our own: to read or find those of 30,000 glyphs takes half of the time.
        font.setGlyphOrder([".notdef", *map(str, range(1, font["maxp"].numGlyphs))])
        return font


TITLE = "title"
LATIN = "latin"
ASIAN = "justmytype_intl_cjk"
FACES = {
    TITLE: Face("orders.documents", "fraunces.ttf", is_variable=False),
    LATIN: Face(
        "justmytype_western_core",
        "fonts/ofl/notosans/NotoSans[wdth,wght].ttf",
        is_alphabetic=True,
    ),
    "kr": Face(ASIAN, "fonts/ofl/notosanskr/NotoSansKR[wght].ttf"),
    "sc": Face(ASIAN, "fonts/ofl/notosanssc/NotoSansSC[wght].ttf"),
    "tc": Face(ASIAN, "fonts/ofl/notosanstc/NotoSansTC[wght].ttf"),
    "jp": Face(ASIAN, "fonts/ofl/notosansjp/NotoSansJP[wght].ttf"),
}
# The same character is drawn differently in the five places that write it.
ORDER_BY_LANGUAGE = {
    "ko": ("kr", "sc", "tc", "jp"),
    "ja": ("jp", "sc", "tc", "kr"),
    "zh-hans": ("sc", "tc", "jp", "kr"),
    "zh-hant": ("tc", "sc", "jp", "kr"),
}
ORDER_BY_LANGUAGE |= {"zh": ORDER_BY_LANGUAGE["zh-hans"], "zh-cn": ORDER_BY_LANGUAGE["zh-hans"]}
ORDER_BY_LANGUAGE |= dict.fromkeys(("zh-tw", "zh-hk"), ORDER_BY_LANGUAGE["zh-hant"])


def order_of(language: str, characters: set[str]) -> tuple[str, ...]:
    """Which fonts to ask for a glyph, the first first.

    Where the language writes no Chinese characters, the scripts beside them say whose they are.
    """
    known = ORDER_BY_LANGUAGE.get(language.lower())
    if known is None:
        kana = any("\u3041" <= character <= "\u30ff" for character in characters)
        hangul = any("\uac00" <= character <= "\ud7a3" for character in characters)
        known = ORDER_BY_LANGUAGE["ja" if kana else "ko" if hangul else "zh-hans"]
    return (LATIN, *known)


@cache
def coverage(name: str) -> frozenset[int]:
    """The code points that a font can show."""
    with FACES[name].open() as font:
        return frozenset(font.getBestCmap())


def shared_out(language: str, texts: Iterable[str]) -> dict[str, str]:
    """The characters of the texts, by the font that shows them; what none can show is left out."""
    left = set().union(*texts)
    shares = {}
    for name in order_of(language, left):
        if not left:
            break
        shown = {character for character in left if ord(character) in coverage(name)}
        if shown or name == LATIN:
            shares[name] = "".join(sorted(shown))
        left -= shown
    return shares


def titles(shares: dict[str, str]) -> str:
    """The characters among the shares that titles can have in their own font."""
    return "".join(
        sorted(
            character
            for characters in shares.values()
            for character in characters
            if ord(character) in coverage(TITLE)
        )
    )


# Controls, lone surrogates, and marks that have no form without the letter below them.
UNWRITTEN = {"Cc", "Cf", "Cs", "Mn", "Me"}


def readable(text: str, shown: Container[str]) -> str:
    """The text with a mark for each character that the fonts do not show.

    Marks and controls without a glyph have no place of their own and simply go.
    """
    if all(character in shown for character in text):
        return text
    return "".join(
        character if character in shown else REPLACEMENT
        for character in text
        if character in shown or unicodedata.category(character) not in UNWRITTEN
    )


def plain(text: str) -> str:
    """Letters composed with their accents, one line, no control characters, no direction marks."""
    composed = unicodedata.normalize("NFC", text)
    # Also a space for every kind of line break, so that no word runs into the next.
    spaced = " ".join(composed.split())
    if spaced.isprintable():
        return spaced
    return "".join(
        character
        for character in spaced
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )
