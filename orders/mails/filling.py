"""Fill words in braces into a merchant's text. Pure, and strict: no other brace passes."""

import re
from collections.abc import Collection, Mapping

# Anything in braces, and any brace that has lost its other one.
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
# What would turn the direction of the text that follows, or be no sign at all.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")


class UnknownWordError(ValueError):
    """A text has something in braces that its mail knows nothing of."""

    def __init__(self, found: list[str]) -> None:
        self.found = found
        super().__init__(", ".join(found))


def unknown(text: str, words: Collection[str]) -> list[str]:
    """What stands in braces and is none of the words, each once; a lone brace as well."""
    found = (match for match in _BRACES.finditer(text) if match[1] not in words)
    return list(dict.fromkeys(match[0] for match in found))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each word replaced by its value; what a value says in braces stays as it is.

    Raises UnknownWordError rather than let a brace through.
    """
    if found := unknown(text, values):
        raise UnknownWordError(found)
    return _BRACES.sub(lambda match: one_line(values[match[1]]), text)


def one_line(text: str) -> str:
    """Without line breaks and signs that cannot be seen: fit for a subject and for a name."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def paragraphs(text: str) -> list[str]:
    """What blank lines set apart; lines within one stay lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = (part.strip() for part in re.split(r"\n[ \t]*\n", text))
    return [part for part in parts if part]
