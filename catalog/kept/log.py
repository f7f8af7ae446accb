"""The log of what has changed: one for all processes, in Redis, read a few times a second.

Who changes something writes its tags after the commit. What was made when the log had come to
some entry is right as long as no later entry names one of its tags. So there is no race: what
was read before a commit was begun before the commit's entry. While Redis does not answer nobody
knows what has changed, and nothing is kept; whoever could not write an entry then writes it once
Redis is back. Was Redis gone, or silent for long, then whoever could not read says that everything
has changed: who was to write it may have ended. Was it late only, as it is for a process that
begins on a busy machine, then nobody says so: all would make everything anew, and be later still.
"""

import atexit
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import redis
from django.db import connection, transaction

from catalog import redis_client
from catalog.kept.noting import EVERYTHING

LOG = "kept:log"
# So old may be what a process knows, in seconds.
KNOWN_FOR = 0.2
# Redis may be late for so many seconds before nobody knows any more: a machine that has much to
# do would otherwise make every page anew, and have even more.
STILL_KNOWN = 0.5
# Who is to write an entry that Redis does not take waits so many seconds for it before it ends.
# With a Redis that was silent for longer nobody knows whether all has been written.
WRITTEN_WITHIN = 5.0
# Nothing is kept for longer than this, in seconds, whatever the log says.
LONGEST = 600
# Entries are needed for as long as anything that is older than they are.
_KEPT_MS = 2 * LONGEST * 1000
# Of more at once it is cheaper to say that everything has changed.
MOST_TAGS = 5_000
AT_ONCE = 1_000
# Among so many of the last that wait for a commit the one to add to is looked for.
LOOKED_BACK = 12

Position = tuple[int, int]
BEGINNING: Position = (0, 0)


class View:
    """What this process knows of the log."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = 0.0
        self._position: Position | None = None
        self._last: dict[str, tuple[Position, float]] = {}
        self._was_gone = False
        # When it was last heard what is new, and since when Redis has not answered.
        self._heard_at: float | None = None
        self._silent_since: float | None = None
        # Rises whenever something has changed, so that what was looked at is not looked at again.
        self.number = 0

    def position(self) -> Position | None:
        """How far this process has read, a moment ago at most; None while nobody can know."""
        now = time.monotonic()
        age = now - self._read_at
        # Only who knows enough without it leaves the reading to another thread.
        if age > KNOWN_FOR and self._lock.acquire(blocking=age > STILL_KNOWN or not self._is_known):
            try:
                if now - self._read_at > KNOWN_FOR:
                    self._read()
            finally:
                self._lock.release()
        return self._position if self._is_known else None

    @property
    def _is_known(self) -> bool:
        if self._position is None or self._heard_at is None:
            return False
        return self._silent_since is None or self._read_at - self._heard_at <= STILL_KNOWN

    def changed_since(self, began: Position, tags: Iterable[str]) -> float | None:
        """When this process heard (monotonic seconds) that one of the tags has changed since."""
        last = self._last
        heard = [
            found[1] for tag in (EVERYTHING, *tags) if (found := last.get(tag)) and found[0] > began
        ]
        return min(heard, default=None)

    def look_again(self) -> None:
        """Somebody in this process has just written: do not wait to read it."""
        self._read_at = 0.0

    def forget(self) -> None:
        """Know nothing, as a new process."""
        with self._lock:
            self._read_at, self._position, self._was_gone = 0.0, None, False
            self._last = {}
            self._heard_at = self._silent_since = None
            self.number += 1
        _tell_listeners([EVERYTHING])

    def _read(self) -> None:
        entries = redis_client.ask(self._new_entries)
        self._read_at = time.monotonic()
        if entries is None:
            self._miss()
            return
        if self._position is None:
            self._position = BEGINNING
            self._last = {}
            self.number += 1
        if self._heard_at is None or self._read_at - self._heard_at > LONGEST:
            # The log may have lost entries that this process has not read.
            _tell_listeners([EVERYTHING])
        self._heard_at, self._silent_since = self._read_at, None
        self._hear(entries)

    def _miss(self) -> None:
        if self._silent_since is None:
            self._silent_since = self._read_at
        if not self._is_known and not redis_client.is_late():
            self._was_gone = True
            self._position = self._heard_at = None

    def _new_entries(self, server: redis.Redis) -> list[tuple[str, dict[str, str]]]:
        since = self._silent_since
        if self._was_gone or (since is not None and time.monotonic() - since > WRITTEN_WITHIN):
            # Somebody may have tried in vain meanwhile to say what has changed.
            _write(server, [EVERYTHING])
            self._was_gone, self._silent_since = False, None
        found: list[Any] = []
        after = "{}-{}".format(*(self._position or BEGINNING))
        while answer := server.xread({LOG: after}, count=AT_ONCE):
            entries = answer[0][1]
            found += entries
            after = entries[-1][0]
            if len(entries) < AT_ONCE:
                break
        return found

    def _hear(self, entries: list[tuple[str, dict[str, str]]]) -> None:
        if not entries:
            return
        now = time.monotonic()
        if len(self._last) > 10 * MOST_TAGS:
            oldest = now - 2 * LONGEST
            self._last = {tag: entry for tag, entry in self._last.items() if entry[1] > oldest}
        for key, fields in entries:
            position = tuple(map(int, key.split("-")))
            tags = fields["tags"].split(" ")
            self._last |= dict.fromkeys(tags, (position, now))
            _tell_listeners(tags)
        self._position = position
        self.number += 1


view = View()

# Called with the tags of each entry, while the log is being read: they must not wait.
_listeners: list[Callable[[Iterable[str]], None]] = []


def listen(listener: Callable[[Iterable[str]], None]) -> None:
    """Have it called with the tags of all that this process hears of from now on."""
    _listeners.append(listener)


def _tell_listeners(tags: Iterable[str]) -> None:
    for listener in _listeners:
        listener(tags)


class Together:
    """What is said several times within a transaction, to be told once after it."""

    def __init__(self) -> None:
        self.is_told = False

    def __call__(self) -> None:
        self.is_told = True
        self.tell()

    def tell(self) -> None:
        raise NotImplementedError


class _Change(Together):
    """What a transaction has changed, and nobody else can see before its commit."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def tell(self) -> None:
        tags = {EVERYTHING} if len(self.tags) > MOST_TAGS else self.tags
        if redis_client.ask(partial(_write, tags=tags)) is None:
            _later.write(tags)
        view.look_again()


def changed(*tags: str) -> None:
    """Once this transaction is committed, what was made with one of the tags is made anew."""
    if not tags:
        return
    with told_together(_Change) as change:
        change.tags.update(tags)


Told = TypeVar("Told", bound=Together)


@contextmanager
def told_together(kind: type[Told]) -> Iterator[Told]:
    """What is called after this transaction's commit, once for all that is said in it.

    Where there is no transaction it is called as soon as it was told all that it is to say.
    """
    if connection.in_atomic_block:
        yield _waiting(kind)
        return
    with transaction.atomic():
        yield _waiting(kind)


def _waiting(kind: type[Told]) -> Told:
    for parts, waiting, _robust in connection.run_on_commit[-LOOKED_BACK:]:
        # What is said within a part of the transaction is undone with that part, and no other.
        is_open = isinstance(waiting, kind) and not waiting.is_told
        if is_open and parts == set(connection.savepoint_ids):
            return waiting
    waiting = kind()
    transaction.on_commit(waiting, robust=True)
    return waiting


def is_unknown() -> bool:
    """Whether this thread sees changes that are not committed: then nothing may be kept."""
    return any(
        isinstance(change, _Change) and not change.is_told
        for _parts, change, _robust in connection.run_on_commit
    )


def _write(server: redis.Redis, tags: Iterable[str]) -> str:
    oldest = max(0, int(time.time() * 1000) - _KEPT_MS)
    return server.xadd(LOG, {"tags": " ".join(sorted(tags))}, minid=oldest, approximate=True)


class _Later:
    """Redis was away when something changed: say so as soon as it is back."""

    PAUSE = 0.2

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._tags: set[str] = set()
        atexit.register(self._finish)

    def _finish(self) -> None:
        """A command that has changed something may end a moment after it."""
        if (thread := self._thread) is not None:
            thread.join(WRITTEN_WITHIN)

    def write(self, tags: Iterable[str]) -> None:
        with self._lock:
            self._tags.update(tags)
            if len(self._tags) > MOST_TAGS:
                self._tags = {EVERYTHING}
            if self._thread is None:
                self._thread = threading.Thread(target=self._until_written, daemon=True)
                self._thread.start()

    def _until_written(self) -> None:
        while True:
            time.sleep(self.PAUSE)
            with self._lock:
                try:
                    _write(redis_client.client(), self._tags)
                except (redis.RedisError, OSError):
                    continue
                self._tags, self._thread = set(), None
                view.look_again()
                return


_later = _Later()
