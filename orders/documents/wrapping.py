"""Break a text into lines that fit, also one without spaces. Pure."""

import re
from collections.abc import Callable

# Chinese and Japanese break anywhere, but no line begins with a full stop or ends with an
# opening bracket. Korean has spaces.
_IDEOGRAPH = (
    "\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
_OPENING = "「『（〈《【［｛"
_CLOSING = "、。，．・：；？！」』）〉》】］｝ー"
_PIECE = re.compile(
    rf"\s+|[{_OPENING}]*[{_IDEOGRAPH}][{_CLOSING}]*"
    rf"|[^\s{_IDEOGRAPH}]+?(?:(?<=\w)[-/](?=\w)|(?=[\s{_IDEOGRAPH}]|$))"
)
ELLIPSIS = "…"

Measure = Callable[[str], float]


def wrap(text: str, width: float, measure: Measure, most: int | None = None) -> list[str]:
    """Lines no wider than the width; where there would be more than ``most``, the last says so.

    A single character wider than the width stands alone.
    """
    lines = _lines(text, width, measure)
    if most is None or len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and measure(last + ELLIPSIS) > width:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip() + ELLIPSIS]


def _lines(text: str, width: float, measure: Measure) -> list[str]:
    # As most do.
    if measure(text) <= width:
        return [text.strip()]
    lines, line, used = [], "", 0.0
    for piece in _PIECE.findall(text):
        size = measure(piece)
        if line and used + size > width and not piece.isspace():
            lines.append(line.rstrip())
            line, used = "", 0.0
        if not line:
            piece = piece.lstrip()
            *full, piece = _cut(piece, width, measure)
            lines += full
            size = measure(piece)
        line += piece
        used += size
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _cut(word: str, width: float, measure: Measure) -> list[str]:
    """A word that is too long for one line, cut where each line is full."""
    if measure(word) <= width:
        return [word]
    parts, part, used = [], "", 0.0
    for character in word:
        size = measure(character)
        if part and used + size > width:
            parts.append(part)
            part, used = "", 0.0
        part += character
        used += size
    return [*parts, part]
