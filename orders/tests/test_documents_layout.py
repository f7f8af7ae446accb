"""Where things stand on paper, whatever the texts."""

import json
from dataclasses import replace
from decimal import Decimal
from itertools import chain

import pytest

from orders.documents import layout, paper
from orders.documents.facts import BankTransfer
from orders.documents.invoice_letter import invoice_letter
from orders.documents.layout import BOTTOM, FOOT, HEIGHT, LEFT, RIGHT, Sheet, Text
from orders.documents.letter import Letter, texts
from orders.documents.typesetting import Typesetter
from orders.tests.sample_facts import BUYER, invoice, line
from tests.services import REAL_FILES


def laid_out(letter: Letter) -> tuple[list[Sheet], Typesetter]:
    type_ = Typesetter("en", texts(letter))
    return paper.sheets(letter, type_), type_


def outside(letter: Letter) -> list[Text]:
    """Print a letter, and return what stands over the margins or below the end of a page."""
    assert paper.print_letters([letter], "en", letter.title).startswith(b"%PDF-")
    sheets, type_ = laid_out(letter)
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


def test_rows_end_above_the_foot() -> None:
    facts = invoice(tuple(line(number, title="A lamp " * 30) for number in range(40)))

    sheets, _ = laid_out(invoice_letter(facts))
    rows = [
        mark
        for sheet in sheets
        for mark in sheet.marks
        if isinstance(mark, Text) and mark.y < FOOT - 5
    ]

    assert max(mark.y + mark.style.line_height for mark in rows) <= BOTTOM


def test_the_address_is_in_the_window_of_the_envelope() -> None:
    sheets, type_ = laid_out(invoice_letter(invoice()))
    found = [mark for mark in sheets[0].marks if isinstance(mark, Text) and mark.line in {*BUYER}]

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
    sheets, _ = laid_out(invoice_letter(invoice(buyer=long)))
    address = [
        mark for mark in sheets[0].marks if isinstance(mark, Text) and mark.style.size == 7.0
    ]

    assert address
    assert max(mark.y + mark.style.line_height for mark in address) <= layout.WINDOW_BOTTOM


@pytest.mark.parametrize(
    ("most", "is_whole"),
    [(Decimal("99999999999.999"), True), (Decimal(10) ** 22, False)],
    ids=["the highest price", "beyond all sense"],
)
def test_high_amounts_stay_in_their_columns(most: Decimal, is_whole: bool) -> None:
    facts = invoice(
        (line(title="W" * 255, quantity=999, unit_price=most, amount=most * 999),),
        currency="KWD",
        goods=most * 999,
        grand_total=most * 999,
    )
    letter = invoice_letter(facts)

    assert outside(letter) == []
    sheets, _ = laid_out(letter)
    written = [mark.line for mark in sheets[0].marks if isinstance(mark, Text)]
    price, amount = letter.rows[0][2].text, letter.rows[0][-1].text
    assert ({price, amount} <= {*written}) is is_whole


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


@pytest.mark.real_files
def test_the_big_list_of_naughty_strings_breaks_nothing() -> None:
    strings = json.loads((REAL_FILES / "strings" / "blns.json").read_text())
    lines = tuple(line(number, title=text, options=text) for number, text in enumerate(strings))

    assert len(strings) > 400
    assert outside(invoice_letter(invoice(lines, buyer=tuple(strings[:40])))) == []
