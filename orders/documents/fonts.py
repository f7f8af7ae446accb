"""The fonts of a document: the glyphs it needs, cut out of Noto Sans at two weights.

Titles are set in Fraunces, as in the shop, as far as it has the letters (``fraunces.ttf`` is its
weight 600 at an optical size of 40, under the SIL Open Font License, static/fonts/OFL.txt).

The fonts that come with the packages are variable and large (48 MB for Chinese, Japanese and
Korean). Cutting the few glyphs of a document out first and fixing the weight afterwards takes
a tenth of a second for a Latin font and half a second for an Asian one; the other way round
takes minutes, so nothing has to be cached on disk.
"""

import logging
import unicodedata
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

REGULAR, BOLD = "", "B"
WEIGHTS = {REGULAR: 400, BOLD: 700}
# Shown for what no font can show: emoji, Arabic, Hebrew, Thai and other scripts.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# For shaping and for vertical lines; fpdf does neither, and to cut them takes half of the time.
NEEDLESS_TABLES = {
    *("BASE", "GDEF", "GPOS", "GSUB", "HVAR", "STAT", "VORG", "VVAR", "vhea", "vmtx")
}
# fontTools tells of each table that it drops.
logging.getLogger("fontTools").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Face:
    """A font file inside a package: a variable one, or one that has its weight."""

    package: str
    file: str
    is_variable: bool = True

    def open(self) -> TTFont:
        with files(self.package).joinpath(self.file).open("rb") as file:
            return TTFont(BytesIO(file.read()), lazy=True, recalcTimestamp=False)


TITLE = "title"
LATIN = "latin"
FACES = {
    TITLE: Face("orders.documents", "fraunces.ttf", is_variable=False),
    LATIN: Face("justmytype_western_core", "fonts/ofl/notosans/NotoSans[wdth,wght].ttf"),
    "kr": Face("justmytype_intl_cjk", "fonts/ofl/notosanskr/NotoSansKR[wght].ttf"),
    "sc": Face("justmytype_intl_cjk", "fonts/ofl/notosanssc/NotoSansSC[wght].ttf"),
    "tc": Face("justmytype_intl_cjk", "fonts/ofl/notosanstc/NotoSansTC[wght].ttf"),
    "jp": Face("justmytype_intl_cjk", "fonts/ofl/notosansjp/NotoSansJP[wght].ttf"),
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
    return frozenset(FACES[name].open().getBestCmap())


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
    return "".join(
        character
        for character in spaced
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )


@contextmanager
def font_files(shares: dict[str, str]) -> Iterator[dict[str, dict[str, Path]]]:
    """Small static fonts for the given characters, by font and weight, as long as they are used."""
    with TemporaryDirectory(prefix="fonts-") as folder:
        paths: dict[str, dict[str, Path]] = {}
        for name, characters in shares.items():
            small = _subset(FACES[name], characters)
            weights = WEIGHTS if FACES[name].is_variable else {BOLD: None}
            paths[name] = {
                style: _write(Path(folder, f"{name}{weight}.ttf"), small, weight)
                for style, weight in weights.items()
            }
        yield paths


def _subset(face: Face, characters: str) -> bytes:
    options = Options()
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [1, 2, 4, 6]
    font = face.open()
    for table in NEEDLESS_TABLES & set(font.keys()):
        del font[table]
    subsetter = Subsetter(options)
    # A font without a space would take its first glyph for one.
    subsetter.populate(text=characters + " " + REPLACEMENT)
    subsetter.subset(font)
    return _bytes(font)


def _write(path: Path, small: bytes, weight: int | None) -> Path:
    if weight is None:
        path.write_bytes(small)
        return path
    font = TTFont(BytesIO(small), recalcTimestamp=False)
    limits = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes} | {"wght": weight}
    instantiateVariableFont(font, limits, inplace=True)
    path.write_bytes(_bytes(font))
    return path


def _bytes(font: TTFont) -> bytes:
    written = BytesIO()
    font.save(written)
    return written.getvalue()
