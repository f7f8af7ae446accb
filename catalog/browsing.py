"""Browse what a page lists: narrowed down, sorted, page by page, the same for all that list."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Min, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog import cards, columns, kept, listing, places, sorts
from catalog.asked import Asked
from catalog.facets import Facets
from catalog.gathering import Gathered
from catalog.models.products import ProductPage
from catalog.models.skus import Product
from catalog.narrowing import narrowed
from catalog.sorted_keys import SortedKeys

PRODUCTS_PER_PAGE = 24


class SoldOut(models.TextChoices):
    """What a listing does with products of which nothing is to be had."""

    KEEP = "keep", _("stay where they are")
    END = "end", _("go to the end")
    HIDE = "hide", _("are left out")


@dataclass(frozen=True)
class Listing:
    """What a page lists, and how it wants it listed unless a shopper asks otherwise."""

    gathered: Gathered
    sort: str = sorts.DEFAULT_SORT
    sold_out: str = SoldOut.KEEP
    # Of more than this only the first are listed, in the order of the page.
    most: int | None = None
    # The path of the page whose categories can be chosen from; none can without one.
    root: str = ""
    # What it is kept under, and what changes with it (``catalog.kept``); without a name nothing
    # of it is kept.
    name: tuple[Hashable, ...] | None = None
    tags: tuple[str, ...] = ("listed",)

    @property
    def own_order(self) -> str:
        """What the order of the page itself is called, if no sort that can be chosen gives it."""
        return _("Our choice") if self.gathered.first else ""

    @property
    def ranked(self) -> QuerySet[ProductPage] | None:
        """All that is listed in an order of its own that no sort gives, if there is one."""
        return None

    @property
    def hides_sold_out(self) -> bool:
        return self.sold_out == SoldOut.HIDE

    @property
    def shows_sold_out_last(self) -> bool:
        return self.sold_out == SoldOut.END

    def pages(self) -> QuerySet[ProductPage]:
        """All that is listed, in no order."""
        pages = self.gathered.pages
        if self.hides_sold_out:
            pages = pages.filter(product__in_stock=True)
        if self.most is not None:
            # Read once: facets and counts ask for the same few pages again and again.
            ordered = self.ordered(pages)
            first = SortedKeys(ordered, self.most, self.kept_as("first"), self.tags, self.sort)
            pages = ProductPage.objects.filter(pk__in=first[: self.most])
        return pages

    def ordered(self, pages: QuerySet[ProductPage], sort: str = "") -> QuerySet[ProductPage]:
        """By a key of ``sorts.SORTS``; by default as the page itself wants it."""
        order = list(sorts.SORTS[sorts.known_sort(sort or self.sort)][1])
        if not sort and self.gathered.first:
            order.insert(0, self.gathered.rank())
        if self.shows_sold_out_last:
            order.insert(0, "-product__in_stock")
        return pages.order_by(*order)

    def first(self, most: int) -> list[int]:
        """The keys of the first pages of it."""
        with columns.using() as current:
            if current is not None:
                return narrowed(self, Asked({}), current).keys("")[:most]
        return list(self.ordered(self.pages()).values_list("pk", flat=True)[:most])

    def context(
        self, request: HttpRequest, kept_pairs: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """For the template: the cards of one page, the sorts, the facets and what is chosen.

        ``kept_pairs`` are parameters of the address that are neither facet nor sort.
        """
        # Price facets and rules about prices rest on columns that a price may have outrun.
        _refresh_due()
        default = "" if self.own_order else self.sort
        sort = sorts.known_sort(request.GET.get("sort"), default)
        pairs = list((kept_pairs or {}).items())
        if sort != default:
            pairs.append(("sort", sort))
        asked = Asked.read(request.GET, places.below(self.root) if self.root else {})
        name = self.kept_as(asked.query()) if asked.is_common else None
        with columns.using() as current:
            found = narrowed(self, asked, current, name)
            facets = Facets(found.counts, pairs, self.tags)
            counted, notes = facets.counted(name)
            page = Paginator(found.keys(sort), PRODUCTS_PER_PAGE).get_page(request.GET.get("page"))
        return {
            "page_obj": page,
            "cards": cards.cards_of_keys(page.object_list),
            "sorts": sorts.SORTS,
            "sort": sort,
            "usual_sort": default,
            "own_order": self.own_order,
            "facets": counted.facets,
            "facets_name": name and (*name, *pairs),
            "facets_notes": notes,
            "chosen": facets.chosen(),
            "kept": kept_pairs or {},
            "all_products": Asked({}).query(pairs),
            "is_front": page.number == 1 and not asked,
        }

    def kept_as(self, part: str) -> tuple[Hashable, ...] | None:
        """The name of something of this listing."""
        return None if self.name is None else (*self.name, part)


def _refresh_due() -> None:
    """Have those columns refreshed if a price has changed by itself; mostly asks nothing."""
    # Whose price that is does not concern this listing: it says itself until when it is right.
    with kept.noting():
        changes = kept.get("next change of a price", _next_change)
    if changes is not None and changes <= timezone.now():
        listing.refresh_due()


def _next_change() -> datetime | None:
    # Writing or withdrawing a price tells so.
    kept.shows("listed")
    with columns.using() as current:
        if current is not None:
            return current.next_change(current.everything)
    return Product.objects.aggregate(first=Min("price_changes_at"))["first"]
