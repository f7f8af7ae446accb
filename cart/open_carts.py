"""How many carts hold a product that somebody may still check out.

Carts live in sessions, which cannot be searched; so each cart leaves its name beside
the SKU codes it holds, in Redis. An editor looks at the number before taking a product
off sale. A Redis that is gone costs a shopper nothing: the number is then too low.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable

import redis

from catalog import redis_client
from catalog.breaker import Breaker
from catalog.models import Sku
from catalog.signals import OPEN_CARTS, product_figures

# A cart that nobody has touched for so many seconds is taken for abandoned.
OPEN_FOR = 7 * 24 * 3600
# No editor needs to know more exactly how many thousands of carts.
MOST_CODES = 2_000

_redis = Breaker("Redis for open carts", pause=5.0)


def hold(cart: str, codes: Iterable[str]) -> None:
    """The cart of this name holds these SKU codes from now on."""
    now = time.time()

    def note(pipe: redis.client.Pipeline) -> None:
        for key in map(_key, codes):
            pipe.zadd(key, {cart: now})
            pipe.zremrangebyscore(key, 0, now - OPEN_FOR)
            pipe.expire(key, OPEN_FOR)

    _try(note)


def let_go(cart: str, codes: Iterable[str]) -> None:
    """The cart no longer holds these SKU codes."""

    def note(pipe: redis.client.Pipeline) -> None:
        for code in codes:
            pipe.zrem(_key(code), cart)

    if cart:
        _try(note)


@product_figures.register(OPEN_CARTS)
def holding(product_ids: Collection[int]) -> dict[int, int]:
    """For each product the number of open carts that hold one of its SKUs."""
    skus = list(
        Sku.objects.filter(product__in=product_ids).values_list("product_id", "code")[:MOST_CODES]
    )
    since = time.time() - OPEN_FOR
    held = _try(
        lambda pipe: [pipe.zrangebyscore(_key(code), since, "+inf") for _product, code in skus]
    )
    carts: dict[int, set[str]] = defaultdict(set)
    for (product, _code), names in zip(skus, held, strict=False):
        carts[product].update(names)
    return {product: len(names) for product, names in carts.items() if names}


def _key(code: str) -> str:
    return f"carts:{code.lower()}"


def _try(commands) -> list:
    """What the commands answer; nothing while Redis is away."""
    if _redis.is_open:
        return []
    try:
        with redis_client.client().pipeline(transaction=False) as pipe:
            commands(pipe)
            return pipe.execute()
    except redis.RedisError as error:
        _redis.trip(error)
        return []
