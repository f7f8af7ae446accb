"""A TrueType font of a few glyphs, as a PDF embeds it (ISO 32000-1, 9.9). Pure.

A PDF says itself which character is which glyph and what the font is called, so that only the
six tables are needed that outlines are drawn with.
"""

from collections.abc import Sequence
from itertools import accumulate
from struct import Struct, pack, unpack

from orders.documents.outlines import Glyph, Metrics

VERSION = 0x00010000
MAGIC = 0x5F0F3CF5
# The checksum of a whole font, less that of what it is made of.
CHECKSUM_OF_ALL = 0xB1B0AFBA
BOLD = 1
LONG_OFFSETS = 1
LEFT_TO_RIGHT = 2
LEAST_PIXELS = 9
# The first of January 2026, counted from 1904: the same letters are the same bytes.
MADE = 3_850_070_400

_HEAD = Struct(">IIIIHHqqhhhhHHhhh")
_LINES = Struct(">IhhhHhhhhhh8xhH")
_MOST = Struct(">I14H")
_ENTRY = Struct(">4sIII")


def font(metrics: Metrics, glyphs: Sequence[Glyph]) -> bytes:
    """The file of a font; the first glyph stands for what it does not know."""
    outlines = [_padded(glyph.outline) for glyph in glyphs]
    offsets = accumulate(map(len, outlines), initial=0)
    tables = {
        b"glyf": b"".join(outlines),
        b"head": _head(metrics, 0),
        b"hhea": _lines(metrics, glyphs),
        b"hmtx": b"".join(pack(">Hh", glyph.advance, glyph.left) for glyph in glyphs),
        b"loca": pack(f">{len(glyphs) + 1}I", *offsets),
        b"maxp": _most(glyphs),
    }
    missing = CHECKSUM_OF_ALL - _checksum(_file(tables))
    return _file(tables | {b"head": _head(metrics, missing % 2**32)}, tables)


def _file(tables: dict[bytes, bytes], summed: dict[bytes, bytes] | None = None) -> bytes:
    """All tables behind their directory, whose checksums are those of ``summed``."""
    number = len(tables)
    power = number.bit_length() - 1
    start = 12 + _ENTRY.size * number
    directory = [pack(">IHHHH", VERSION, number, 16 << power, power, 16 * number - (16 << power))]
    contents = []
    for tag, table in tables.items():
        checksum = _checksum((summed or tables)[tag])
        directory.append(_ENTRY.pack(tag, checksum, start, len(table)))
        contents.append(_padded(table))
        start += len(contents[-1])
    return b"".join(directory + contents)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _checksum(data: bytes) -> int:
    padded = _padded(data)
    return sum(unpack(f">{len(padded) // 4}I", padded)) % 2**32


def _head(metrics: Metrics, missing: int) -> bytes:
    style = BOLD if metrics.weight >= 700 else 0
    return _HEAD.pack(
        *(VERSION, VERSION, missing, MAGIC, 0, metrics.units),
        *(MADE, MADE),
        *metrics.box,
        *(style, LEAST_PIXELS, LEFT_TO_RIGHT, LONG_OFFSETS, 0),
    )


def _lines(metrics: Metrics, glyphs: Sequence[Glyph]) -> bytes:
    widest = max(glyph.advance for glyph in glyphs)
    left, _bottom, right, _top = metrics.box
    return _LINES.pack(
        *(VERSION, metrics.ascent, metrics.descent, 0),
        *(widest, left, 0, right),
        # Upright.
        *(1, 0, 0),
        *(0, len(glyphs)),
    )


def _most(glyphs: Sequence[Glyph]) -> bytes:
    points = max(glyph.points for glyph in glyphs)
    contours = max(glyph.contours for glyph in glyphs)
    # No glyph is made of others, and none has instructions.
    return _MOST.pack(VERSION, len(glyphs), points, contours, 0, 0, 1, *[0] * 8)
