"""The facets of a listing: category, brand, price, attributes, rating, stock and offers.

The counts of a facet leave its own choice out: they say what another tick would find.
Their number of queries does not depend on how many products, values or facets there are.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import answers, bands, kept
from catalog.asked import (
    BRAND,
    CATEGORY,
    FLAGS,
    PRICE,
    RATING,
    RATINGS,
    TICKED,
    Asked,
)
from catalog.facet import Band, Chosen, Facet, Option, between
from catalog.facet_words import heading, label, range_label, worded
from catalog.figures import figures
from catalog.models.attributes import Attribute, ProductAttribute
from catalog.models.products import ProductPage

# Not a facet, but counted with them: no facet is named so.
TOTAL = ""
# All that a facet is counted over, beside its values, of which none is empty.
ALL = ""
# When a price of them changes by itself.
CHANGES = "changes"
# More values of one facet than this are no help; the most frequent ones are shown.
MOST_OPTIONS = 40


@dataclass(frozen=True)
class Counted:
    """How many pages meet all that is asked, and the facets that leave something to choose."""

    total: int
    facets: list[Facet]


class Facets:
    """What a listing can be narrowed down by. ``pages`` are all its product pages."""

    def __init__(
        self,
        pages: QuerySet[ProductPage],
        asked: Asked,
        besides: Iterable[tuple[str, str]] = (),
        tags: Iterable[str] = (),
    ) -> None:
        self.pages = pages.order_by()
        self.asked = asked
        # What an address says besides, such as the sort.
        self.besides = list(besides)
        # What the pages depend on.
        self.tags = tuple(tags)

    def narrowed(self) -> QuerySet[ProductPage]:
        """The pages that meet all that is asked."""
        return self.pages.filter(*self.asked.conditions())

    def counted(self, name: tuple[Hashable, ...] | None) -> tuple["Counted", kept.Notes]:
        """All of it, kept under a name if there is one, and what it shows."""
        with kept.noting() as notes:
            if name is None:
                found = self._count()
            else:
                key = "facets", get_language(), *name, *self.besides
                found = kept.get(key, self._count)
        kept.shows(*notes.tags)
        kept.until(notes.until)
        return found, notes

    def _count(self) -> "Counted":
        kept.shows("frame", *self.tags)
        found = Counted(self.total, self.all())
        kept.until(self._figures[TOTAL][CHANGES])
        return found

    def all(self) -> list[Facet]:
        """The facets that leave something to choose."""
        facets = [
            self._category(),
            self._brand(),
            self._price(),
            *self._attributes(),
            self._rating(),
            *map(self._flag, FLAGS),
        ]
        return [facet for facet in facets if facet.is_offered]

    @property
    def total(self) -> int:
        """How many pages meet all that is asked."""
        return self._figures[TOTAL][ALL]

    @cached_property
    def _figures(self) -> dict[str, dict[str, Any]]:
        count = Count("pk")
        return figures(
            self.pages,
            self.asked,
            {
                TOTAL: {ALL: count, CHANGES: Min("product__price_changes_at")},
                PRICE: {
                    "lowest": Min("product__lowest_price"),
                    "highest": Max("product__lowest_price"),
                },
                CATEGORY: {
                    slug: Count("pk", filter=place.pages)
                    for slug, place in self.asked.places.items()
                }
                | {ALL: count},
                RATING: {
                    stars: Count("pk", filter=Q(product__rating__gte=stars)) for stars in RATINGS
                }
                | {ALL: count},
                **{
                    key: {"yes": Count("pk", filter=Q(**{column: True})), ALL: count}
                    for key, column in FLAGS.items()
                },
            },
        )

    def chosen(self) -> list[Chosen]:
        """All that is asked, each with the way to ask for it no more."""
        asked, found = self.asked, []
        for key in asked.facets:
            name = heading(asked, key)
            for value in asked.values.get(key, ()):
                without = asked.without(key, value).query(self.besides)
                found.append(Chosen(name, label(asked, key, value), without))
            if key in asked.ranges:
                without = asked.without(key).query(self.besides)
                found.append(Chosen(name, range_label(asked, key), without))
        return found

    # What is known of every product

    def _category(self) -> Facet:
        counts = self._figures[CATEGORY]
        chosen = self.asked.values.get(CATEGORY, ())
        options = [
            Option(slug, place.title, counts[slug], slug in chosen)
            for slug, place in self.asked.places.items()
            if counts[slug] or slug in chosen
        ]
        narrows = any(option.count < counts[ALL] for option in options)
        name = heading(self.asked, CATEGORY)
        return Facet(CATEGORY, name, options, is_asked=bool(chosen), narrows=narrows)

    def _rating(self) -> Facet:
        counts = self._figures[RATING]
        chosen = self.asked.values.get(RATING, ())
        options = [
            Option(stars, label(self.asked, RATING, stars), counts[stars], stars in chosen)
            for stars in RATINGS
            # What all have narrows nothing down.
            if 0 < counts[stars] < counts[ALL] or stars in chosen
        ]
        if options:
            options.insert(0, Option("", _("Any"), counts[ALL], not chosen))
        name = heading(self.asked, RATING)
        return Facet(RATING, name, options, is_asked=bool(chosen), is_single=True)

    def _flag(self, key: str) -> Facet:
        """One box to tick, offered where it would leave some and not all."""
        counts = self._figures[key]
        is_asked = key in self.asked.values
        option = Option(TICKED, label(self.asked, key, TICKED), counts["yes"], is_asked)
        narrows = 0 < counts["yes"] < counts[ALL]
        return Facet(key, heading(self.asked, key), [option], is_asked=is_asked, narrows=narrows)

    def _brand(self) -> Facet:
        pages = self.pages.filter(*self.asked.conditions(but=BRAND), brand__isnull=False)
        rows = pages.values_list("brand", "brand__name").annotate(count=Count("pk"))
        rows = rows.order_by("-count", "brand__name")[:MOST_OPTIONS]
        chosen = self.asked.brands
        found = {
            str(pk): Option(str(pk), name, count, str(pk) in chosen) for pk, name, count in rows
        }
        for pk, name in chosen.items():
            found.setdefault(pk, Option(pk, name, 0, is_chosen=True))
        options = sorted(found.values(), key=lambda option: option.label.casefold())
        return Facet(BRAND, heading(self.asked, BRAND), options, is_asked=bool(chosen))

    def _price(self) -> Facet:
        pages = self.pages.filter(*self.asked.conditions(but=PRICE))
        ends = self._figures[PRICE]
        found = list(self._bands(pages, **ends)) if ends["lowest"] is not None else []
        return self._range(PRICE, ends["lowest"], ends["highest"], found)

    def _bands(self, pages: QuerySet, lowest: Decimal, highest: Decimal) -> Iterator[Band]:
        limits = list(bands.limits(lowest, highest))
        counts = pages.aggregate(
            **{
                f"band{number}": Count("pk", filter=bands.in_band(limit))
                for number, limit in enumerate(limits)
            }
        )
        for number, (low, high) in enumerate(limits):
            if counts[f"band{number}"]:
                ends = (
                    None if end is None else worded(self.asked, PRICE, end) for end in (low, high)
                )
                query = self.asked.with_range(PRICE, low, high).query(self.besides)
                yield Band(between(*ends), counts[f"band{number}"], query)

    # Attributes

    def _attributes(self) -> Iterator[Facet]:
        offered = self.asked.attributes
        numbers = [one for one in offered.values() if one.kind == answers.Kind.NUMBER]
        others = [one for one in offered.values() if one.kind != answers.Kind.NUMBER]
        ends = self._ends(numbers) if numbers else {}
        counts = self._counts(others) if others else {}
        for key, attribute in offered.items():
            if attribute.kind == answers.Kind.NUMBER:
                yield self._range(key, *ends.get(attribute.pk, (None, None)))
            else:
                yield self._choices(key, attribute, counts.get(attribute.pk, {}))

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

    def _ends(self, attributes: list[Attribute]) -> dict[int, tuple[Decimal, Decimal]]:
        rows = self._answers(attributes).values_list("attribute")
        ends = rows.annotate(lowest=Min("number"), highest=Max("number"))
        return {attribute: (lowest, highest) for attribute, lowest, highest in ends}

    def _counts(self, attributes: list[Attribute]) -> dict[int, dict[str, int]]:
        rows = self._answers(attributes).values_list("attribute", "value")
        rows = rows.annotate(count=Count("pk")).order_by("-count", "value")
        counts: dict[int, dict[str, int]] = {}
        for attribute, value, count in rows[: MOST_OPTIONS * len(attributes)]:
            found = counts.setdefault(attribute, {})
            if len(found) < MOST_OPTIONS:
                found[value] = count
        return counts

    def _choices(self, key: str, attribute: Attribute, counts: dict[str, int]) -> Facet:
        chosen = self.asked.values.get(key, ())
        found = {**dict.fromkeys(chosen, 0), **counts}
        known = [answers.YES, answers.NO]
        if attribute.kind == answers.Kind.CHOICE:
            known = [choice.name for choice in attribute.choices.all()]
        place = {value: number for number, value in enumerate(known)}
        values = sorted(found, key=lambda value: (place.get(value, len(place)), value.casefold()))
        options = [
            Option(value, attribute.shown(value), found[value], value in chosen) for value in values
        ]
        return Facet(key, attribute.name, options, is_asked=bool(chosen))

    def _range(
        self,
        key: str,
        lowest: Decimal | None,
        highest: Decimal | None,
        bands: Iterable[Band] = (),
    ) -> Facet:
        low, high = self.asked.ranges.get(key, (None, None))
        is_asked = key in self.asked.ranges
        if lowest is None and is_asked:
            # Nothing is left to speak of; what is asked must still be shown to be changed.
            lowest = highest = low if low is not None else high
        unit = self.asked.attributes[key].unit if key != PRICE else settings.SHOP_CURRENCY
        return Facet(
            key,
            heading(self.asked, key),
            bands=list(bands),
            lowest=lowest,
            highest=highest,
            asked_from=low,
            asked_to=high,
            unit=unit,
            is_asked=is_asked,
        )
