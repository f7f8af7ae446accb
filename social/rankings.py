"""Which products come first: by views, by sales, by likes, by what their reviews say.

Views are asked of Redis, which knows of the last minute, and of the database while Redis is
away or was emptied. A ranking is worked out once a minute, for everybody.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import redis
from django.core.cache import cache
from django.db.models import F, FloatField, QuerySet, Sum
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.cards import Card
from catalog.models import Product, ProductPage
from catalog.visibility import public_of_many
from social import counters, views_counter
from social.models import ProductViews
from social.product_cards import cards_of

SHOWN = 24
# Some have no page any more.
CANDIDATES = 1_000
CACHE_SECONDS = 60
DAYS_OF_A_WEEK = 7
# Fewer reviews say more about who wrote them than about the product.
FEWEST_REVIEWS = 3
# So many reviews that say what all of the shop say on average are added to each product's own.
REVIEWS_OF_ANYTHING = 5


@dataclass(frozen=True)
class Ranking:
    """``products``: those that may come first, the first first."""

    slug: str
    name: Promise
    heading: Promise
    explanation: Promise
    products: Callable[[], Iterable[int]]

    def first(self) -> list[int]:
        """The products on it that shoppers may see, as of the last minute."""
        key = f"rankings:{self.slug}"
        ids = cache.get(key)
        if ids is None:
            ids = _shown(list(self.products()))
            cache.set(key, ids, CACHE_SECONDS)
        return ids

    def cards(self) -> list[Card]:
        """A few queries, whatever there is to show."""
        return list(cards_of(self.first()).values())


def _shown(products: list[int]) -> list[int]:
    pages = public_of_many(ProductPage.objects).filter(product__in=products)
    shown = set(pages.values_list("product", flat=True)) if products else set()
    return [product for product in products if product in shown][:SHOWN]


def viewed_today() -> list[int]:
    return _viewed_on([views_counter.today()])


def viewed_this_week() -> list[int]:
    today = views_counter.today()
    return _viewed_on([today - timedelta(days=back) for back in range(DAYS_OF_A_WEEK)])


def viewed_ever() -> list[int]:
    """While Redis is away, by every view: of all visits ever the database has no sum."""
    found = counters.ask(_viewed_most)
    if found is None:
        return _keys(Product.objects.filter(views__gt=0).order_by("-views", "-pk"))
    return found


def _viewed_on(days: list[date]) -> list[int]:
    found = counters.ask(partial(_viewed_most_on, days=days))
    if found is None:
        of_days = ProductViews.objects.filter(day__in=days, visits__gt=0).values("product")
        summed = of_days.annotate(all=Sum("visits")).order_by("-all", "-product")
        return list(summed.values_list("product", flat=True)[:CANDIDATES])
    return found


def _viewed_most(server: redis.Redis) -> list[int] | None:
    with server.pipeline(transaction=False) as pipe:
        pipe.exists(counters.FILLED)
        pipe.zrevrange(views_counter.EVER, 0, CANDIDATES - 1)
        is_filled, products = pipe.execute()
    return [int(product) for product in products] if is_filled else None


def _viewed_most_on(server: redis.Redis, *, days: list[date]) -> list[int] | None:
    """Added up here: in Redis it would hold up everybody else, and all products take part.

    What is not among the first thousand of any day is not among the first of the week.
    """
    with server.pipeline(transaction=False) as pipe:
        pipe.exists(counters.FILLED)
        for day in days:
            pipe.zrevrange(views_counter.day_key(day), 0, CANDIDATES - 1, withscores=True)
        is_filled, *rows_of_days = pipe.execute()
    visits: Counter[int] = Counter()
    for rows in rows_of_days:
        for product, number in rows:
            visits[int(product)] += int(number)
    ranked = sorted(visits, key=lambda product: (visits[product], product), reverse=True)
    return ranked[:CANDIDATES] if is_filled else None


def best_sellers() -> list[int]:
    """By what ``orders.sales`` counted of the last 30 days."""
    return _keys(Product.objects.filter(sold_30_days__gt=0).order_by("-sold_30_days", "-pk"))


def most_liked() -> list[int]:
    return _keys(Product.objects.filter(total_likes__gt=0).order_by("-total_likes", "-pk"))


def best_rated() -> list[int]:
    """By the Bayesian average of their stars, of those with enough reviews.

    (C * m + sum of the stars) / (C + number of reviews), where m is the average of all reviews
    of the shop and C how many of such are added: one review of five stars does not beat fifty
    of 4.8. https://en.wikipedia.org/wiki/Bayesian_average
    """
    rated = Product.objects.filter(total_reviews__gte=FEWEST_REVIEWS, rating__isnull=False)
    rated = rated.alias(
        stars=Cast("rating", FloatField()) * F("total_reviews"),
        weighted=(F("stars") + REVIEWS_OF_ANYTHING * _average_stars())
        / (F("total_reviews") + float(REVIEWS_OF_ANYTHING)),
    )
    return _keys(rated.order_by("-weighted", "-total_reviews", "-pk"))


def _average_stars() -> float:
    reviewed = Product.objects.filter(total_reviews__gt=0, rating__isnull=False)
    sums = reviewed.aggregate(
        stars=Sum(Cast("rating", FloatField()) * F("total_reviews"), output_field=FloatField()),
        reviews=Sum("total_reviews"),
    )
    return sums["stars"] / sums["reviews"] if sums["reviews"] else 0.0


def _keys(products: QuerySet[Product]) -> list[int]:
    return list(products.values_list("pk", flat=True)[:CANDIDATES])


RANKINGS = {
    ranking.slug: ranking
    for ranking in (
        Ranking(
            "week",
            _("This week"),
            _("Most viewed this week"),
            _("What most visitors looked at in the last seven days."),
            viewed_this_week,
        ),
        Ranking(
            "today",
            _("Today"),
            _("Most viewed today"),
            _("What most visitors have looked at since midnight, UTC."),
            viewed_today,
        ),
        Ranking(
            "ever",
            _("Ever"),
            _("Most viewed ever"),
            _("What most visitors looked at since the shop opened."),
            viewed_ever,
        ),
        Ranking(
            "selling",
            _("Best sellers"),
            _("Best sellers"),
            _("What was bought most in the last 30 days."),
            best_sellers,
        ),
        Ranking(
            "liked",
            _("Most liked"),
            _("Most liked"),
            _("What most members like."),
            most_liked,
        ),
        Ranking(
            "rated",
            _("Best rated"),
            _("Best rated"),
            _("What reviews praise most, from three reviews on. Many count for more than few."),
            best_rated,
        ),
    )
}
# At the address of the rankings without a name.
DEFAULT = "week"
