"""Try out what changes the shop, look at the result, and leave nothing of it behind.

What is rehearsed is really done, in a transaction that is rolled back at the end: no
row differs afterwards, nothing that waits for a commit is set off, and this thread
neither reads nor fills the shared cache, in which others would find what never was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.db import transaction

from catalog import listing, moment
from catalog.models.skus import Product

# As many as a beat refreshes at once: more would be locked for too long.
MOST_REFRESHED = 1000


@contextmanager
def rehearsal(at: datetime) -> Iterator[None]:
    """Within this the shop is as at a moment, for this thread; whatever is written is undone."""
    with _caches_of_its_own(), moment.at(at, rehearsed=True), transaction.atomic():
        try:
            _bring_listings_to(at)
            yield
        finally:
            transaction.set_rollback(True)


def _bring_listings_to(at: datetime) -> None:
    """Let listings sort and filter by the prices of the moment."""
    due = Product.objects.filter(price_changes_at__lte=at).order_by("price_changes_at")
    listing.refresh(list(due.values_list("pk", flat=True)[:MOST_REFRESHED]))


@contextmanager
def _caches_of_its_own() -> Iterator[None]:
    """Each thread has its own connections to the caches, so only this one goes without."""
    kept = {alias: caches[alias] for alias in settings.CACHES}
    for alias in kept:
        caches[alias] = DummyCache(alias, {})
    try:
        yield
    finally:
        for alias, cache in kept.items():
            caches[alias] = cache
