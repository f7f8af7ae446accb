"""What shoppers read of a product's reviews: page by page, and how many stars there are.

Public: it holds nothing of who asks, and of members only those who want to be seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from catalog import kept
from catalog.models import Product
from social import first_reviews
from social.first_reviews import EVERY_NUMBER_OF_STARS
from social.models import Review

REVIEWS_PER_PAGE = 10


@dataclass(frozen=True)
class Bar:
    """How many gave so many stars, and what part of all that is, in percent."""

    stars: int
    count: int
    percent: int


class ShownReviews:
    """A product's reviews as everybody may read them. Nothing is asked before it is needed."""

    def __init__(self, product: Product) -> None:
        self.product = product

    @property
    def newest(self) -> list[Review]:
        return self._first[0]

    @property
    def counts(self) -> Mapping[int, int]:
        """How many there are with each number of stars."""
        return self._first[1]

    @cached_property
    def _first(self) -> first_reviews.Found:
        kept.shows(f"product:{self.product.pk}")
        return first_reviews.of(self.product.pk, REVIEWS_PER_PAGE)

    @property
    def bars(self) -> Sequence[Bar]:
        total = max(sum(self.counts.values()), 1)
        return [
            Bar(stars, count, round(100 * count / total)) for stars, count in self.counts.items()
        ]

    def page(self, number: Any, stars: int | None = None) -> Page:
        """A page of them, of those with so many stars; the nearest where there is no such page."""
        found = self._all()
        if stars is not None:
            found = found.filter(stars=stars)
        paginator = Paginator(found, REVIEWS_PER_PAGE)
        # Known from the bars beside it.
        paginator.count = sum(self.counts.values()) if stars is None else self.counts[stars]
        return paginator.get_page(number)

    def _all(self) -> QuerySet[Review]:
        found = Review.objects.shown().filter(product=self.product)
        return found.select_related("user__profile").prefetch_related("pictures")


def shown_reviews(product: Product) -> ShownReviews:
    """The same for all parts of a page that ask about the same row."""
    found: ShownReviews | None = getattr(product, "_shown_reviews", None)
    if found is None:
        found = product._shown_reviews = ShownReviews(product)
    return found


def read_stars(text: str) -> int | None:
    """A number of stars as an address has it; None for anything else."""
    return int(text) if text in {str(stars) for stars in EVERY_NUMBER_OF_STARS} else None
