"""How often the products of the demo shop were looked at in the past three months."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from catalog.models import Product
from social.models import ProductViews

DAYS = 90
# So often the first product of the catalogue is looked at on a usual day.
MOST_A_DAY = 60
# Visits among a hundred views: the others looked again soon.
VISITS = 0.72
SATURDAY = 5


def count(products: Mapping[str, Product]) -> None:
    """Write the days of each product, and their sum."""
    today = timezone.now().date()
    rows = [
        row
        for place, (code, product) in enumerate(products.items())
        for row in _days(code, place, product, today)
    ]
    ProductViews.objects.bulk_create(rows)
    sums: dict[int, int] = {}
    for row in rows:
        sums[row.product_id] = sums.get(row.product_id, 0) + row.count
    for product in products.values():
        product.views = sums[product.pk]
    Product.objects.bulk_update(products.values(), ["views"])


def _days(code: str, place: int, product: Product, today: date) -> list[ProductViews]:
    rng = Random(f"views {code}")  # noqa: S311 - the same numbers every time
    usual = MOST_A_DAY / (place * rng.uniform(0.3, 0.6) + 1)
    rows = []
    for ago in range(DAYS):
        day = today - timedelta(days=ago)
        # A shop that is slowly found by more people, most of them at weekends.
        level = usual * (1.2 - ago / DAYS) * (1.5 if day.weekday() >= SATURDAY else 1)
        views = round(level * rng.uniform(0.6, 1.4))
        if views:
            visits = max(1, round(views * VISITS))
            rows.append(ProductViews(product=product, day=day, count=views, visits=visits))
    return rows
