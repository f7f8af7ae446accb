"""Small static fonts for documents, cut out of the large ones and kept in this process.

The fonts that come with the packages are variable and large (48 MB for Chinese, Japanese and
Korean). To open one, cut a document's glyphs out and fix its two weights takes an eighth to a
quarter of a second; the other way round takes minutes. A shop writes the same letters again and
again, so that what was cut is kept in memory, and cut anew when a document needs another letter.
"""

import logging
from collections.abc import Iterable, Mapping
from io import BytesIO
from threading import Lock

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from orders.documents import fonts

# Cut out of an alphabet with the first letters.
COMMON = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100)))) | {*"–—‘’‚“”„•…€₩"}
# Letters of one alphabet stand together: with one of them, all in its row are soon needed.
ROW = 128
# With more, what was cut is forgotten and begun anew. Each character costs a new cut a
# millisecond, and names in Asian scripts nearly always have one that was not there before.
MOST_LETTERS, MOST_IDEOGRAPHS = 1_000, 300
# For shaping and for vertical lines, of which we do neither, and to cut them takes half of the
# time; and OS/2, which would tell which other letters were cut, with what changes it by weight.
NEEDLESS_TABLES = {
    *("BASE", "GDEF", "GPOS", "GSUB", "HVAR", "MVAR", "OS/2", "STAT", "VORG", "VVAR"),
    *("vhea", "vmtx"),
}
# Numbers in the table of names.
POSTSCRIPT_NAME, WINDOWS_ENGLISH = 6, (3, 1, 0x409)
# fontTools tells of each table that it drops.
logging.getLogger("fontTools").setLevel(logging.WARNING)


class Cut:
    """A font at each of its weights, with the characters that have been asked for."""

    def __init__(self, name: str) -> None:
        self._name, self._face = name, fonts.FACES[name]
        self._lock = Lock()
        self._shown: frozenset[str] = frozenset()
        self._files: dict[str, bytes] = {}

    def files(self, characters: Iterable[str]) -> Mapping[str, bytes]:
        """Font files by weight, with these and with other characters, all of which are covered."""
        wanted = frozenset(characters)
        with self._lock:
            if not self._files or not wanted <= self._shown:
                self._cut(wanted)
            # Whoever was given the old ones keeps them.
            return self._files

    def _cut(self, wanted: frozenset[str]) -> None:
        most = MOST_LETTERS if self._face.is_alphabetic else MOST_IDEOGRAPHS
        added = self._with_its_rows(wanted | COMMON) if self._face.is_alphabetic else wanted
        union = self._shown | added
        shown = union if len(union) <= most else added
        small = _subset(self._face, shown)
        self._files = {style: _instance(small, weight) for style, weight in fonts.WEIGHTS.items()}
        self._shown = shown

    def _with_its_rows(self, characters: frozenset[str]) -> frozenset[str]:
        rows = {ord(one) // ROW for one in characters - COMMON}
        neighbours = {chr(code) for row in rows for code in range(row * ROW, (row + 1) * ROW)}
        covered = fonts.coverage(self._name)
        return frozenset(one for one in characters | neighbours if ord(one) in covered)


# Shared by all documents of this process.
CUTS = {name: Cut(name) for name, face in fonts.FACES.items() if face.is_variable}


def files(name: str, characters: Iterable[str]) -> Mapping[str, bytes]:
    """The files of a font by weight, for a document with these characters in it."""
    if name in CUTS:
        return CUTS[name].files(characters)
    return {fonts.BOLD: fonts.FACES[name].read()}


def _subset(face: fonts.Face, characters: Iterable[str]) -> bytes:
    options = Options()
    options.hinting = False
    options.notdef_outline = True
    # The first four of the font. Those of a cut are in each PDF that embeds it, and must not be
    # letters of somebody else's name.
    options.recommended_glyphs = True
    options.name_IDs = [POSTSCRIPT_NAME]
    with face.open() as font:
        for table in NEEDLESS_TABLES & set(font.keys()):
            del font[table]
        subsetter = Subsetter(options)
        # A font without a space would take its first glyph for one.
        subsetter.populate(text="".join(characters) + " " + fonts.REPLACEMENT)
        subsetter.subset(font)
        return _bytes(font)


def _instance(small: bytes, weight: int) -> bytes:
    with TTFont(BytesIO(small), recalcTimestamp=False, recalcBBoxes=False) as font:
        limits = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
        instantiateVariableFont(font, limits | {"wght": weight}, inplace=True)
        # Fonts of one name would be one within a PDF.
        family = font["name"].getDebugName(POSTSCRIPT_NAME).partition("-")[0]
        font["name"].setName(f"{family}-{weight}", POSTSCRIPT_NAME, *WINDOWS_ENGLISH)
        return _bytes(font)


def _bytes(font: TTFont) -> bytes:
    written = BytesIO()
    font.save(written)
    return written.getvalue()
