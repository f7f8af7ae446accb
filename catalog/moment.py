"""The moment the shop is shown at: now, or in a preview another one.

Whatever reads prices for a shopper's page asks here, so that an editor can look at
the shop as it will be next Friday.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_shown: ContextVar[datetime | None] = ContextVar("moment shown", default=None)


def shown() -> datetime:
    """The moment whose prices are to be shown (timezone-aware)."""
    return _shown.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within this, in this thread or task, the shop is shown as it is at ``moment``."""
    token = _shown.set(moment)
    try:
        yield
    finally:
        _shown.reset(token)
