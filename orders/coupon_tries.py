"""How often somebody may be wrong about a coupon, so that nobody can guess a code.

Nor find out, with a coupon for first orders, which email addresses have ordered here.
"""

import secrets
import threading
import time

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from orders.visitors import network_of

MOST_TRIES = 10
# Behind one address there may be a whole office, or everybody with one mobile operator.
MOST_TRIES_OF_ADDRESS = 100
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

    After ten wrong ones within an hour by the session or member, or a hundred by the address;
    requests that are answered at the same moment may be wrong together.
    """
    return any(_count(visitor, most) >= most for visitor, most in _visitors(request).items())


def count_try(request: HttpRequest, code: str = "", email: str = "") -> None:
    """Remember that a code was wrong, or was refused to the customer with this email address.

    The same again is no new try, if it is told. Nor is anything that comes while nothing is
    looked up: waiting does not begin anew.
    """
    if too_many_tries(request):
        return
    tried = f"{code.strip()}\0{email.strip()}".lower()
    what = _hash(tried) if code else secrets.token_hex(8)
    for visitor, most in _visitors(request).items():
        memory.add(visitor, what)
        if not cache.add(f"{visitor}:{what}", 1, SECONDS):
            continue
        # Each try has a place of its own for an hour: exact at any moment, and atomic.
        taken = cache.get_many(_places(visitor, most))
        for place in _places(visitor, most):
            if place not in taken and cache.add(place, 1, SECONDS):
                break


def _count(visitor: str, most: int) -> int:
    return max(memory.count(visitor), len(cache.get_many(_places(visitor, most))))


def _places(visitor: str, most: int) -> list[str]:
    return [f"{visitor}:{number}" for number in range(most)]


def _visitors(request: HttpRequest) -> dict[str, int]:
    """Who this is, and how many tries each has: a member or a session, and an address."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        names = {f"user {user.pk}": MOST_TRIES}
    else:
        key = request.session.session_key
        names = {f"session {key}": MOST_TRIES} if key else {}
    # A session can be left behind, an address not so easily.
    names[f"address {network_of(request)}"] = MOST_TRIES_OF_ADDRESS
    return {f"coupon-tries:{_hash(name)}": most for name, most in names.items()}


def _hash(text: str) -> str:
    """Keyed: whoever reads the cache cannot find out an email address by trying them."""
    digest = salted_hmac("orders.coupon_tries", text.encode(errors="replace"), algorithm="sha256")
    return digest.hexdigest()[:32]
