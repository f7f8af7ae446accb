"""Where pages are kept: those asked for most in this process, all of them in Redis."""

import zlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

import redis
from django.conf import settings

from catalog import redis_client
from catalog.kept.log import LONGEST
from storefront.page_cache.pages import Page, State

# Bytes of compressed pages in the memory of a process: some hundreds of them.
MOST_BYTES = 4 * 1024 * 1024
# Who makes a page and dies is waited for no longer, in milliseconds.
LOCKED_FOR = 10_000


class Store:
    def __init__(self) -> None:
        self._here: OrderedDict[str, Page] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def find(self, key: str) -> tuple[State, Page | None]:
        """The page and its state; a right one of another process rather than a stale one here."""
        page = self._here.get(key)
        if page is not None:
            state = page.state()
            if state is State.RIGHT:
                return state, page
        written = _ask(lambda server: server.get(_slot(key)))
        if written:
            found = Page.from_bytes(written)
            # Of two pages with one slot it holds the later one.
            if found.key == key and (page is None or found.made >= page.made):
                page = found
        if page is None:
            return State.GONE, None
        state = page.state()
        if state is State.RIGHT:
            self._keep(page)
        return state, page

    def put(self, page: Page) -> None:
        self._keep(page)
        written = page.to_bytes()
        _ask(lambda server: server.set(_slot(page.key), written, ex=LONGEST))

    def _keep(self, page: Page) -> None:
        with self._lock:
            before = self._here.pop(page.key, None)
            self._bytes += page.size - (before.size if before else 0)
            self._here[page.key] = page
            while self._bytes > MOST_BYTES:
                _key, oldest = self._here.popitem(last=False)
                self._bytes -= oldest.size

    def forget(self) -> None:
        """Forget what is kept in this process."""
        with self._lock:
            self._here.clear()
            self._bytes = 0

    def take_lock(self, key: str) -> bool:
        """Whether this request is the one that makes the page; True where nobody can know."""
        taken = _ask(lambda server: [server.set(_lock_of(key), b"1", nx=True, px=LOCKED_FOR)])
        return taken is None or bool(taken[0])

    def is_locked(self, key: str) -> bool:
        return bool(_ask(lambda server: server.exists(_lock_of(key))))

    def let_go(self, key: str) -> None:
        _ask(lambda server: server.delete(_lock_of(key)))


def _slot(key: str) -> str:
    """A bounded number of places: a crawler of all facets cannot fill Redis."""
    return f"kept:page:{zlib.crc32(key.encode()) % settings.PAGE_CACHE_SLOTS}"


def _lock_of(key: str) -> str:
    return f"kept:making:{key}"


def _ask(question: Callable[[redis.Redis], Any]) -> Any:
    return redis_client.ask(question, redis_client.bytes_client)
