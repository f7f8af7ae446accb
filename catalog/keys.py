"""Keys of rows as an address names them: what cannot be the key of a row is not there."""

from collections.abc import Iterable
from typing import Any

# A number of more digits fits no column, and SQLite refuses to look for it.
MOST_DIGITS = 18


def read_keys(texts: Iterable[Any]) -> list[int]:
    return [int(text) for text in map(str, texts) if _may_be_key(text)]


def _may_be_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
