"""The words that texts are found by: the same for what is written and for what is asked.

Both databases, and OpenSearch, are given words that were cut here, so that a query finds the
same wherever the shop runs. Upper case, accents and the plural of English words make no
difference. Chinese, Japanese and Korean are written without spaces between words, or with
particles at their ends: there every two neighbouring characters are a word.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Longer ones are no words, and PostgreSQL refuses more than 2 KiB.
LONGEST = 64
# More of a query than this narrows nothing down and only costs time.
MOST_WORDS = 8

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(f"[{_CJK}]+|[^{_CJK}]+")
_IS_CJK = re.compile(f"[{_CJK}]")
_POSSESSIVE = re.compile(r"['’]s\b")


@dataclass(frozen=True)
class Term:
    """One thing that must occur: a whole word, the beginning of one, or either."""

    whole: str = ""
    beginning: str = ""


def fold(text: str) -> str:
    """Without upper case, accents, and differences that only computers see."""
    text = _POSSESSIVE.sub("", text)
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return unicodedata.normalize("NFC", plain).casefold()


def split(text: str) -> list[str]:
    """The words of a text as people know them, folded; a run of Chinese or Korean is one."""
    found = []
    for word in _WORD.findall(fold(text)):
        if word.isascii():
            found.append(word[:LONGEST])
        else:
            found += [part[:LONGEST] for part in _PART.findall(word)]
    return found


def singular(word: str) -> str:
    """The English singular, roughly; other words must only be cut alike wherever they stand."""
    if len(word) < 4 or word[-1] != "s" or not word.isascii():
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


def written(text: str) -> Iterator[str]:
    """The words under which a text is kept."""
    for word in split(text):
        if not _IS_CJK.match(word):
            yield singular(word)
            continue
        for place in range(len(word)):
            # The last character stands alone, so that one that ends a word is found too.
            yield word[place : place + 2]


def written_code(code: str) -> Iterator[str]:
    """A SKU code by its parts, and as one word for whoever leaves the dashes out."""
    parts = list(written(code))
    yield from parts
    if len(parts) > 1:
        yield "".join(split(code))[:LONGEST]


def text_of(words: Iterable[str], most: int | None = None) -> str:
    """How words are kept: each once, with a space before and after it."""
    each = list(dict.fromkeys(words))[:most]
    return f" {' '.join(each)} " if each else ""


def asked(query: str) -> list[Term]:
    """What must occur for a query; empty where it has no words.

    The last word may be unfinished, and a part of a code may be the beginning of one.
    """
    words = split(query)[:MOST_WORDS]
    terms: dict[Term, None] = {}
    for number, word in enumerate(words):
        if _IS_CJK.match(word):
            if len(word) == 1:
                terms[Term(beginning=word)] = None
            for place in range(len(word) - 1):
                terms[Term(whole=word[place : place + 2])] = None
            continue
        is_open = number == len(words) - 1 or not word.isalpha()
        terms[Term(singular(word), word if is_open else "")] = None
    return list(terms)
