"""The shop's Redis, for counters and notes that it can do without: three clients for a process."""

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import TypeVar

import redis
from django.conf import settings

from catalog.breaker import Breaker

Answer = TypeVar("Answer")

# What a shopper waits for at most, in seconds: together less than the 100 ms that a page may
# take longer when Redis does not answer.
FAST_CONNECT, FAST_ANSWER = 0.04, 0.05
# One for each thread that asks at the same moment; the library's own limit is a hundred.
MOST_CONNECTIONS = 1_000
# Opened by whoever finds Redis away first, and kept by all who ask it while somebody waits:
# of counters, suggestions and cache only one pays for it.
breaker = Breaker("Redis", pause=5.0, first=0.25)
# Two threads that made a client at the same moment would close each other's connections: the
# one that ``cache`` drops does so when it is forgotten.
_making = Lock()


def client() -> redis.Redis:
    """The client of ``REDIS_URL``; answers within a third of a second, or fails. Speaks text."""
    with _making:
        return _client(settings.REDIS_URL)


def fast_client() -> redis.Redis:
    """The same for what a shopper waits for: it gives up before that is felt."""
    with _making:
        return _client(settings.REDIS_URL, FAST_CONNECT, FAST_ANSWER)


def bytes_client() -> redis.Redis:
    """As ``fast_client``, for what is no text."""
    with _making:
        return _client(settings.REDIS_URL, FAST_CONNECT, FAST_ANSWER, is_text=False)


def ask(
    question: Callable[[redis.Redis], Answer], client: Callable[[], redis.Redis] | None = None
) -> Answer | None:
    """What the question returns, or None while Redis is away: found out once in a while only."""
    if breaker.is_open:
        return None
    try:
        answer = question((client or fast_client)())
        breaker.well()
        return answer
    except (redis.RedisError, OSError) as error:
        breaker.trip(error)
        return None


def is_late() -> bool:
    """Whether Redis, if it did not answer, did not do so in time; else it is gone."""
    return breaker.error is None or isinstance(breaker.error, redis.TimeoutError | TimeoutError)


@cache
def _client(
    url: str, connect: float = 0.2, answer: float = 0.3, *, is_text: bool = True
) -> redis.Redis:
    # Without the driver's name and a choice of protocol, a new connection is ready earlier:
    # each of them is a question of its own to a server that may be slow.
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=connect,
        socket_timeout=answer,
        driver_info=None,
        protocol=2,
        decode_responses=is_text,
        max_connections=MOST_CONNECTIONS,
    )
