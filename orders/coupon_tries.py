"""How often somebody may be wrong about the code of a coupon, so that nobody can guess one."""

import hashlib
import secrets
import threading
import time

from django.core.cache import cache
from django.http import HttpRequest

from orders.visitors import network_of

MOST_TRIES = 10
SECONDS = 3_600
# So many visitors are remembered by one process, the latest ones.
MOST_REMEMBERED = 20_000


class _Memory:
    """The wrong tries that this process has seen: what is left to count by while Redis is away."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # By visitor: what was tried, and when it is forgotten.
        self._tries: dict[str, dict[str, float]] = {}

    def count(self, visitor: str) -> int:
        now = time.monotonic()
        with self._lock:
            return sum(1 for end in self._tries.get(visitor, {}).values() if end > now)

    def add(self, visitor: str, what: str) -> None:
        now = time.monotonic()
        with self._lock:
            # Taken out and put in again: the one who tried last stands last.
            tries = self._tries.pop(visitor, {})
            tries = {tried: end for tried, end in tries.items() if end > now}
            tries.setdefault(what, now + SECONDS)
            self._tries[visitor] = tries
            if len(self._tries) > MOST_REMEMBERED:
                del self._tries[next(iter(self._tries))]

    def forget(self) -> None:
        with self._lock:
            self._tries.clear()


memory = _Memory()


def too_many_tries(request: HttpRequest) -> bool:
    """Whether no more codes are looked up for this visitor at the moment.

    After ten wrong ones within an hour, by the session or member and by the address; requests
    that are answered at the same moment may be wrong together.
    """
    return any(_count(visitor) >= MOST_TRIES for visitor in _visitors(request))


def count_try(request: HttpRequest, code: str = "") -> None:
    """Remember that a code was wrong; the same code again is no new try, if it is told.

    Nor is anything that comes while nothing is looked up: waiting does not begin anew.
    """
    if too_many_tries(request):
        return
    what = _hash(code.strip().lower()) if code else secrets.token_hex(8)
    for visitor in _visitors(request):
        memory.add(visitor, what)
        if not cache.add(f"{visitor}:{what}", 1, SECONDS):
            continue
        # Each try has a place of its own for an hour: exact at any moment, and atomic.
        for place in _places(visitor):
            if cache.add(place, 1, SECONDS):
                break


def _count(visitor: str) -> int:
    return max(memory.count(visitor), len(cache.get_many(_places(visitor))))


def _places(visitor: str) -> list[str]:
    return [f"{visitor}:{number}" for number in range(MOST_TRIES)]


def _visitors(request: HttpRequest) -> list[str]:
    """Who this is: a member or a session, which can be left behind, and an address."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        names = [f"user {user.pk}"]
    else:
        key = request.session.session_key
        names = [f"session {key}"] if key else []
    names.append(f"address {network_of(request)}")
    return [f"coupon-tries:{_hash(name)}" for name in names]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]
