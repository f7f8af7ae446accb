"""A PDF of pages with text, lines and boxes, in the subset of ISO 32000-1 that letters need.

Lengths are in millimetres from the upper left corner. Each font is embedded with the glyphs that
were set in it and with the characters they stand for, so that the text can be searched and copied.
The same calls give the same bytes.
"""

import zlib
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from orders.documents import embedding, outlines

POINT = 25.4 / 72
WIDTH, HEIGHT = 210.0, 297.0
HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
# How far the handles of a curve reach that is a quarter of a circle.
QUARTER = 0.5523

Colour = tuple[int, int, int]


class Pdf:
    """Sheets of A4, one after another; what is drawn goes onto the last of them."""

    def __init__(
        self,
        *,
        title: str,
        author: str,
        language: str,
        created: datetime,
        is_compressed: bool = True,
    ) -> None:
        self._title, self._author, self._language = title, author, language
        self._created = created
        self._is_compressed = is_compressed
        self._pages: list[list[str]] = []
        self._fonts: dict[tuple[str, str], embedding.Font] = {}

    def add_page(self) -> None:
        self._pages.append([])

    def text(self, x: float, y: float, text: str, font: tuple[str, str], size: float) -> None:
        """Set a text on the baseline ``y`` in a font at a weight, which has to cover all of it."""
        if font not in self._fonts:
            name, style = font
            self._fonts[font] = embedding.Font(outlines.face(name), style)
        number = list(self._fonts).index(font) + 1
        codes = self._fonts[font].codes(text)
        self._draw(f"BT /F{number} {_number(size)} Tf {_at(x, y)} Td <{codes}> Tj ET")

    def fill(self, colour: Colour) -> None:
        """The colour of the texts and boxes to come."""
        self._draw(f"{_colour(colour)} rg")

    def line(self, x: float, y: float, to: float, width: float, colour: Colour) -> None:
        """A horizontal line."""
        self._draw(f"{_pen(width, colour)} {_at(x, y)} m {_at(to, y)} l S")

    def frame(
        self, x: float, y: float, width: float, height: float, pen: float, colour: Colour
    ) -> None:
        """The outline of a box."""
        box = f"{_at(x, y + height)} {_length(width)} {_length(height)} re"
        self._draw(f"{_pen(pen, colour)} {box} S")

    def ground(
        self, x: float, y: float, width: float, height: float, radius: float, colour: Colour
    ) -> None:
        """A box of one colour with round corners."""
        self.fill(colour)
        right, bottom, handle = x + width, y + height, radius * (1 - QUARTER)
        corners = (
            # Where each curve begins, its two handles, and where it ends; then straight on.
            ((right - radius, y), (right - handle, y), (right, y + handle), (right, y + radius)),
            (
                *((right, bottom - radius), (right, bottom - handle)),
                *((right - handle, bottom), (right - radius, bottom)),
            ),
            (
                (x + radius, bottom),
                (x + handle, bottom),
                (x, bottom - handle),
                (x, bottom - radius),
            ),
            ((x, y + radius), (x, y + handle), (x + handle, y), (x + radius, y)),
        )
        parts = [
            f"{_at(*begin)} {'l' if index else 'm'} {' '.join(_at(*point) for point in curve)} c"
            for index, (begin, *curve) in enumerate(corners)
        ]
        self._draw(f"{' '.join(parts)} f")

    def _draw(self, operators: str) -> None:
        self._pages[-1].append(operators)

    def to_bytes(self) -> bytes:
        """The whole file."""
        file = _File(is_compressed=self._is_compressed)
        catalog, pages, about = file.reserved(), file.reserved(), file.reserved()
        fonts = " ".join(
            f"/F{number} {file.font(font)} 0 R"
            for number, font in enumerate(self._fonts.values(), start=1)
        )
        resources = file.add(f"<< /Font << {fonts} >> >>")
        kids = [self._page(file, pages, resources, marks) for marks in self._pages]
        language = f" /Lang {_string(self._language)}" if self._language else ""
        shown = "/ViewerPreferences << /DisplayDocTitle true >>"
        file.add(f"<< /Type /Catalog /Pages {pages} 0 R {shown}{language} >>", catalog)
        listed = " ".join(f"{kid} 0 R" for kid in kids)
        size = f"[0 0 {_length(WIDTH)} {_length(HEIGHT)}]"
        file.add(f"<< /Type /Pages /Kids [{listed}] /Count {len(kids)} /MediaBox {size} >>", pages)
        moment = f"(D:{self._created:%Y%m%d%H%M%S}Z)"
        file.add(
            f"<< /Title {_string(self._title)} /Author {_string(self._author)} "
            f"/CreationDate {moment} >>",
            about,
        )
        return file.to_bytes(catalog, about)

    def _page(self, file: "_File", pages: int, resources: int, marks: list[str]) -> int:
        contents = file.stream("\n".join(marks).encode("ascii"))
        return file.add(
            f"<< /Type /Page /Parent {pages} 0 R /Resources {resources} 0 R "
            f"/Contents {contents} 0 R >>"
        )


class _File:
    """The numbered objects of a PDF."""

    def __init__(self, *, is_compressed: bool) -> None:
        self._is_compressed = is_compressed
        self._objects: list[bytes] = []

    def reserved(self) -> int:
        """The number of an object that is added later."""
        self._objects.append(b"")
        return len(self._objects)

    def add(self, content: str | bytes, number: int | None = None) -> int:
        number = number or self.reserved()
        self._objects[number - 1] = content.encode("ascii") if isinstance(content, str) else content
        return number

    def stream(self, data: bytes, entries: str = "") -> int:
        if self._is_compressed:
            data, entries = zlib.compress(data), f"{entries} /Filter /FlateDecode"
        head = f"<< /Length {len(data)}{entries} >>\nstream\n".encode("ascii")
        return self.add(head + data + b"\nendstream")

    def font(self, font: embedding.Font) -> int:
        """A composite font whose codes are the numbers of its glyphs."""
        program = font.program()
        name = f"{_tag(program)}+{font.name}"
        written = self.stream(program, f" /Length1 {len(program)}")
        descriptor = self.add(
            f"<< /Type /FontDescriptor /FontName /{name} {font.description()} "
            f"/FontFile2 {written} 0 R >>"
        )
        system = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        descendant = self.add(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} {system} "
            f"/FontDescriptor {descriptor} 0 R /CIDToGIDMap /Identity {font.widths()} >>"
        )
        characters = self.stream(font.to_unicode().encode("ascii"))
        return self.add(
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
            f"/DescendantFonts [{descendant} 0 R] /ToUnicode {characters} 0 R >>"
        )

    def to_bytes(self, catalog: int, about: int) -> bytes:
        parts, places, place = [HEADER], [], len(HEADER)
        for number, content in enumerate(self._objects, start=1):
            places.append(place)
            parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
            place += len(parts[-1])
        entries = "".join(f"{each:010d} 00000 n \n" for each in places)
        identity = sha256(b"".join(parts)).hexdigest()[:32]
        parts.append(
            f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{entries}"
            f"trailer\n<< /Size {len(places) + 1} /Root {catalog} 0 R /Info {about} 0 R "
            f"/ID [<{identity}> <{identity}>] >>\nstartxref\n{place}\n%%EOF\n".encode("ascii")
        )
        return b"".join(parts)


def _tag(program: bytes) -> str:
    """Six letters, by which readers tell subsets of the same font from each other."""
    return "".join(chr(ord("A") + byte % 26) for byte in sha256(program).digest()[:6])


def _string(text: str) -> str:
    """A text outside of the pages, of any characters."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return f"({escaped})"
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"


def _at(x: float, y: float) -> str:
    return f"{_length(x)} {_length(HEIGHT - y)}"


def _length(millimetres: float) -> str:
    return _number(millimetres / POINT)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _colour(colour: Iterable[int]) -> str:
    return " ".join(f"{part / 255:.3f}" for part in colour)


def _pen(width: float, colour: Colour) -> str:
    return f"{_length(width)} w {_colour(colour)} RG"
