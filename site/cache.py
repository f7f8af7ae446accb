"""A Redis cache whose absence costs time once, never an error.

The shop must go on selling while Redis is gone, and a server that accepts
connections and stays silent must not cost every request its timeout
(measured: 5 s for one ``get`` with the defaults of redis-py).
"""

from collections.abc import Callable
from typing import Any

import redis.exceptions
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

# Shared by all threads and instances of the process, and by the counters: it is one server.
from catalog.redis_client import breaker

# What counts how often somebody tries something: allauth's limits, and ``orders.limits``.
LIMITS = ("allauth:rl:", "limit:")
# Each process counts by itself while Redis is away: more lenient, but never unlimited.
_counted_here = LocMemCache("limits", {"max_entries": 20_000})


class FailOpenRedisCache(RedisCache):
    """Django's Redis cache, except that an unreachable server looks like an empty one.

    Limits are the exception: without Redis they are kept in this process.
    """

    def _try(self, operation: Callable[..., Any], otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        if not breaker.is_open:
            try:
                answer = operation(*args, **kwargs)
                breaker.well()
                return answer
            except (redis.exceptions.RedisError, OSError) as error:
                breaker.trip(error)
        if args and str(args[0]).startswith(LIMITS):
            return getattr(_counted_here, operation.__name__)(*args, **kwargs)
        return otherwise

    def add(self, key, value, *args, **kwargs):
        return self._try(super().add, True, key, value, *args, **kwargs)

    def get(self, key, default=None, version=None):
        return self._try(super().get, default, key, default, version)

    def set(self, key, value, *args, **kwargs):
        return self._try(super().set, None, key, value, *args, **kwargs)

    def touch(self, key, *args, **kwargs):
        return self._try(super().touch, False, key, *args, **kwargs)

    def delete(self, key, version=None):
        return self._try(super().delete, False, key, version)

    def get_many(self, keys, version=None):
        return self._try(super().get_many, {}, keys, version)

    def has_key(self, key, version=None):
        return self._try(super().has_key, False, key, version)

    def incr(self, key, delta=1, version=None):
        return self._try(super().incr, delta, key, delta, version)

    def set_many(self, data, *args, **kwargs):
        return self._try(super().set_many, list(data), data, *args, **kwargs)

    def delete_many(self, keys, version=None):
        return self._try(super().delete_many, None, keys, version)

    def clear(self):
        return self._try(super().clear, False)
