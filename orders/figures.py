"""What the books know about products; the catalogue asks by ``catalog.signals``."""

from collections.abc import Collection

from django.db.models import Count

from catalog.signals import SOLD, SOLD_IN_7_DAYS, SOLD_IN_30_DAYS, product_figures
from orders import sales
from orders.models import OrderItem


@product_figures.register(SOLD)
def times_sold(product_ids: Collection[int]) -> dict[int, int]:
    """In how many lines of orders each product stands, whatever became of the orders."""
    lines = OrderItem.objects.filter(sku__product__in=product_ids)
    found = lines.values("sku__product").annotate(times=Count("pk"))
    return dict(found.values_list("sku__product", "times"))


@product_figures.register(SOLD_IN_7_DAYS)
def sold_in_7_days(product_ids: Collection[int]) -> dict[int, int]:
    return sales.sold(7, product_ids)


@product_figures.register(SOLD_IN_30_DAYS)
def sold_in_30_days(product_ids: Collection[int]) -> dict[int, int]:
    return sales.sold(sales.DAYS, product_ids)
