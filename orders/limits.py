"""How often somebody may do something that costs others: sign up, write, ask for mails.

Counted in the cache. Without Redis each process counts by itself (``storefront.cache``), so that
a limit is more lenient then, and never gone.
"""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from orders.visitors import network_of

HOUR = 3_600


@dataclass(frozen=True)
class Limit:
    """At most ``most`` times within ``seconds``, counted from the first time on."""

    name: str
    most: int
    seconds: int = HOUR

    def is_reached(self, who: str) -> bool:
        """Count one more time for somebody; whether that is more than they have."""
        key = f"limit:{self.name}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
        cache.add(key, 0, self.seconds)
        try:
            return cache.incr(key) > self.most
        except ValueError:
            # It ended between the two.
            return False

    def is_reached_from(self, request: HttpRequest) -> bool:
        """The same for where a request comes from."""
        return self.is_reached(network_of(request))
