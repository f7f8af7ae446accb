"""Fonts that can be embedded in a PDF, read once in a process, and in each PDF the glyphs it shows.

ReportLab copies the glyphs of a document out of the small fonts that ``cuts.py`` keeps, which
takes a millisecond.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont

from orders.documents import cuts

# A title and five fonts at two weights; and some before they were cut anew, for who still prints.
MOST_FONTS = 16
_BEYOND_16_BITS = re.compile("<([0-9A-F]{5,6})>")
_one_at_a_time = Lock()


class Font(TTFont):
    """A font whose texts can be copied out of a PDF, rare Chinese characters among them."""

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802 - ReportLab's name
        super().addObjects(doc)
        for name, stream in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                # ReportLab writes their numbers, where PDF wants UTF-16.
                stream.content = _BEYOND_16_BITS.sub(_as_utf_16, stream.content)


def _as_utf_16(found: re.Match[str]) -> str:
    return f"<{chr(int(found[1], 16)).encode('utf-16-be').hex().upper()}>"


def font(name: str, weight: str, characters: str) -> Font:
    """A font at a weight, with these and perhaps other characters."""
    return _read(name + weight, cuts.files(name, characters)[weight])


@lru_cache(MOST_FONTS)
def _read(name: str, file: bytes) -> Font:
    # Readable ASCII would put all of it into each PDF.
    return Font(name, BytesIO(file), asciiReadable=False)


@contextmanager
def registered(used: Iterable[Font]) -> Iterator[None]:
    """Let ReportLab know the fonts by their names, for one document at a time.

    There is one table of names in a process, and a font keeps the place where it is being read.
    """
    with _one_at_a_time:
        names = [*used]
        for each in names:
            pdfmetrics.registerFont(each)
        try:
            yield
        finally:
            for each in names:
                each.unregister()
