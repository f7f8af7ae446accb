"""Lines that fit, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.documents.wrapping import ELLIPSIS, wrap


def cells(text: str) -> float:
    """As on a terminal: a Chinese character is two wide."""
    return sum(2 if character > "\u2e7f" else 1 for character in text)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("a lamp of walnut", 9, ["a lamp of", "walnut"]),
        ("walnut-coloured", 9, ["walnut-", "coloured"]),
        ("Donaudampfschiff", 6, ["Donaud", "ampfsc", "hiff"]),
        ("a Donaudampfschiff", 6, ["a", "Donaud", "ampfsc", "hiff"]),
        ("手工陶瓷杯。", 6, ["手工陶", "瓷杯。"]),
        ("手工陶。瓷杯", 6, ["手工", "陶。瓷", "杯"]),
        ("手工「陶瓷」杯", 6, ["手工", "「陶", "瓷」杯"]),
        ("cup 手工", 6, ["cup 手", "工"]),
        ("", 6, [""]),
        ("杯", 1, ["杯"]),
    ],
)
def test_a_text_breaks_where_its_readers_expect_it(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width, cells) == lines


def test_lines_beyond_the_most_are_cut_with_a_sign() -> None:
    assert wrap("one two three four", 5, cells, most=2) == ["one", f"two{ELLIPSIS}"]


@given(
    st.text(st.sampled_from("ab -/。「手工\u00a0é"), max_size=60),
    st.integers(min_value=6, max_value=30),
)
def test_no_line_is_too_wide_and_no_character_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width, cells)

    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
