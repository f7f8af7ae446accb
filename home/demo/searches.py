"""What shoppers of the demo shop have searched for in the past weeks, and what is shown first."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Page

from search.models import TermDay

LANGUAGE = "en"
DAYS = 30
# How often a day at most, and how much it finds.
TERMS = {
    "moon": (9, 7),
    "sea": (7, 9),
    "cat": (6, 2),
    "birds": (5, 2),
    "green": (4, 6),
    "circles": (4, 3),
    "whale": (4, 1),
    "notebook": (3, 3),
    "oak frame": (3, 20),
    "christmas": (3, 0),
    "70x100": (2, 12),
    "dune": (2, 1),
    "postcard": (2, 0),
    "map": (2, 3),
    "gift card": (2, 0),
    "horse": (1, 0),
    "bauhaus": (1, 2),
}


def remember(pages: Mapping[str, Page]) -> None:
    """Write the terms by their days; ``pages`` by the terms that they are shown first for."""
    rng = Random("searches")  # noqa: S311 - the same numbers every time
    today = timezone.localdate()
    rows = []
    for text, (most, found) in TERMS.items():
        query = Query.get(text)
        for ago in range(DAYS):
            if asked := rng.randint(0, most):
                day = today - timedelta(days=ago)
                rows.append(
                    TermDay(query=query, day=day, language=LANGUAGE, asked=asked, found=found)
                )
    TermDay.objects.bulk_create(rows)
    for text, page in pages.items():
        SearchPromotion.objects.create(
            query=Query.get(text), page=page, sort_order=0, description="Chosen by us for you."
        )
