"""The facets of a listing: category, brand, price, attributes, rating, stock and offers.

The counts of a facet leave its own choice out: they say what another tick would find.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import answers, bands, kept
from catalog.asked import BRAND, CATEGORY, FLAGS, PRICE, RATING, RATINGS, TICKED, Asked
from catalog.counting import Counts
from catalog.facet import Band, Chosen, Facet, Option, between
from catalog.facet_words import heading, label, range_label, worded
from catalog.models.attributes import Attribute


@dataclass(frozen=True)
class Counted:
    """How many pages meet all that is asked, and the facets that leave something to choose."""

    total: int
    facets: list[Facet]


class Facets:
    """What a listing can be narrowed down by, as ``counts`` has it for all of its pages."""

    def __init__(
        self, counts: Counts, besides: Iterable[tuple[str, str]] = (), tags: Iterable[str] = ()
    ) -> None:
        self.counts = counts
        self.asked: Asked = counts.asked
        # What an address says besides, such as the sort.
        self.besides = list(besides)
        # What the pages depend on.
        self.tags = tuple(tags)

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
        found = Counted(self.counts.total, self.all())
        kept.until(self.counts.changes_at)
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
        counts = self.counts.among(CATEGORY)
        chosen = self.asked.values.get(CATEGORY, ())
        options = [
            Option(slug, place.title, counts.of[slug], slug in chosen)
            for slug, place in self.asked.places.items()
            if counts.of[slug] or slug in chosen
        ]
        narrows = any(option.count < counts.all for option in options)
        name = heading(self.asked, CATEGORY)
        return Facet(CATEGORY, name, options, is_asked=bool(chosen), narrows=narrows)

    def _rating(self) -> Facet:
        counts = self.counts.among(RATING)
        chosen = self.asked.values.get(RATING, ())
        options = [
            Option(stars, label(self.asked, RATING, stars), counts.of[stars], stars in chosen)
            for stars in RATINGS
            # What all have narrows nothing down.
            if 0 < counts.of[stars] < counts.all or stars in chosen
        ]
        if options:
            options.insert(0, Option("", _("Any"), counts.all, not chosen))
        name = heading(self.asked, RATING)
        return Facet(RATING, name, options, is_asked=bool(chosen), is_single=True)

    def _flag(self, key: str) -> Facet:
        """One box to tick, offered where it would leave some and not all."""
        counts = self.counts.among(key)
        is_asked = key in self.asked.values
        ticked = counts.of["yes"]
        option = Option(TICKED, label(self.asked, key, TICKED), ticked, is_asked)
        narrows = 0 < ticked < counts.all
        return Facet(key, heading(self.asked, key), [option], is_asked=is_asked, narrows=narrows)

    def _brand(self) -> Facet:
        chosen = self.asked.brands
        found = {
            key: Option(key, name, count, key in chosen)
            for key, name, count in self.counts.brands()
        }
        for key, name in chosen.items():
            found.setdefault(key, Option(key, name, 0, is_chosen=True))
        options = sorted(found.values(), key=lambda option: option.label.casefold())
        return Facet(BRAND, heading(self.asked, BRAND), options, is_asked=bool(chosen))

    def _price(self) -> Facet:
        lowest, highest = self.counts.prices
        found: list[Band] = []
        if lowest is not None and highest is not None:
            found = list(self._bands(lowest, highest))
        return self._range(PRICE, lowest, highest, found)

    def _bands(self, lowest: Decimal, highest: Decimal) -> Iterator[Band]:
        limits = list(bands.limits(lowest, highest))
        for (low, high), count in zip(limits, self.counts.bands(limits), strict=True):
            if count:
                ends = (
                    None if end is None else worded(self.asked, PRICE, end) for end in (low, high)
                )
                query = self.asked.with_range(PRICE, low, high).query(self.besides)
                yield Band(between(*ends), count, query)

    # Attributes

    def _attributes(self) -> Iterator[Facet]:
        offered = self.asked.attributes
        numbers = [one for one in offered.values() if one.kind == answers.Kind.NUMBER]
        others = [one for one in offered.values() if one.kind != answers.Kind.NUMBER]
        ends = self.counts.ends(numbers) if numbers else {}
        counts = self.counts.answers(others) if others else {}
        for key, attribute in offered.items():
            if attribute.kind == answers.Kind.NUMBER:
                yield self._range(key, *ends.get(attribute.pk, (None, None)))
            else:
                yield self._choices(key, attribute, counts.get(attribute.pk, {}))

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
