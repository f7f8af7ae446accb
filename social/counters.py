"""Ask Redis about views and suggestions, or go on without it: nothing here may hold up a page.

What Redis holds is a copy, for speed, of what the database keeps: rebuilding.py makes it anew.
"""

from collections.abc import Callable
from typing import TypeVar

import redis

from catalog import redis_client

Answer = TypeVar("Answer")

# Set when everything was written from the database. A Redis that was emptied has none, and what
# it counts from nought on is shown to nobody.
FILLED = "counters:filled"


def ask(question: Callable[[redis.Redis], Answer]) -> Answer | None:
    """What the question returns, or None while Redis is away: found out at most once in a while."""
    if redis_client.breaker.is_open:
        return None
    try:
        return question(redis_client.fast_client())
    except (redis.RedisError, OSError) as error:
        redis_client.breaker.trip(error)
        return None
