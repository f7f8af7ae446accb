"""Invoices and packing slips on paper: what they say, and where."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from orders.documents import paper
from orders.documents.facts import BankTransfer, InvoiceFacts, RefundLine, SlipLine, TaxLine
from orders.documents.invoice_letter import invoice_letter
from orders.documents.slip_letter import slip_letter
from orders.tests.pdf_text import pages
from orders.tests.sample_facts import BUYER, invoice, line, slip


def printed(facts: InvoiceFacts, **options) -> bytes:
    letter = invoice_letter(facts)
    return paper.print_letters([letter], facts.language, letter.title, **options)


def text_of(facts: InvoiceFacts) -> str:
    return "\n".join(pages(printed(facts)))


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
    transfer = BankTransfer(account, "K7QF-2M9D")
    owed, paid = (
        text_of(invoice(bank_transfer=transfer, paid=day)) for day in (None, date(2026, 11, 26))
    )

    assert "Please pay" in owed
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
    # ReportLab's words for what it was not told.
    assert re.search(b"anonymous|un(titled|specified)", pdf) is None
    title, author = (
        re.search(rb"/%s \((.*?)\)\s" % name, pdf)[1] for name in (b"Title", b"Author")
    )
    assert author == b"Lamps & Mugs"
    raw = re.sub(rb"\\(\d{3})", lambda octal: bytes([int(octal[1], 8)]), title)
    assert raw.decode("utf-16").endswith(" R-00012")


def test_every_font_is_embedded() -> None:
    pdf = printed(invoice(language="ko", buyer=("홍길동",)), compress=False)

    fonts = re.findall(rb"/Type /Font\s", pdf)
    assert len(fonts) == pdf.count(b"/FontFile2 ") == 5


def test_titles_are_set_in_the_typeface_of_the_shop() -> None:
    assert b"Fraunces" in printed(invoice(), compress=False)


@pytest.mark.parametrize("name", ["王小明商店", "Лампы", "Łampy & café"])
def test_a_title_in_letters_that_this_typeface_lacks_is_whole_all_the_same(name) -> None:
    facts = invoice()
    facts = replace(facts, seller=replace(facts.seller, name=name))
    assert text_of(facts).replace("\n", "").startswith(name)


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


def test_what_looks_like_a_placeholder_is_printed_as_it_is() -> None:
    text = text_of(invoice((line(title="{nb} {page} **strong**"),)))

    assert "{nb} {page} **strong**" in text.splitlines()


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
