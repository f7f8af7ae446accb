"""The fonts within invoices: cut once in a process, and the same whatever was cut before."""

import hashlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.pens.areaPen import AreaPen
from fontTools.ttLib import TTFont

from orders.documents import cuts, fonts, paper
from orders.documents.invoice_letter import invoice_letter
from orders.tests.sample_facts import invoice

NAMES = ("Łódź", "Αθήνα", "Пётр", "Nguyễn", "홍길동", "王小明")
# Draws an invoice for each name, and says what the last one is.
PRINT = """
import django, hashlib, sys
django.setup()
from orders.tests.test_documents_cuts import digest
print([digest(name) for name in sys.argv[1:]][-1])
"""


def forget() -> None:
    """As in a process that has printed nothing yet."""
    cuts.CUTS.update({name: cuts.Cut(name) for name in cuts.CUTS})


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of fonts that are opened, with nothing cut before."""
    for name in fonts.FACES:
        fonts.coverage(name)
    names: list[str] = []
    open_ = fonts.Face.open

    def noted(face: fonts.Face) -> TTFont:
        names.append(Path(face.file).name)
        return open_(face)

    monkeypatch.setattr(fonts.Face, "open", noted)
    forget()
    return names


def printed(*buyer: str, **about) -> bytes:
    facts = invoice(buyer=buyer, **about)
    letter = invoice_letter(facts)
    return paper.print_letters([letter], facts.language, letter.title)


def digest(name: str) -> str:
    return hashlib.sha256(printed(name)).hexdigest()


def test_a_process_cuts_a_letter_once(opened: list[str]) -> None:
    first = printed("Jürgen")
    assert opened == ["NotoSans[wdth,wght].ttf"]
    opened.clear()

    assert printed("Jürgen") == first
    printed("Zoë & Çelik: 12,– €")
    assert opened == []

    printed("Ğ")
    assert opened == ["NotoSans[wdth,wght].ttf"]
    opened.clear()
    # The rest of that alphabet came with it.
    printed("Łódź")
    assert opened == []


def test_an_asian_font_is_opened_for_its_own_characters_alone(opened: list[str]) -> None:
    printed("홍길동", language="en")
    assert opened == ["NotoSans[wdth,wght].ttf", "NotoSansKR[wght].ttf"]
    opened.clear()

    printed("동길홍", language="en")
    assert opened == []


def test_whatever_was_cut_before_the_same_letter_is_the_same_bytes(opened: list[str]) -> None:
    alone = {}
    for name in NAMES:
        forget()
        alone[name] = printed(name)
    forget()
    opened.clear()

    assert {name: printed(name) for name in reversed(NAMES)} == alone
    # Each needed letters that were not there yet.
    assert len(opened) >= len(NAMES)


def test_two_processes_with_other_pasts_write_the_same_bytes() -> None:
    pasts = (("Щукина 김", "Jürgen Łódź 홍길동"), ("Jürgen Łódź 홍길동",))
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PRINT, *names],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, names in enumerate(pasts)
    ]
    first, second = (process.communicate()[0].strip() for process in running)

    assert re.fullmatch(r"[\da-f]{64}", first)
    assert first == second == digest("Jürgen Łódź 홍길동")


def test_threads_that_print_at_once_share_what_is_cut(opened: list[str]) -> None:
    names = ("Łódź", "Пётр", "홍길동", "길동홍")
    alone = {name: printed(name) for name in names}
    forget()
    opened.clear()

    with ThreadPoolExecutor(len(names)) as pool:
        assert dict(zip(names, pool.map(printed, names), strict=True)) == alone
    # Whoever waited found what the others had cut.
    assert opened.count("NotoSansKR[wght].ttf") == 1


def test_a_process_keeps_no_more_characters_than_it_may(
    opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cuts, "MOST_LETTERS", 400)
    monkeypatch.setattr(cuts, "MOST_IDEOGRAPHS", 20)

    def kept(name: str, characters: str) -> set[str]:
        found = cuts.files(name, characters)
        return set(map(chr, TTFont(BytesIO(found[fonts.BOLD])).getBestCmap()))

    for letter in "ЖĞΩễ":
        letters = kept(fonts.LATIN, letter)
        assert {letter, "A", "ü"} <= letters
        assert len(letters) <= 400
    for start in range(0xAC00, 0xAC40, 0x10):
        syllables = [chr(code) for code in range(start, start + 0x10)]
        assert {*syllables} <= kept("kr", "".join(syllables))
        assert len(kept("kr", syllables[0])) <= 20 + len(" " + fonts.REPLACEMENT)
    # All that one document needs is there, however much it is.
    many = "".join(map(chr, range(0xAC00, 0xAC40)))
    assert {*many} <= kept("kr", many)


@pytest.mark.parametrize(("style", "weight"), fonts.WEIGHTS.items())
@pytest.mark.parametrize("character", "AgÅṩ€")
def test_glyphs_are_those_of_the_font_at_its_weight(
    character: str, style: str, weight: int
) -> None:
    with fonts.FACES[fonts.LATIN].open() as font:
        theirs, name = (
            font.getGlyphSet(location={"wght": weight}),
            font.getBestCmap()[ord(character)],
        )
        cut = TTFont(BytesIO(cuts.files(fonts.LATIN, character)[style]))
        ours, its_name = cut.getGlyphSet(), cut.getBestCmap()[ord(character)]

        assert abs(ours[its_name].width - theirs[name].width) <= 1
        assert area(ours, its_name) == pytest.approx(area(theirs, name), rel=0.01)


def area(glyphs, name: str) -> float:
    pen = AreaPen(glyphs)
    glyphs[name].draw(pen)
    return abs(pen.value)


def test_a_process_that_prints_nothing_loads_no_fonts() -> None:
    loads = """
import django, sys
django.setup()
import storefront.urls
from django.urls import reverse
import orders.documents.views, orders.documents.slips
print(sorted({"reportlab", "fontTools"} & sys.modules.keys()))
"""
    found = subprocess.run(
        [sys.executable, "-c", loads], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
