import pytest

from orders.mails.filling import UnknownWordError, fill, one_line, paragraphs, unknown

WORDS = {"name": "Ada", "number": "K7QF-2M9D"}


def test_words_in_braces_become_what_they_stand_for():
    assert fill("Dear {name}, order {number}", WORDS) == "Dear Ada, order K7QF-2M9D"


def test_what_a_value_says_in_braces_is_not_filled_in_again():
    assert fill("Dear {name}", {"name": "{number} {secret}"}) == "Dear {number} {secret}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dear {nmae}", ["{nmae}"]),
        ("Dear {Name}", ["{Name}"]),
        ("Dear { name }", ["{ name }"]),
        ("{name.__class__}", ["{name.__class__}"]),
        ("{name[0]}", ["{name[0]}"]),
        ("{name!r}", ["{name!r}"]),
        ("{name:>1000000}", ["{name:>1000000}"]),
        ("{}", ["{}"]),
        ("{{name}}", ["{", "}"]),
        ("{name", ["{"]),
        ("name}", ["}"]),
        ("{secret} and {secret}", ["{secret}"]),
    ],
)
def test_every_other_brace_is_found_and_never_let_through(text, found):
    assert unknown(text, WORDS) == found
    with pytest.raises(UnknownWordError):
        fill(text, WORDS)


def test_a_value_is_one_line_without_signs_that_nobody_sees():
    assert one_line("Ink\r\nBcc: all@example.com\x00\x1b[31m\u202egnp") == (
        "Ink Bcc: all@example.com[31mgnp"
    )
    assert fill("{name}", {"name": "A\nB"}) == "A B"


def test_blank_lines_make_paragraphs_and_single_ones_do_not():
    assert paragraphs("\r\nDear Ada,\r\nhello\r\n \r\n\r\nBye\n") == ["Dear Ada,\nhello", "Bye"]
    assert paragraphs(" \n \n") == []
