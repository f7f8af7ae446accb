"""What every search engine answers, whichever the shop uses."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page

from catalog.models import ProductPage


@dataclass(frozen=True)
class Found:
    """The products that a query finds."""

    # In no order, so that facets can count in them and narrow them down.
    pages: QuerySet[ProductPage]
    # For ``order_by``: the best first.
    order: tuple[Any, ...]

    def by_relevance(self, pages: QuerySet[ProductPage] | None = None) -> QuerySet[ProductPage]:
        """The best first: of all that was found, or of a part of it that was narrowed down."""
        return (self.pages if pages is None else pages).order_by(*self.order)


@dataclass(frozen=True)
class Suggestions:
    """What somebody may be about to write, while they do."""

    products: list[tuple[str, ProductPage]] = field(default_factory=list)
    # Categories, collections, articles and other pages.
    pages: list[Page] = field(default_factory=list)
    # Whole queries: what was written, with its last word finished.
    words: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.products or self.pages or self.words)


class Engine(ABC):
    """Finds what is live and open to everybody below ``home``, one language's home page.

    Whatever is asked, an answer is not an error: without words nothing is found.
    """

    # Whether it keeps words of its own, and is told of changes.
    is_told = False

    @abstractmethod
    def products(self, query: str, home: Page) -> Found:
        """Products in which every word occurs."""

    @abstractmethod
    def nearest(self, query: str, home: Page) -> Found:
        """Products in which any of the words occurs, those with most of them first."""

    @abstractmethod
    def others(self, query: str, home: Page, limit: int = 8) -> list[Page]:
        """Categories, collections, articles and pages, each as its own model, the best first."""

    @abstractmethod
    def suggest(self, text: str, home: Page, limit: int = 6) -> Suggestions:
        """At most ``limit`` of each kind, for an unfinished query."""

    @abstractmethod
    def did_you_mean(self, query: str, home: Page) -> str | None:
        """The query with its misspelt words corrected; None if that would find nothing."""

    def note_changed(self, keys: Sequence[int]) -> None:  # noqa: B027 - most need not know
        """The words of these pages were written anew, in the transaction that is open."""

    def tell(self) -> int:
        """Tell whoever keeps words of their own what is noted; how many pages that were."""
        return 0
