"""What the search page shows for a query: products to browse, and everything else that fits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.models import Page

from catalog import cards, gathering, kept
from catalog.browsing import Listing
from catalog.gathering import Gathered
from catalog.models import CategoryPage, CollectionPage, ProductPage
from search import promotions
from search.engines import Found, engine

# Of what is no product.
MOST_OTHERS = 12
# Where a query finds no more than this, it may have been misspelt.
FEW = 3
MOST_INSTEAD = 8
PLACES = (CategoryPage, CollectionPage)


@dataclass(frozen=True)
class FoundProducts(Listing):
    """What a query finds, listed as a category lists its products; the best first."""

    found: Found = field(kw_only=True)

    @property
    def own_order(self) -> str:
        return _("Relevance")

    @property
    def ranked(self) -> QuerySet[ProductPage]:
        return self.found.by_relevance()

    def ordered(self, pages: QuerySet[ProductPage], sort: str = "") -> QuerySet[ProductPage]:
        return super().ordered(pages, sort) if sort else self.found.by_relevance(pages)


def results(request: HttpRequest, query: str, home: Page) -> dict[str, Any]:
    """For the template. Where nothing is found, what the query may have been meant to be."""
    context = _found(request, query, home)
    if context["page_obj"].paginator.count > FEW or context["chosen"]:
        return context
    meant = engine().did_you_mean(query, home)
    if context["is_anything"]:
        return context | {"did_you_mean": meant}
    if meant:
        return _found(request, meant, home) | {"instead_of": query}
    nearest = engine().nearest(query, home).by_relevance()[:MOST_INSTEAD]
    return context | {"nearest": cards.cards(nearest), "most_viewed": most_viewed(home)}


def _found(request: HttpRequest, query: str, home: Page) -> dict[str, Any]:
    found = engine().products(query, home)
    listing = FoundProducts(
        Gathered(found.pages, tags=("words",)),
        root=home.path,
        name=("search", home.pk, query),
        found=found,
    )
    context = listing.context(request, {"q": query})
    context |= {"query": query, "is_anything": context["page_obj"].paginator.count > 0}
    if not context["is_front"]:
        return context
    beside = kept.get(("beside", home.pk, query), lambda: _beside(query, home))
    context |= beside
    context["is_anything"] |= any(beside.values())
    return context


def _beside(query: str, home: Page) -> dict[str, list[Any]]:
    """What fits and is no product."""
    kept.shows("frame", "words")
    promoted = promotions.of(query, home)
    shown = {one.page.pk for one in promoted if one.page}
    others = [page for page in engine().others(query, home, MOST_OTHERS) if page.pk not in shown]
    return {"promoted": promoted, **_sections(others)}


def _sections(pages: Iterable[Page]) -> dict[str, list[Any]]:
    """Where products stand, and what is to be read."""
    places, words = [], []
    for page in pages:
        if isinstance(page, PLACES):
            places.append(page)
        else:
            about = page.search_description or strip_tags(getattr(page, "intro", ""))
            words.append(promotions.Hit(page.title, about, page))
    return {"places": places, "words": words}


def most_viewed(home: Page) -> list[cards.Card]:
    everything = gathering.everything(home.locale_id, home.path)
    return cards.cards_of_keys(Listing(everything, "viewed").first(MOST_INSTEAD))
