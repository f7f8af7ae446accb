"""Words for where a page is spoken of: an editor's own, or what the page itself says first."""

import re
from typing import Any

from django.utils.html import strip_tags
from django.utils.text import normalize_newlines
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing

# What search engines show of a description and of a title, more or less.
DESCRIPTION = 160
TITLE = 65
# Where pages keep words that tell what they are about, the most telling first.
FIELDS = ("search_description", "summary", "intro", "headline", "description", "lead", "body")
_SPACES = re.compile(r"\s+")
_ENDS = re.compile(r"[\s,;:–—-]+$")


def description(page: Page, most: int = DESCRIPTION) -> str:
    """What the page is about, in at most so many characters; empty where it has no words."""
    for name in FIELDS:
        if name == "body" and hasattr(page, "lead"):
            # Its other blocks name products and pictures, which would have to be read.
            continue
        if text := plain(getattr(page, name, "")):
            return shortened(text, most)
    return ""


def plain(value: Any) -> str:
    """Words of a plain or a rich text or of blocks, without markup, on one line."""
    if isinstance(value, StreamValue):
        value = " ".join(value.stream_block.get_searchable_content(value))
    text = str(value or "")
    if "<" in text:
        text = strip_tags(get_text_for_indexing(text))
    return _SPACES.sub(" ", normalize_newlines(text)).strip()


def shortened(text: str, most: int) -> str:
    """At most so many characters, cut between words where there are any, with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    before, space, _rest = cut.rpartition(" ")
    # Some languages write without spaces, and some words are long.
    if space and len(before) > most // 2:
        cut = before
    return f"{_ENDS.sub('', cut)}…"
