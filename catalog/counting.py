"""How much of a listing each choice of its facets would leave: what is counted, and in SQL.

There are two ways to count: here, in the database, and in the columns that a process has in its
memory (``catalog.columns``), which is what shoppers are answered from. Both count the same.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from catalog import bands
from catalog.asked import BRAND, CATEGORY, FLAGS, PRICE, RATING, RATINGS, Asked
from catalog.figures import figures
from catalog.models.attributes import Attribute, ProductAttribute
from catalog.models.products import ProductPage

# More values of one facet than this are no help; the most frequent ones are counted.
MOST_OPTIONS = 40

Ends = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True)
class Among:
    """Of so many, how many would be left by each choice of a facet."""

    all: int
    of: dict[str, int]


class Counts(ABC):
    """Of the pages that meet what is asked. What counts for a facet leaves its own choice out."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    @property
    @abstractmethod
    def total(self) -> int:
        """How many pages meet all that is asked."""

    @property
    @abstractmethod
    def changes_at(self) -> datetime | None:
        """When a price of them changes by itself."""

    @property
    @abstractmethod
    def prices(self) -> Ends:
        """The lowest and the highest price."""

    @abstractmethod
    def bands(self, limits: Sequence[Ends]) -> list[int]:
        """How many have a price within these limits, the ends included."""

    @abstractmethod
    def among(self, key: str) -> Among:
        """Of the categories, the ratings or a flag, by the value that the address has."""

    @abstractmethod
    def brands(self) -> list[tuple[str, str, int]]:
        """(key, name, how many) of the most frequent brands, those first."""

    @abstractmethod
    def ends(self, attributes: Iterable[Attribute]) -> dict[int, Ends]:
        """The lowest and the highest answer to attributes that are numbers."""

    @abstractmethod
    def answers(self, attributes: Sequence[Attribute]) -> dict[int, dict[str, int]]:
        """By attribute the most frequent answers, each with how many give it."""


class SqlCounts(Counts):
    """Counted in the database. The number of queries does not depend on what there is to count."""

    def __init__(self, pages: QuerySet[ProductPage], asked: Asked) -> None:
        super().__init__(asked)
        self.pages = pages.order_by()

    def narrowed(self) -> QuerySet[ProductPage]:
        """The pages that meet all that is asked."""
        return self.pages.filter(*self.asked.conditions())

    @property
    def total(self) -> int:
        return self._figures[""]["all"]

    @property
    def changes_at(self) -> datetime | None:
        return self._figures[""]["changes"]

    @property
    def prices(self) -> Ends:
        found = self._figures[PRICE]
        return found["lowest"], found["highest"]

    @cached_property
    def _figures(self) -> dict[str, dict[str, Any]]:
        count = Count("pk")
        chosen = {
            CATEGORY: {slug: place.pages for slug, place in self.asked.places.items()},
            RATING: {stars: Q(product__rating__gte=stars) for stars in RATINGS},
            **{key: {"yes": Q(**{column: True})} for key, column in FLAGS.items()},
        }
        return figures(
            self.pages,
            self.asked,
            {
                # No facet is named so.
                "": {"all": count, "changes": Min("product__price_changes_at")},
                PRICE: {
                    "lowest": Min("product__lowest_price"),
                    "highest": Max("product__lowest_price"),
                },
                **{
                    # No value of a facet is empty.
                    key: {"": count}
                    | {name: Count("pk", filter=meets) for name, meets in values.items()}
                    for key, values in chosen.items()
                },
            },
        )

    def among(self, key: str) -> Among:
        found = dict(self._figures[key])
        return Among(found.pop(""), found)

    def bands(self, limits: Sequence[Ends]) -> list[int]:
        pages = self.pages.filter(*self.asked.conditions(but=PRICE))
        counts = {
            f"band{number}": Count("pk", filter=bands.in_band(limit))
            for number, limit in enumerate(limits)
        }
        return list(pages.aggregate(**counts).values()) if counts else []

    def brands(self) -> list[tuple[str, str, int]]:
        pages = self.pages.filter(*self.asked.conditions(but=BRAND), brand__isnull=False)
        rows = pages.values_list("brand", "brand__name").annotate(count=Count("pk"))
        rows = rows.order_by("-count", "brand__name")[:MOST_OPTIONS]
        return [(str(key), name, count) for key, name, count in rows]

    def _answers(self, attributes: Iterable[Attribute]) -> QuerySet[ProductAttribute]:
        """The answers of products that meet all that is asked of other attributes."""
        keys = [key for key in self.asked.facets if key not in self.asked.attributes]
        pages = self.pages.filter(*map(self.asked.condition, keys))
        rows = ProductAttribute.objects.filter(
            attribute__in=list(attributes), page__in=pages.values("pk")
        ).order_by()
        for key in self.asked.facets:
            if attribute := self.asked.attributes.get(key):
                rows = rows.filter(Q(attribute=attribute) | self.asked.condition(key, "page"))
        return rows

    def ends(self, attributes: Iterable[Attribute]) -> dict[int, Ends]:
        rows = self._answers(attributes).values_list("attribute")
        ends = rows.annotate(lowest=Min("number"), highest=Max("number"))
        return {attribute: (lowest, highest) for attribute, lowest, highest in ends}

    def answers(self, attributes: Sequence[Attribute]) -> dict[int, dict[str, int]]:
        rows = self._answers(attributes).values_list("attribute", "value")
        rows = rows.annotate(count=Count("pk")).order_by("-count", "value")
        counts: dict[int, dict[str, int]] = {}
        for attribute, value, count in rows[: MOST_OPTIONS * len(attributes)]:
            found = counts.setdefault(attribute, {})
            if len(found) < MOST_OPTIONS:
                found[value] = count
        return counts
