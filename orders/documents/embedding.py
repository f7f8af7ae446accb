"""What a PDF says of a font that it embeds: its glyphs, their widths and their characters."""

from orders.documents import truetype
from orders.documents.outlines import Face, Glyph

# Readers take no more of them in one block.
MOST_IN_A_BLOCK = 100
SYMBOLIC, BOLD = 4, 1 << 18
TO_UNICODE = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{blocks}endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


class Font:
    """The part of a font that one PDF uses. A character's code is the number of its glyph."""

    def __init__(self, face: Face, style: str) -> None:
        self._face, self._style = face, style
        self._metrics = face.metrics(style)
        self._codes: dict[str, int] = {}
        self._glyphs: list[Glyph] = [face.unknown(style)]

    @property
    def name(self) -> str:
        return self._metrics.name

    def codes(self, text: str) -> str:
        """The text as hexadecimal codes; KeyError for what the font does not cover."""
        missing = [one for one in dict.fromkeys(text) if one not in self._codes]
        if missing:
            known = self._face.glyphs(self._style, missing)
            for one in missing:
                self._codes[one] = len(self._glyphs)
                self._glyphs.append(known[one])
        return "".join(f"{self._codes[one]:04X}" for one in text)

    def program(self) -> bytes:
        """The file of the font, with no other glyphs."""
        return truetype.font(self._metrics, self._glyphs)

    def widths(self) -> str:
        widths = " ".join(str(self._thousandths(glyph.advance)) for glyph in self._glyphs)
        return f"/DW {self._thousandths(self._glyphs[0].advance)} /W [0 [{widths}]]"

    def description(self) -> str:
        metrics = self._metrics
        box = " ".join(str(self._thousandths(edge)) for edge in metrics.box)
        flags = SYMBOLIC | (BOLD if metrics.weight >= 600 else 0)
        stem = round(50 + (metrics.weight / 65) ** 2)
        return (
            f"/Flags {flags} /FontBBox [{box}] /ItalicAngle 0 /StemV {stem} "
            f"/Ascent {self._thousandths(metrics.ascent)} "
            f"/Descent {self._thousandths(metrics.descent)} "
            f"/CapHeight {self._thousandths(metrics.capitals)}"
        )

    def to_unicode(self) -> str:
        """Which character each code stands for, for whoever searches and copies."""
        pairs = [
            f"<{code:04X}> <{one.encode('utf-16-be').hex().upper()}>\n"
            for one, code in self._codes.items()
        ]
        blocks = [
            pairs[start : start + MOST_IN_A_BLOCK]
            for start in range(0, len(pairs), MOST_IN_A_BLOCK)
        ]
        return TO_UNICODE.format(
            blocks="".join(
                f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks
            )
        )

    def _thousandths(self, length: int) -> int:
        """Of an em, as PDF counts."""
        return round(1000 * length / self._metrics.units)
