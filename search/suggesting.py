"""What is suggested for an unfinished query."""

from typing import Any

from wagtail.models import Page

from catalog import cards
from search.engines import engine

# Less says nothing yet; a character of Chinese or Korean does, which the engine knows.
LONGEST_TEXT = 100
MOST_SUGGESTED = 6


def context(text: str, home: Page) -> dict[str, Any]:
    """For the template: words to search for, pages to go to, products with price and picture."""
    found = engine().suggest(text[:LONGEST_TEXT], home, MOST_SUGGESTED)
    return {
        "text": text,
        "words": found.words,
        "pages": found.pages,
        "count": len(found.words) + len(found.pages) + len(found.products),
        "cards": cards.cards(page for _title, page in found.products),
    }
