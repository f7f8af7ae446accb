import io

import pytest

from catalog.importing import rows
from catalog.importing.lines import Lines, is_utf8
from catalog.importing.rows import Row

TEXTS = [
    "",
    "\n",
    "a",
    "a\r\nb\rc\nd",
    "a\n\r\n\r\rb\n",
    "caf\u00e9\u2028one\u0085line\x0b\x0cstill\nthe next \N{SHOPPING TROLLEY}\r",
    "\n".join(f"line {number} \N{EURO SIGN}" for number in range(1_000)),
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_are_those_that_an_editor_shows(text, mark):
    lines = Lines((mark + text).encode())

    expected = list(io.StringIO(text, newline=""))
    assert list(lines) == expected
    assert len(lines) == len(expected)
    assert [lines[at] for at in reversed(range(len(lines)))] == expected[::-1]
    assert lines.size(0, len(lines)) == len(text.encode())
    with pytest.raises(IndexError):
        lines[len(lines)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", True),
        ("\N{SHOPPING TROLLEY}".encode() * 400_000, True),
        ("caf\u00e9".encode("cp1252"), False),
        # The last character of two pieces that are looked at one after the other is cut in half.
        (b"a" * (1024**2 - 1) + "\u00e9".encode(), True),
        (b"a" * 1024**2 + "\u00e9".encode()[:1], False),
    ],
)
def test_utf8_is_told_from_what_is_not(data, expected):
    assert is_utf8(data) is expected


def test_a_row_says_the_same_each_time_it_is_asked_however_many_came_after_it():
    text = "Handle,Title\n" + "".join(f'h{n}," T\n{n} "\n' for n in range(2 * rows.KEPT))

    table = rows.parse(text.encode())

    for _time in range(2):
        assert [row["title"] for row in table.rows] == [f"T\n{n}" for n in range(2 * rows.KEPT)]
        assert [row["handle"] for row in reversed(table.rows)][:2] == [
            f"h{2 * rows.KEPT - 1}",
            f"h{2 * rows.KEPT - 2}",
        ]
    assert table.rows[1].cells == {"handle": "h1", "title": "T\n1"}
    assert Row(7, {"title": "A"})["title"] == "A"
