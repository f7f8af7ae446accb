"""The facets of a listing: brand, price, and the attributes that are offered as filters.

The counts of a facet leave its own choice out: they say what another tick would find.
Their number of queries does not depend on how many products, values or facets there are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from catalog import answers, bands
from catalog.asked import BRAND, PRICE, Asked
from catalog.models.attributes import Attribute, ProductAttribute
from catalog.models.products import ProductPage
from catalog.money import format_money

# More values of one facet than this are no help; the most frequent ones are shown.
MOST_OPTIONS = 40


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True)
class Band:
    """A part of a range, to follow."""

    label: str
    count: int
    query: str


@dataclass(frozen=True)
class Facet:
    """One question to narrow a listing down by: options to tick, or a range from and to."""

    key: str
    heading: str
    options: list[Option] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    lowest: Decimal | None = None
    highest: Decimal | None = None
    asked_from: Decimal | None = None
    asked_to: Decimal | None = None
    unit: str = ""
    is_asked: bool = False

    @property
    def is_range(self) -> bool:
        return self.lowest is not None

    @property
    def text_lowest(self) -> str:
        return _written(self.lowest)

    @property
    def text_highest(self) -> str:
        return _written(self.highest)

    @property
    def text_from(self) -> str:
        return _written(self.asked_from)

    @property
    def text_to(self) -> str:
        return _written(self.asked_to)


@dataclass(frozen=True)
class Chosen:
    """Something the listing is narrowed down by, and the address without it."""

    heading: str
    label: str
    without: str


class Facets:
    """What a listing can be narrowed down by. ``pages`` are all its product pages."""

    def __init__(self, pages: QuerySet[ProductPage], asked: Asked, sort: str = "") -> None:
        self.pages = pages.order_by()
        self.asked = asked
        self.sort = sort

    def narrowed(self) -> QuerySet[ProductPage]:
        """The pages that meet all that is asked."""
        return self.pages.filter(*self.asked.conditions())

    def all(self) -> list[Facet]:
        """The facets that leave something to choose."""
        facets = [self._brand(), self._price(), *self._attributes()]
        return [
            facet
            for facet in facets
            if facet.is_asked or len(facet.options) > 1 or (facet.lowest != facet.highest)
        ]

    def chosen(self) -> list[Chosen]:
        """All that is asked, each with the way to ask for it no more."""
        found = []
        for key in self.asked.facets:
            for value in self.asked.values.get(key, ()):
                without = self.asked.without(key, value).query(self.sort)
                found.append(Chosen(self._heading(key), self._label(key, value), without))
            if key in self.asked.ranges:
                without = self.asked.without(key).query(self.sort)
                found.append(Chosen(self._heading(key), self._range_label(key), without))
        return found

    def _heading(self, key: str) -> str:
        if key in self.asked.attributes:
            return self.asked.attributes[key].name
        return _("Brand") if key == BRAND else _("Price")

    def _label(self, key: str, value: str) -> str:
        return self.asked.brands[value] if key == BRAND else self._shown(key, value)

    def _shown(self, key: str, value: str | Decimal) -> str:
        if key == PRICE:
            return format_money(Decimal(value), settings.SHOP_CURRENCY)
        return self.asked.attributes[key].shown(str(value))

    def _range_label(self, key: str) -> str:
        low, high = (
            None if end is None else self._shown(key, end) for end in self.asked.ranges[key]
        )
        return between(low, high)

    # Brand and price

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
        return Facet(BRAND, self._heading(BRAND), options, is_asked=bool(chosen))

    def _price(self) -> Facet:
        pages = self.pages.filter(*self.asked.conditions(but=PRICE))
        ends = pages.aggregate(
            lowest=Min("product__lowest_price"), highest=Max("product__lowest_price")
        )
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
                ends = (None if end is None else self._shown(PRICE, end) for end in (low, high))
                query = self.asked.with_range(PRICE, low, high).query(self.sort)
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
        keys = [key for key in self.asked.facets if key in (BRAND, PRICE)]
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
            self._heading(key),
            bands=list(bands),
            lowest=lowest,
            highest=highest,
            asked_from=low,
            asked_to=high,
            unit=unit,
            is_asked=is_asked,
        )


def between(low: str | None, high: str | None) -> str:
    """A range in words, where either end may be open."""
    if low is None:
        return _("up to %(high)s") % {"high": high}
    if high is None:
        return _("from %(low)s") % {"low": low}
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _written(amount: Decimal | None) -> str:
    """As a shopper of the active language would write it into a field."""
    if amount is None:
        return ""
    plain = format(amount, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return number_format(Decimal(plain), use_l10n=True, force_grouping=False)
