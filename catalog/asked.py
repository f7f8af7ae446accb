"""What a shopper asks of a listing, read from the address. What is not known is not there.

Within a facet any of the chosen values is enough; across facets all must be met.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Self
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Exists, Q
from django.http import QueryDict

from catalog import answers, kept
from catalog.models.attributes import Attribute, ProductAttribute
from catalog.models.products import Brand
from catalog.places import Place

CATEGORY = "category"
BRAND = "brand"
PRICE = "price"
RATING = "rating"
STOCK = "stock"
SALE = "sale"
# What is ticked or not, and the column that says so.
FLAGS = {STOCK: "product__in_stock", SALE: "product__on_sale"}
TICKED = "1"
# How an address asks for these; those of attributes are made by ``key_of``.
PARAMETERS = (CATEGORY, BRAND, RATING, STOCK, SALE, f"{PRICE}_from", f"{PRICE}_to")
# So many stars and up.
RATINGS = ("4", "3", "2")
# An address may name this many values of a facet; more only cost time.
MOST_CHOSEN = 40
LONGEST_NUMBER = 24
# Beyond this a number fits none of the columns.
HIGHEST_LIMIT = Decimal(10) ** 11

Range = tuple[Decimal | None, Decimal | None]


def key_of(attribute: Attribute) -> str:
    """The name by which an address asks for an attribute."""
    return f"a{attribute.pk}"


@dataclass(frozen=True)
class Asked:
    """Values by facet, and ranges by facet, of the attributes that are offered as filters."""

    attributes: Mapping[str, Attribute]
    brands: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    # The categories that are offered, by slug.
    places: Mapping[str, Place] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict, places: Mapping[str, Place] | None = None) -> Self:
        """Two queries for the attributes, where they are not kept; up to two more for values."""
        places = places or {}
        attributes = kept.get("attributes that are facets", _offered)
        numbers = [key for key, one in attributes.items() if one.kind == answers.Kind.NUMBER]
        ranges = {
            key: limits
            for key in (PRICE, *numbers)
            if (limits := (_limit(data.get(f"{key}_from")), _limit(data.get(f"{key}_to"))))
            != (None, None)
        }
        brands = _known_brands(_texts(data, BRAND))
        texts = {key: _texts(data, key) for key in attributes if key not in numbers}
        values = {
            CATEGORY: tuple(slug for slug in _texts(data, CATEGORY) if slug in places),
            BRAND: tuple(brands),
            **_known_values(attributes, texts),
            RATING: tuple(stars for stars in _texts(data, RATING) if stars in RATINGS)[:1],
            **{key: (TICKED,) for key in FLAGS if TICKED in _texts(data, key)},
        }
        chosen = {key: found for key, found in values.items() if found}
        return cls(attributes, brands, chosen, ranges, places)

    def __bool__(self) -> bool:
        return bool(self.values or self.ranges)

    @property
    def is_common(self) -> bool:
        """Whether others ask the same: nothing, or a single value. Only that is worth keeping."""
        return not self.ranges and sum(map(len, self.values.values())) <= 1

    def without(self, key: str, value: str | None = None) -> "Asked":
        """Without one value of a facet, or without the facet."""
        values, ranges = dict(self.values), dict(self.ranges)
        kept = tuple(other for other in values.pop(key, ()) if value is not None and other != value)
        if kept:
            values[key] = kept
        ranges.pop(key, None)
        return replace(self, values=values, ranges=ranges)

    def with_range(self, key: str, low: Decimal | None, high: Decimal | None) -> "Asked":
        return replace(self, ranges={**self.ranges, key: (low, high)})

    def query(self, kept: Iterable[tuple[str, str]] = ()) -> str:
        """The query of the address that asks for this, to follow from the page itself.

        ``kept`` are the parameters that are no facets, such as the sort.
        """
        pairs = list(kept)
        pairs += [(key, value) for key, values in self.values.items() for value in values]
        for key, limits in self.ranges.items():
            for end, limit in zip(("from", "to"), limits, strict=True):
                if limit is not None:
                    pairs.append((f"{key}_{end}", format(limit, "f")))
        return f"?{urlencode(pairs)}"

    @property
    def facets(self) -> tuple[str, ...]:
        """The keys of the facets that are asked for."""
        return (*self.values, *self.ranges)

    def conditions(self, but: str = "") -> Iterator[Q]:
        """What a product page must meet: one condition for each facet, but for one."""
        for key in self.facets:
            if key != but:
                yield self.condition(key)

    def condition(self, key: str, page: str = "pk") -> Q:
        """What is asked of one facet; of an attribute also where ``page`` leads to the page."""
        if key not in self.attributes:
            return self._condition_of_facts(key)
        rows = ProductAttribute.objects.filter(attribute=self.attributes[key]).order_by()
        if key in self.ranges:
            rows = rows.filter(_between("number", self.ranges[key]))
        else:
            rows = rows.filter(value__in=self.values[key])
        # A set that is made once: an EXISTS behind an OR would be asked for each row.
        return Q(**{f"{page}__in": rows.values("page")})

    def _condition_of_facts(self, key: str) -> Q:
        if key == PRICE:
            return _between("product__lowest_price", self.ranges[key])
        if key == CATEGORY:
            return reduce(or_, (self.places[slug].pages for slug in self.values[key]))
        if key == BRAND:
            return Q(brand__in=self.values[key])
        if key == RATING:
            return Q(product__rating__gte=self.values[key][0])
        return Q(**{FLAGS[key]: True})


def _offered() -> dict[str, Attribute]:
    kept.shows("frame")
    offered = Attribute.objects.filter(is_facet=True).prefetch_related("choices")
    return {key_of(attribute): attribute for attribute in offered}


def _texts(data: QueryDict, key: str) -> list[str]:
    # PostgreSQL refuses a text with NUL, which no answer has.
    texts = [text for text in data.getlist(key)[:MOST_CHOSEN] if text and "\x00" not in text]
    return list(dict.fromkeys(texts))


def _limit(text: str | None) -> Decimal | None:
    """A number as a shopper may write it; None for what is none or does not fit a column."""
    if not text or len(text) > LONGEST_NUMBER:
        return None
    try:
        amount = answers.number(answers.understood(text, answers.Kind.NUMBER))
    except ValidationError:
        return None
    return amount if amount is not None and abs(amount) < HIGHEST_LIMIT else None


def _known_brands(texts: list[str]) -> dict[str, str]:
    ids = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]
    if not ids:
        return {}
    found = Brand.objects.filter(pk__in=ids).values_list("pk", "name")
    return {str(pk): name for pk, name in found}


def _known_values(
    attributes: Mapping[str, Attribute], texts: Mapping[str, list[str]]
) -> dict[str, tuple[str, ...]]:
    """Of what is asked, what some product answers; in the order asked."""
    wanted = [(key, value) for key, values in texts.items() for value in values]
    if not wanted:
        return {}
    # Each is looked up in the index; to read all that are given takes as long as there are many.
    given = [
        Exists(ProductAttribute.objects.filter(attribute=attributes[key], value=value))
        for key, value in wanted
    ]
    some = attributes[wanted[0][0]].pk
    known = Attribute.objects.filter(pk=some).order_by().values_list(*given).first() or ()
    is_known = dict(zip(wanted, known, strict=False))
    return {
        key: tuple(text for text in values if is_known.get((key, text)))
        for key, values in texts.items()
    }


def _between(column: str, limits: Range) -> Q:
    low, high = limits
    condition = Q()
    if low is not None:
        condition &= Q(**{f"{column}__gte": low})
    if high is not None:
        condition &= Q(**{f"{column}__lte": high})
    return condition
