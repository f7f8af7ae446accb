"""What is embedded in a PDF, and what a process keeps of it."""

import gc
import re
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from fontTools.pens.areaPen import AreaPen
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfmetrics

from orders.documents import embedding, fonts, paper
from orders.documents.invoice_letter import invoice_letter
from orders.tests.pdf_text import pages
from orders.tests.sample_facts import invoice


def printed(*buyer: str, **about) -> bytes:
    facts = invoice(buyer=buyer, **about)
    letter = invoice_letter(facts)
    return paper.print_letters([letter], facts.language, letter.title)


def embedded(pdf: bytes) -> dict[str, TTFont]:
    """The fonts within a PDF by their names, whose checksums are tried as they are read."""
    streams = re.findall(rb"/Length1 \d+\n>>\nstream\n(.*?)endstream", pdf, re.S)
    found = [TTFont(BytesIO(zlib.decompress(each)), checkChecksums=2) for each in streams]
    return {font["name"].getDebugName(6): font for font in found}


def kept_documents() -> int:
    """How many PDFs the fonts of this process still know, in the letters of this file."""
    gc.collect()
    characters = {fonts.LATIN: "A", "kr": "홍", fonts.TITLE: ""}
    found = [embedding.font(name, fonts.BOLD, shown) for name, shown in characters.items()]
    found.append(embedding.font(fonts.LATIN, fonts.REGULAR, "A"))
    return sum(len(font.state) for font in found)


def test_only_the_glyphs_that_are_set_are_embedded() -> None:
    printed("홍길동전 王小明 Щ", language="en")
    found = embedded(printed("홍길동"))

    assert {*found} == {"Fraunces-9ptBlack", "NotoSans-400", "NotoSans-700", "NotoSansKR-400"}
    assert all(font["maxp"].numGlyphs < 80 for font in found.values())
    # With the two that every font has: one for what is missing, and the space.
    assert found["NotoSansKR-400"]["maxp"].numGlyphs == len("홍길동") + 2


def test_an_embedded_font_tells_of_no_other_letter_that_was_cut() -> None:
    for name, font in embedded(printed("홍길동")).items():
        if name.startswith("Noto"):
            assert {*font.keys()} <= {
                *("GlyphOrder", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp"),
                *("name", "post"),
            }
            assert [str(entry) for entry in font["name"].names] == [name]


def area(glyphs, name: str) -> float:
    pen = AreaPen(glyphs)
    glyphs[name].draw(pen)
    return abs(pen.value)


def test_glyphs_are_drawn_as_in_the_font_they_come_from() -> None:
    """Also those that are put together of others, as an accent and its letter."""
    text = "Ǻṩễ"
    with fonts.FACES[fonts.LATIN].open() as font:
        theirs, names = font.getGlyphSet(location={"wght": 400}), font.getBestCmap()
        wanted = [area(theirs, names[ord(character)]) for character in text]

    pdf = printed(text)
    ours = embedded(pdf)["NotoSans-400"].getGlyphSet()
    found = [area(ours, name) for name in ours]
    assert [each for each in wanted if pytest.approx(each, rel=0.01) not in found] == []
    assert text in pages(pdf)[0]


def test_text_can_be_copied_whatever_its_characters() -> None:
    # The last is beyond the first 65,536 characters.
    rare = chr(max(fonts.coverage("sc")))
    texts = ("(a) \\b %PDF <c>", "Ὀδύσσεια", "".join(map(chr, range(0x410, 0x450))), rare)
    found = "".join(pages(printed(*texts, language="zh-hans"))).replace("\n", "")

    assert rare > "\uffff"
    assert [text for text in texts if text not in found] == []


def test_a_process_keeps_nothing_of_a_document() -> None:
    before = pdfmetrics.getRegisteredFontNames()

    printed("홍길동")

    assert kept_documents() == 0
    assert pdfmetrics.getRegisteredFontNames() == before


def test_a_process_keeps_nothing_of_a_document_that_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, whole = pdfmetrics.getRegisteredFontNames(), printed("A")
    draw, still_there = paper.draw, []

    def fail(*given) -> None:
        draw(*given)
        still_there.append(kept_documents())
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(paper, "draw", fail)
        with pytest.raises(ZeroDivisionError):
            printed("홍길동")

    assert still_there[0] > 0
    assert kept_documents() == 0
    assert pdfmetrics.getRegisteredFontNames() == before
    assert printed("A") == whole


def test_threads_that_print_at_once_do_not_disturb_each_other() -> None:
    names = [f"Ǻṩễ {letter}" for letter in "ÄÇĞŁŹÅÑŐ"]
    alone = [printed(name) for name in names]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(len(names)) as pool:
            assert [*pool.map(printed, names * 3)] == alone * 3
    finally:
        sys.setswitchinterval(interval)
