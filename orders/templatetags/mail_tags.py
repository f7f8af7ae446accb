"""Lines of plain-text mails: amounts below each other, whatever letters stand before them."""

import unicodedata

from django import template

register = template.Library()

# What mail programs show without breaking lines.
WIDTH = 60


def width(text: str) -> int:
    """How many columns a text takes: Korean and Chinese letters take two."""
    return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


@register.simple_tag
def text_row(left: str, right: str, indent: int = 0) -> str:
    """One line with something at each end; two where they do not fit into one."""
    left = " " * indent + str(left)
    gap = WIDTH - width(left) - width(right)
    if gap >= 1:
        return f"{left}{' ' * gap}{right}"
    return f"{left}\n{' ' * max(WIDTH - width(right), 0)}{right}"


@register.simple_tag
def text_rule() -> str:
    return "-" * WIDTH
