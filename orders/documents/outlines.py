"""Glyphs at a weight, drawn straight from the font files and kept in this process.

The fonts that come with the packages are variable and large (48 MB for Chinese, Japanese and
Korean). Drawing the glyphs of a document at one weight takes a tenth of a second for a Latin font,
and twice as long for an Asian one, most of which is opening the file. A shop writes the same
letters again and again, so that a process draws each of them once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from threading import Lock

from fontTools.pens.filterPen import DecomposingFilterPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from orders.documents import fonts

# Two megabytes of Asian glyphs; with more, what was drawn is forgotten and begun anew.
MOST_KEPT = 5_000
# Drawn with the first ones of a font, so that the next names are already there.
COMMON = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100)))) + "–—‘’‚“”„•…€₩"
# "Contours may overlap": as they do in variable fonts.
OVERLAPS = 0x40
NOTDEF = ".notdef"
# For shaping and for vertical lines; widths at a weight stand in the outlines as well.
NEEDLESS_TABLES = {
    *("BASE", "GDEF", "GPOS", "GSUB", "HVAR", "STAT", "VORG", "VVAR", "vhea", "vmtx")
}


@dataclass(frozen=True, slots=True)
class Glyph:
    """``outline`` is its entry in a table ``glyf``; lengths are in units of the font."""

    advance: int
    left: int
    outline: bytes
    points: int
    contours: int


@dataclass(frozen=True)
class Metrics:
    """What a font says of all its glyphs, in its units, of which ``units`` are an em."""

    name: str
    units: int
    ascent: int
    descent: int
    capitals: int
    box: tuple[int, int, int, int]
    weight: int


class Face:
    """A font at each of its weights, with the glyphs that have been asked for."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = Lock()
        with _opened(name) as font:
            self._styles = {
                style: _Style(_metrics(font, name, style), _Pencil(font, name, style).glyph(NOTDEF))
                for style in (fonts.WEIGHTS if fonts.FACES[name].is_variable else (fonts.BOLD,))
            }

    def metrics(self, style: str) -> Metrics:
        return self._styles[style].metrics

    def unknown(self, style: str) -> Glyph:
        """What stands for a character that the font does not cover."""
        return self._styles[style].unknown

    def glyphs(self, style: str, characters: Iterable[str]) -> Mapping[str, Glyph]:
        """The glyphs of these and of other characters; KeyError for one that is not covered."""
        wanted = set(characters)
        with self._lock:
            known = self._styles[style].glyphs
            if missing := wanted - known.keys():
                if len(known) + len(missing) > MOST_KEPT:
                    missing = wanted
                    for each in self._styles.values():
                        # Whoever was given the old ones keeps them.
                        each.glyphs = {}
                self._draw(missing)
            return self._styles[style].glyphs

    def _draw(self, characters: set[str]) -> None:
        """At all weights: opening the file costs more than a second weight."""
        if not self._styles[fonts.BOLD].glyphs:
            characters |= {one for one in COMMON if ord(one) in fonts.coverage(self._name)}
        with _opened(self._name) as font:
            names = font.getBestCmap()
            for style, each in self._styles.items():
                pencil = _Pencil(font, self._name, style)
                each.glyphs |= {one: pencil.glyph(names[ord(one)]) for one in characters}


@dataclass
class _Style:
    metrics: Metrics
    unknown: Glyph
    glyphs: dict[str, Glyph] = field(default_factory=dict)


@cache
def face(name: str) -> Face:
    """A font, shared by all documents of this process."""
    return Face(name)


def _opened(name: str) -> TTFont:
    """A font file without what drawing one glyph after another does not need."""
    font = fonts.FACES[name].open()
    for table in NEEDLESS_TABLES & set(font.keys()):
        del font[table]
    # Names of our own: to read or find those of 30,000 glyphs takes half of the time.
    font.setGlyphOrder([NOTDEF, *map(str, range(1, font["maxp"].numGlyphs))])
    return font


class _Pencil:
    """Draws glyphs of an open font, each as one outline of its own, without hints."""

    def __init__(self, font: TTFont, name: str, style: str) -> None:
        is_variable = fonts.FACES[name].is_variable
        location = {"wght": fonts.WEIGHTS[style]} if is_variable else None
        self._glyphs = font.getGlyphSet(location=location)

    def glyph(self, name: str) -> Glyph:
        source = self._glyphs[name]
        pen = TTGlyphPen(None)
        # A letter with an accent is made of two glyphs in the font, and of one on paper.
        source.draw(DecomposingFilterPen(pen, self._glyphs))
        found, advance = pen.glyph(), round(source.width)
        if not found.numberOfContours:
            return Glyph(advance, 0, b"", 0, 0)
        found.flags[0] |= OVERLAPS
        outline = found.compile(None)
        return Glyph(advance, found.xMin, outline, len(found.flags), found.numberOfContours)


def _metrics(font: TTFont, name: str, style: str) -> Metrics:
    face, head, lines = fonts.FACES[name], font["head"], font["hhea"]
    return Metrics(
        name=f"{face.name}-{'Bold' if style == fonts.BOLD else 'Regular'}",
        units=head.unitsPerEm,
        ascent=lines.ascent,
        descent=lines.descent,
        capitals=font["OS/2"].sCapHeight,
        box=(head.xMin, head.yMin, head.xMax, head.yMax),
        weight=fonts.WEIGHTS[style],
    )
