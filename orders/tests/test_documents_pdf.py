"""The PDF itself: its structure, and the fonts within it."""

import re
import zlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from fontTools.pens.areaPen import AreaPen
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from orders.documents import fonts, outlines
from orders.documents.pdf import Pdf
from orders.tests.pdf_text import pages

LATIN = (fonts.LATIN, fonts.REGULAR)
BOLD = (fonts.LATIN, fonts.BOLD)


def blank(**about) -> Pdf:
    created = datetime(2026, 11, 25, 9, tzinfo=UTC)
    pdf = Pdf(**{"title": "T", "author": "A", "language": "en", "created": created, **about})
    pdf.add_page()
    return pdf


def written(text: str, *faces: tuple[str, str], **about) -> bytes:
    pdf = blank(**about)
    for face in faces or (LATIN,):
        pdf.text(20, 20, text, face, 9)
    return pdf.to_bytes()


def embedded(pdf: bytes) -> list[TTFont]:
    """The fonts within a PDF, whose checksums are tried as they are read."""
    programs = re.findall(
        rb"/Length1 \d+ /Filter /FlateDecode >>\nstream\n(.*?)\nendstream", pdf, re.S
    )
    return [TTFont(BytesIO(zlib.decompress(each)), checkChecksums=2) for each in programs]


def test_each_object_stands_where_the_table_at_the_end_says() -> None:
    pdf = written("Words", LATIN, BOLD)

    start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", pdf)[1])
    assert pdf[start : start + 5] == b"xref\n"
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n \n", pdf[start:])]
    assert len(places) > 10
    for number, place in enumerate(places, start=1):
        assert pdf[place:].startswith(b"%d 0 obj\n" % number)
    assert f"/Size {len(places) + 1} ".encode() in pdf[start:]


def test_streams_are_as_long_as_they_say() -> None:
    pdf = written("Words", LATIN, BOLD)

    streams = re.findall(rb"/Length (\d+)[^\n]*>>\nstream\n(.*?)\nendstream\nendobj", pdf, re.S)
    assert len(streams) == 5
    assert all(int(length) == len(data) for length, data in streams)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Invoice (7) \\ 8", rb"/Title (Invoice \(7\) \\ 8)"),
        ("账单", b"/Title <FEFF8D265355>"),
        ("𠮷", b"/Title <FEFFD842DFB7>"),
        ("a\nb", b"/Title <FEFF0061000A0062>"),
    ],
)
def test_what_the_pdf_says_of_itself_may_have_any_characters(title: str, expected: bytes) -> None:
    assert expected in written("x", title=title)


def test_a_language_that_is_not_known_is_not_named() -> None:
    assert b"/Lang" not in written("x", language="")
    assert b"/Lang (ko)" in written("x", language="ko")


def test_text_can_be_copied_whatever_its_characters() -> None:
    text = "(a) \\b %PDF <c> Łódź Ὀδύσσεια " + "".join(map(chr, range(0x400, 0x480)))

    assert pages(written(text)) == [text]
    # Beyond the first 65,536 characters.
    rare = chr(max(fonts.coverage("sc")))
    assert rare > "\uffff"
    assert pages(written(rare, ("sc", fonts.REGULAR))) == [rare]


def test_only_the_glyphs_that_are_set_are_embedded_once_each() -> None:
    font, bold = embedded(written("Aaa", LATIN, BOLD))

    assert font["maxp"].numGlyphs == bold["maxp"].numGlyphs == 1 + len("Aa")
    assert font["glyf"][font.getGlyphOrder()[0]].numberOfContours > 0
    assert bold["head"].macStyle == 1


def test_a_character_that_the_font_lacks_is_an_error_not_a_gap() -> None:
    with pytest.raises(KeyError):
        written("山")


@pytest.mark.parametrize("style", fonts.WEIGHTS)
@pytest.mark.parametrize("character", "AgÅṩ€")
def test_glyphs_are_those_of_the_font_at_its_weight(character: str, style: str) -> None:
    """Beside fontTools' own way of making a static font out of a variable one."""
    static = instance(fonts.WEIGHTS[style])
    name = static.getBestCmap()[ord(character)]
    (font,) = embedded(written(character, (fonts.LATIN, style)))
    ours, theirs = font.getGlyphSet(), static.getGlyphSet()
    mine = font.getGlyphOrder()[1]

    assert abs(ours[mine].width - theirs[name].width) <= 1
    assert area(ours, mine) == pytest.approx(area(theirs, name), rel=0.01)
    assert font["hmtx"][mine][1] == font["glyf"][mine].xMin


def instance(weight: int) -> TTFont:
    font = fonts.FACES[fonts.LATIN].open()
    for table in ("GPOS", "GSUB", "GDEF"):
        del font[table]
    subsetter = Subsetter()
    subsetter.populate(text="AgÅṩ€")
    subsetter.subset(font)
    return instantiateVariableFont(font, {"wght": weight, "wdth": 100})


def area(glyphs, name: str) -> float:
    pen = AreaPen(glyphs)
    glyphs[name].draw(pen)
    return abs(pen.value)


class Openings:
    """Counts how often font files are opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []
        opened = fonts.Face.open

        def counted(face: fonts.Face) -> TTFont:
            self.names.append(face.name)
            return opened(face)

        monkeypatch.setattr(fonts.Face, "open", counted)


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> Openings:
    outlines.face.cache_clear()
    for name in fonts.FACES:
        fonts.coverage(name)
    return Openings(monkeypatch)


def test_a_process_draws_a_letter_once(openings: Openings) -> None:
    first = written("Jürgen", LATIN, BOLD)
    assert openings.names
    openings.names.clear()

    assert written("Jürgen", LATIN, BOLD) == first
    written("Zoë & Çelik: 12,– €")
    assert openings.names == []

    written("Ğ")
    assert openings.names == ["NotoSans"]


def test_whatever_was_drawn_before_the_same_letter_is_the_same_bytes(openings: Openings) -> None:
    alone = written("Пётр")
    outlines.face.cache_clear()
    written("Αθήνα")
    written("Łódź, ДЖ")

    assert written("Пётр") == alone


def test_a_process_keeps_no_more_glyphs_than_it_may(
    openings: Openings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlines, "MOST_KEPT", 250)
    face = outlines.face(fonts.LATIN)
    cyrillic = [chr(code) for code in range(0x410, 0x450)]

    for start in range(0, 64, 16):
        wanted = cyrillic[start : start + 16]
        assert set(wanted) <= face.glyphs(fonts.REGULAR, wanted).keys()
        assert len(face.glyphs(fonts.BOLD, "A")) <= 250
    # All that one document needs is there, however much it is.
    assert set(cyrillic) <= face.glyphs(fonts.REGULAR, cyrillic).keys()
