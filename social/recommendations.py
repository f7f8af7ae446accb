"""What was bought together, from paid orders: for each product a sorted set of the others.

Counted when an order is paid, and once each night anew from all orders, which heals what
was missed while Redis was away. What is paid while that writes may stand in one of two sets
until the next night. What is refunded stays: it was chosen together all the same.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby, permutations
from operator import itemgetter

import redis
from django.db import transaction
from django.utils import timezone

from catalog import redis_client
from orders.models import CAME_TO_NOTHING, Order, OrderItem
from social import counters

# Of an order with more products only its first are counted: pairs grow with the square.
PRODUCTS_OF_AN_ORDER = 12
# The most that is kept for each product.
KEPT = 100
# Tastes and ranges change.
DAYS_COUNTED = 2 * 365
PRODUCTS_AT_ONCE = 500
# So many of the cart's products are asked about.
ASKED_AT_ONCE = 20


def key(product_id: int) -> str:
    return f"bought:{product_id}"


def listen(order: Order, **_signal: object) -> None:
    """Count a paid order once it is sure; ``order_paid`` comes once for each."""
    transaction.on_commit(partial(count, order.pk), robust=True)


def count(order_id: int) -> None:
    """Count what was bought together in one order: one round trip to Redis, or nothing."""
    items = OrderItem.objects.filter(order=order_id, sku__isnull=False).order_by("pk")
    products = _first(items.values_list("sku__product", flat=True))
    if len(products) > 1:
        counters.ask(partial(_count, products=products))


def _count(server: redis.Redis, *, products: Sequence[int]) -> None:
    with server.pipeline(transaction=True) as pipe:
        for product, other in permutations(products, 2):
            pipe.zincrby(key(product), 1, other)
        for product in products:
            pipe.zremrangebyrank(key(product), 0, -KEPT - 1)
        pipe.execute()


def bought_with(products: Collection[int], most: int = KEPT) -> list[int]:
    """What was bought most with these, without them; nothing while Redis is away."""
    wanted = list(dict.fromkeys(products))[:ASKED_AT_ONCE]
    if not wanted:
        return []
    question = _with_one if len(wanted) == 1 else _with_several
    found = counters.ask(partial(question, products=wanted, most=most + len(wanted))) or []
    return [product for product in map(int, found) if product not in products][:most]


def _with_one(server: redis.Redis, *, products: Sequence[int], most: int) -> list[str]:
    return server.zrevrange(key(products[0]), 0, most - 1)


def _with_several(server: redis.Redis, *, products: Sequence[int], most: int) -> list[str]:
    scores = server.zunion([key(product) for product in products], withscores=True)
    # As ZREVRANGE orders them.
    ranked = sorted(scores, key=lambda row: (float(row[1]), row[0]), reverse=True)
    return [product for product, _score in ranked[:most]]


def rebuild() -> int:
    """Write all sets anew from the orders; return how many products have one."""
    server = redis_client.client()
    sets = _from_orders()
    old = set(server.scan_iter("bought:[0-9]*", count=1_000))
    for products in _parts(sorted(sets)):
        with server.pipeline(transaction=True) as pipe:
            for product in products:
                pipe.delete(key(product))
                pipe.zadd(key(product), dict(sets[product].most_common(KEPT)))
            pipe.execute()
    for names in _parts(sorted(old - {key(product) for product in sets})):
        server.delete(*names)
    return len(sets)


def _from_orders() -> dict[int, Counter[int]]:
    """For each product how often which others were bought with it."""
    sold = OrderItem.objects.filter(
        sku__isnull=False,
        order__paid_at__gte=timezone.now() - timedelta(days=DAYS_COUNTED),
    ).exclude(order__state__in=CAME_TO_NOTHING)
    rows = sold.order_by("order", "pk").values_list("order", "sku__product")
    sets: dict[int, Counter[int]] = {}
    for _order, items in groupby(rows.iterator(chunk_size=5_000), key=itemgetter(0)):
        for product, other in permutations(_first(product for _order, product in items), 2):
            sets.setdefault(product, Counter())[other] += 1
    return sets


def _first(products: Iterable[int]) -> list[int]:
    """Each product once, in its order's order."""
    return list(dict.fromkeys(products))[:PRODUCTS_OF_AN_ORDER]


def _parts(names: Sequence) -> Iterator[Sequence]:
    for start in range(0, len(names), PRODUCTS_AT_ONCE):
        yield names[start : start + PRODUCTS_AT_ONCE]
