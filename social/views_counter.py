"""Count views of products: at once in Redis, copied to the database every minute by beat.

A Redis that is gone costs a page nothing but the number.
"""

from contextlib import suppress

import redis
from django.db import transaction
from django.db.models import F
from redis.exceptions import LockError

from catalog import redis_client
from catalog.breaker import Breaker
from catalog.models import Product

PENDING = "views:pending"
# Being written to the database; left behind, and written first next time, by a crash.
SAVING = "views:saving"

_redis = Breaker("Redis for view counts", pause=5.0)


def count(product_id: int) -> None:
    """One more view; lost, and nothing else, while Redis is away."""
    if _redis.is_open:
        return
    try:
        redis_client.client().hincrby(PENDING, str(product_id), 1)
    except redis.RedisError as error:
        _redis.trip(error)


def save() -> int:
    """Add what was counted to ``Product.views``; return how many products had views.

    A crash after the commit and before Redis forgets counts those views twice.
    """
    server = redis_client.client()
    lock = server.lock("views:lock", timeout=60)
    if not lock.acquire(blocking=False):
        return 0
    try:
        return _save(server)
    finally:
        with suppress(LockError):
            lock.release()


def _save(server: redis.Redis) -> int:
    saved = 0
    # What a crash left behind first, then what has come since.
    for _round in range(2):
        if not server.exists(SAVING):
            if not server.exists(PENDING):
                break
            server.rename(PENDING, SAVING)
        counts = {int(key): int(value) for key, value in server.hgetall(SAVING).items()}
        with transaction.atomic():
            for product_id, views in sorted(counts.items()):
                Product.objects.filter(pk=product_id).update(views=F("views") + views)
        server.delete(SAVING)
        saved += len(counts)
    return saved
