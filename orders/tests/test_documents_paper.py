"""Invoices and packing slips on paper: what they say, and where."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain

import pytest
from fpdf import FPDF

from orders.documents import layout, paper
from orders.documents.facts import BankTransfer, InvoiceFacts, RefundLine, SlipLine, TaxLine
from orders.documents.invoice_letter import invoice_letter
from orders.documents.layout import BOTTOM, FOOT, HEIGHT, LEFT, RIGHT, Sheet, Text
from orders.documents.letter import Letter, texts
from orders.documents.slip_letter import slip_letter
from orders.documents.typesetting import Typesetter, typesetter
from orders.tests.pdf_text import pages
from orders.tests.sample_facts import BUYER, invoice, line, slip
from tests.services import REAL_FILES


def printed(facts: InvoiceFacts, **options) -> bytes:
    letter = invoice_letter(facts)
    return paper.print_letters([letter], facts.language, letter.title, **options)


def text_of(facts: InvoiceFacts) -> str:
    return "\n".join(pages(printed(facts)))


@contextmanager
def laid_out(letter: Letter) -> Iterator[tuple[list[Sheet], Typesetter]]:
    with typesetter(FPDF(format="A4"), "en", texts(letter)) as type_:
        yield paper.sheets(letter, type_), type_


def outside(letter: Letter) -> list[Text]:
    """Draw a letter, and return what stands over the margins or below the end of a page."""
    pdf = FPDF(format="A4")
    with typesetter(pdf, "en", texts(letter)) as type_:
        sheets = paper.sheets(letter, type_)
        paper.draw(pdf, sheets, type_)
        assert pdf.output().startswith(b"%PDF-")
        return [
            mark
            for mark in chain.from_iterable(sheet.marks for sheet in sheets)
            if isinstance(mark, Text)
            and not (
                mark.x >= LEFT - 0.1
                and mark.x + type_.width(mark.line, mark.style) <= RIGHT + 0.1
                and mark.y > 0
                and mark.y + mark.style.line_height <= HEIGHT - 4
            )
        ]


def test_an_invoice_says_who_what_and_how_much() -> None:
    text = text_of(invoice(discount=Decimal(9), discount_name="SPRING", note="Thank you."))

    for wanted in (
        "Lamps & Mugs · Lindenallee 7 · 10115 Berlin",
        *BUYER,
        "Invoice R-00012",
        "November 25, 2026",
        "K7QF-2M9D",
        "LAMP-001",
        "€59.50",
        "19%",
        "€119.00",
        "Discount (SPRING)",
        "-€9.00",
        "Tax number: DE123456789",
        "Thank you.",
        "Page 1 of 1",
    ):
        assert wanted in text.splitlines(), wanted


def test_tax_is_explained_below_a_total_that_includes_it() -> None:
    lines = text_of(invoice()).splitlines()

    assert lines.index("Total") < lines.index("Includes 19% tax on €100.00")


def test_tax_is_added_above_a_total_without_it() -> None:
    lines = text_of(invoice(includes_tax=False)).splitlines()

    assert lines.index("19% tax on €100.00") < lines.index("Total")


def test_each_rate_has_its_line_and_the_net_amount_stands_above_them() -> None:
    shares = (
        TaxLine(Decimal("5.5"), Decimal(10), Decimal("0.55")),
        TaxLine(Decimal(19), Decimal(100), Decimal(19)),
    )
    text = text_of(invoice(taxes=shares, net=Decimal(110), grand_total=Decimal("129.55")))

    for wanted in ("Net amount", "€110.00", "Includes 5.5% tax on €10.00", "€0.55", "€19.00"):
        assert wanted in text.splitlines()


def test_an_invoice_without_tax_speaks_of_none() -> None:
    text = text_of(invoice((line(tax_rate=Decimal(0)),), taxes=()))

    assert "tax on" not in text
    assert "Tax rate" not in text


def test_what_is_owed_is_said_with_account_and_reference() -> None:
    account = ("Lamps & Mugs", "IBAN DE02 1203 0000 0000 2020 51")
    transfer = BankTransfer(account, "K7QF-2M9D", date(2026, 12, 2))
    owed, paid = (
        text_of(invoice(bank_transfer=transfer, paid=day)) for day in (None, date(2026, 11, 26))
    )

    assert "Please pay by December 2, 2026" in owed
    assert account[1] in owed
    assert "Please pay" not in paid
    assert "Paid on November 26, 2026. Thank you." in paid


def test_refunds_are_noted_below_the_sums() -> None:
    text = text_of(invoice(refunds=(RefundLine(date(2026, 12, 1), Decimal("59.50")),)))

    assert "Refunded on December 1, 2026: €59.50" in text


@pytest.mark.parametrize("language", ["ko", "zh-hans", "de", "xx", ""])
def test_dates_and_amounts_are_written_in_the_language_or_in_english(language: str) -> None:
    text = text_of(invoice(language=language, currency="KRW")).replace("\n", "")

    dates = {"ko": "2026년 11월 25일", "zh-hans": "2026年11月25日", "de": "25. November 2026"}
    assert dates.get(language, "November 25, 2026") in text


def test_names_in_many_scripts_can_be_copied_from_the_pdf() -> None:
    names = ("Łucja", "Νίκος Παπαδόπουλος", "Олександр Ївченко", "홍길동", "王小明", "Nguyễn")
    text = text_of(invoice(tuple(line(title=name) for name in names)))

    assert [name for name in names if name not in text.splitlines()] == []


def test_the_same_facts_are_the_same_bytes() -> None:
    facts = invoice(lines=3, buyer=("Олександр", "Αθήνα"))

    assert printed(facts) == printed(facts)
    assert printed(facts) != printed(replace(facts, number="R-00013"))


def test_the_pdf_names_itself_and_its_language_and_is_dated_as_the_invoice() -> None:
    pdf = printed(invoice(language="ko"), compress=False)

    assert b"/Lang (ko)" in pdf
    assert b"/CreationDate (D:20261125000000Z)" in pdf
    assert b"/Title" in pdf


def test_a_one_page_invoice_is_small() -> None:
    facts = invoice(lines=6, language="zh-hans", buyer=("王小明", "上海市浦东新区世纪大道100号"))
    facts = replace(facts, lines=tuple(replace(one, title="手工陶瓷杯") for one in facts.lines))

    assert len(printed(facts)) < 100_000


def test_two_hundred_lines_fill_pages_that_each_have_the_head_and_their_number() -> None:
    found = pages(printed(invoice(lines=200)))

    assert len(found) > 5
    for number, text in enumerate(found, start=1):
        assert f"Page {number} of {len(found)}" in text
    with_rows = [text for text in found if "LAMP-" in text]
    assert all("Unit price" in text for text in with_rows)
    written = "\n".join(found).splitlines()
    assert [code for code in written if code.startswith("LAMP-")] == [
        f"LAMP-{number:03}" for number in range(1, 201)
    ]


@pytest.mark.parametrize("lines", range(5, 16))
def test_the_sums_are_never_alone_on_a_page(lines: int) -> None:
    last = pages(printed(invoice(lines=lines)))
    page_of_total = next(text for text in last if "Total" in text.splitlines())

    assert f"LAMP-{lines:03}" in page_of_total


def test_rows_end_above_the_foot() -> None:
    facts = invoice(tuple(line(number, title="A lamp " * 30) for number in range(40)))

    with laid_out(invoice_letter(facts)) as (sheets, _):
        rows = [
            mark
            for sheet in sheets
            for mark in sheet.marks
            if isinstance(mark, Text) and mark.y < FOOT - 5
        ]
        assert max(mark.y + mark.style.line_height for mark in rows) <= BOTTOM


def test_the_address_is_in_the_window_of_the_envelope() -> None:
    with laid_out(invoice_letter(invoice())) as (sheets, type_):
        found = [
            mark for mark in sheets[0].marks if isinstance(mark, Text) and mark.line in {*BUYER}
        ]

        assert [mark.line for mark in found] == [*BUYER]
        # DIN 5008 B: 20 to 105 mm from the left, the recipient from 45 + 12.7 to 90 mm.
        for mark in found:
            assert mark.x >= 20
            assert mark.x + type_.width(mark.line, mark.style) <= 105
            assert 57 < mark.y < mark.y + mark.style.line_height <= 90


def test_a_long_address_still_ends_inside_the_window() -> None:
    long = tuple(
        f"Part {number} of a very long address that goes on and on, " * 2 for number in range(9)
    )
    with laid_out(invoice_letter(invoice(buyer=long))) as (sheets, _):
        address = [
            mark for mark in sheets[0].marks if isinstance(mark, Text) and mark.style.size == 7.0
        ]

        assert address
        assert max(mark.y + mark.style.line_height for mark in address) <= layout.WINDOW_BOTTOM


def test_the_highest_amounts_stay_in_their_columns() -> None:
    most = Decimal("99999999999.999")
    facts = invoice(
        (line(title="W" * 255, quantity=999, unit_price=most, amount=most * 999),),
        currency="KWD",
        goods=most * 199_800,
        grand_total=most * 199_800,
    )

    assert outside(invoice_letter(facts)) == []


HOSTILE = (
    "{nb} {page} {0.__class__} %(number)s %s",
    "**bold** __under__ ~~through~~ [link](https://example.com)",
    "<b>tag</b> & ampersand \\ ( ) parentheses",
    "W" * 1_000,
    "手" * 1_000,
    "word " * 500,
    "\u202eright to left\u202c \u0000 \ud800 \ufffe \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "Z" + "\u0335\u0321\u0489" * 200,
    "\n" * 300,
    " ",
    "",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_breaks_an_invoice_or_leaves_its_place(text: str) -> None:
    facts = invoice(
        (line(title=text, sku_code=text, options=text),),
        number=text,
        order_number=text,
        seller=replace(invoice().seller, name=text, address=(text,) * 3, imprint=(text,)),
        buyer=(text,) * 4,
        delivery=(text,) * 4,
        discount=Decimal(1),
        discount_name=text,
        shipping=Decimal(1),
        shipping_name=text,
        payment=text,
        bank_transfer=BankTransfer((text, text), text),
        note=text,
    )

    assert outside(invoice_letter(facts)) == []


def test_what_looks_like_a_placeholder_is_printed_as_it_is() -> None:
    text = text_of(invoice((line(title="{nb} {page} **strong**"),)))

    assert "{nb} {page} **strong**" in text.splitlines()


@pytest.mark.real_files
def test_the_big_list_of_naughty_strings_breaks_nothing() -> None:
    strings = json.loads((REAL_FILES / "strings" / "blns.json").read_text())
    lines = tuple(line(number, title=text, options=text) for number, text in enumerate(strings))

    assert len(strings) > 400
    assert outside(invoice_letter(invoice(lines, buyer=tuple(strings[:40])))) == []


def test_a_packing_slip_has_no_price_and_says_what_follows_later() -> None:
    letter = slip_letter(
        slip(
            SlipLine("Lamp", "LAMP-001", 5, back_ordered=2),
            SlipLine("Mug", "MUG-001", 1, "Colour: red"),
            weight=Decimal("2.350"),
            note="Please ring twice.",
        )
    )
    (text,) = pages(paper.print_letters([letter], "en", letter.title))
    lines = text.splitlines()

    for wanted in ("Packing slip K7QF-2M9D", "MUG-001", "Colour: red", "2.35 kg", *BUYER):
        assert wanted in lines
    row = lines.index("LAMP-001")
    assert lines[row + 1 : row + 3] == ["3", "2"]
    assert "Please ring twice." in lines
    assert "To follow" in lines
    assert "€" not in text


def test_a_complete_parcel_speaks_of_nothing_to_follow() -> None:
    letter = slip_letter(slip())

    (text,) = pages(paper.print_letters([letter], "en", letter.title))
    assert "follow" not in text


def test_many_slips_are_one_pdf_with_page_numbers_of_their_own() -> None:
    many = tuple(SlipLine(f"Lamp {n}", f"LAMP-{n:03}", 1) for n in range(60))
    slips = [slip(), slip(*many, language="ko", recipient=("홍길동",)), slip(order_number="X")]

    found = pages(paper.print_letters([slip_letter(one) for one in slips], "en", "Slips"))

    assert "Page 1 of 1" in found[0]
    assert len(found) > 4
    assert "Packing slip X" in found[-1]
    assert "홍길동" in found[1]
