"""Read from the database what a listing asks of product pages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import DecimalField, IntegerField, Q, QuerySet, UUIDField, Value

from catalog import answers
from catalog.models.attributes import Attribute, ProductAttribute
from catalog.models.products import ProductCategory, ProductPage
from catalog.visibility import public_of_many

# An "in" with more keys than this takes longer than reading a part of the shop.
KEYS_AT_ONCE = 500
# Of more, what is read and dropped again makes the process larger for good.
ROWS_AT_ONCE = 500
FIELDS = (
    "pk",
    "path",
    "locale_id",
    "alias_of_id",
    "product_id",
    "brand_id",
    "brand__name",
    "title",
    "first_published_at",
    "product__lowest_price",
    "product__price_changes_at",
    "product__in_stock",
    "product__on_sale",
    "product__sold_30_days",
    "product__views",
    "product__total_likes",
    "product__total_reviews",
    "product__rating",
)


@dataclass(slots=True)
class Row:
    """A live page that everybody may see, and the facts of its product."""

    pk: int
    path: str
    locale: int
    alias_of: int | None
    product: int
    brand: int | None
    brand_name: str
    title: str
    published: datetime | None
    price: Decimal | None
    price_changes: datetime | None
    in_stock: bool
    on_sale: bool
    sold: int
    views: int
    likes: int
    reviews: int
    rating: Decimal | None
    # None where only facts were read: the story says them, and has not changed.
    story: "Story | None" = None


@dataclass(slots=True)
class Story:
    """What the page answers by attribute, and the keys of the further categories that list it."""

    texts: dict[int, str] = field(default_factory=dict)
    numbers: dict[int, Decimal] = field(default_factory=dict)
    further: tuple[UUID, ...] = ()


def facets() -> tuple[set[int], set[int]]:
    """The attributes that shoppers narrow down by: those answered by a text, and by a number."""
    offered = dict(Attribute.objects.filter(is_facet=True).values_list("pk", "kind"))
    numbers = {key for key, kind in offered.items() if kind == answers.Kind.NUMBER}
    return offered.keys() - numbers, numbers


def every(texts: set[int], numbers: set[int]) -> Iterator[list[Row]]:
    """Of all pages of products that everybody may see, some hundred at a time."""
    pages = _shown().order_by("pk").iterator(ROWS_AT_ONCE)
    while rows := _read(islice(pages, ROWS_AT_ONCE)):
        # An "in" with so many keys would take longer to be written than to be answered.
        between = Q(page__gte=min(rows), page__lte=max(rows))
        yield _with_stories(rows, between, texts, numbers)


def some(
    pages: Iterable[int], products: Iterable[int], texts: set[int], numbers: set[int]
) -> list[Row]:
    """The same of some pages; and of all pages of some products their facts."""
    pages, products = list(pages), list(products)
    found: dict[int, Row] = {}
    for start in range(0, max(len(pages), len(products)), KEYS_AT_ONCE):
        end = start + KEYS_AT_ONCE
        part = Q(pk__in=pages[start:end]) | Q(product__in=products[start:end])
        rows = _read(_shown().filter(part))
        told = {key: rows[key] for key in pages[start:end] if key in rows}
        if told:
            _with_stories(told, Q(page__in=list(told)), texts, numbers)
        found |= {key: row for key, row in rows.items() if row.story or key not in found}
    return list(found.values())


def _shown() -> QuerySet[ProductPage]:
    pages = public_of_many(ProductPage.objects)
    return pages.filter(product__isnull=False).order_by().values_list(*FIELDS)


def _read(values: Iterable[tuple[Any, ...]]) -> dict[int, Row]:
    return {row[0]: Row(*row) for row in values}


def _with_stories(
    rows: dict[int, Row], of_page: Q, texts: set[int], numbers: set[int]
) -> list[Row]:
    for row in rows.values():
        row.story = Story()
    answers = ProductAttribute.objects.filter(of_page, attribute__in=texts | numbers).order_by()
    further = ProductCategory.objects.filter(of_page).order_by()
    none = Value(None, UUIDField())
    # One query for both; a row is either.
    columns = answers.values_list("page_id", "attribute_id", "value", "number", none).union(
        further.values_list(
            "page_id",
            Value(None, IntegerField()),
            Value(""),
            Value(None, DecimalField()),
            "category__translation_key",
        ),
        all=True,
    )
    for page, attribute, value, number, category in columns:
        if page not in rows:
            continue
        story = rows[page].story
        if category is not None:
            story.further += (category,)
        elif attribute in texts:
            story.texts[attribute] = value
        elif number is not None:
            story.numbers[attribute] = number
    return list(rows.values())
