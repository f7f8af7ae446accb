"""What of a page stands in the columns that are whole numbers, or sorted by. Pure."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

from catalog.asked import RATINGS
from catalog.columns.rows import Row
from catalog.money import DECIMAL_PLACES

# Sorts after, or before, all that there is.
LAST = 2**63 - 1
FIRST = -1
# As ``ProductAttribute.number`` has them.
ANSWER_PLACES = 6
RATING_PLACES = 2
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def sorting_name(title: str) -> str:
    """By what a title is sorted: without regard to case and accents."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def whole(number: Decimal | None, places: int) -> int | None:
    """A number as so many of its smallest parts."""
    return None if number is None else int(number.scaleb(places))


def microseconds(moment: datetime | None) -> int | None:
    """Since 1970, exactly."""
    if moment is None:
        return None
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def stars(rating: Decimal | None) -> str | None:
    """The most stars "and up" that a rating meets."""
    if rating is None:
        return None
    return next((least for least in sorted(RATINGS, reverse=True) if rating >= int(least)), None)


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


# Whole numbers by which the orders sort.
SORTED_BY: dict[str, Callable[[Row], int]] = {
    "published": lambda row: _or(microseconds(row.published), FIRST),
    "sold": lambda row: row.sold,
    "views": lambda row: row.views,
    "likes": lambda row: row.likes,
    "reviews": lambda row: row.reviews,
    "rating": lambda row: _or(whole(row.rating, RATING_PLACES), FIRST),
    "on_sale": lambda row: int(row.on_sale),
    "price_or_last": lambda row: _or(whole(row.price, DECIMAL_PLACES), LAST),
    "price_or_first": lambda row: _or(whole(row.price, DECIMAL_PLACES), FIRST),
}
