"""The shop's Redis, for counters and notes that it can do without: one client for a process."""

from functools import cache
from threading import Lock

import redis
from django.conf import settings

# Two threads that made a client at the same moment would close each other's connections: the
# one that ``cache`` drops does so when it is forgotten.
_making = Lock()


def client() -> redis.Redis:
    """The client of ``REDIS_URL``; answers within a third of a second, or fails. Speaks text."""
    with _making:
        return _client(settings.REDIS_URL)


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url, socket_connect_timeout=0.2, socket_timeout=0.3, decode_responses=True
    )
