"""One client for a process, however many threads ask for the first one at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

from catalog import redis_client

AT_ONCE = 16


def ask_at_once(ask) -> set[int]:
    start = threading.Barrier(AT_ONCE)

    def run(_number: int) -> object:
        start.wait(timeout=30)
        return ask()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return {id(one) for one in pool.map(run, range(AT_ONCE))}


def test_threads_that_ask_at_once_get_the_same_client(settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:1/7"
    made = []
    slow = threading.Event()

    def make(url, **options):
        slow.wait(0.05)
        made.append(url)
        return object()

    monkeypatch.setattr(redis_client.redis.Redis, "from_url", make)

    try:
        assert len(ask_at_once(redis_client.client)) == 1
        assert len(made) == 1
        # The control: without the lock each thread makes one of its own.
        redis_client._client.cache_clear()
        ask_at_once(lambda: redis_client._client(settings.REDIS_URL))
        assert len(made) > 2
    finally:
        redis_client._client.cache_clear()
