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
_sold_out: ContextVar[bool] = ContextVar("shown as sold out", default=False)
_rehearsed: ContextVar[bool] = ContextVar("shown in a rehearsal", default=False)


def shown() -> datetime:
    """The moment whose prices are to be shown (timezone-aware)."""
    return _shown.get() or timezone.now()


def is_preview() -> bool:
    """Whether an editor looks at the shop in a preview: then nothing may be written on the way."""
    return _shown.get() is not None


def is_sold_out() -> bool:
    """Whether a product is to be shown as if nothing of it were left."""
    return _sold_out.get()


def is_rehearsed() -> bool:
    """Whether all that is written now will be undone: then no file may be written either."""
    return _rehearsed.get()


@contextmanager
def at(moment: datetime, *, sold_out: bool = False, rehearsed: bool = False) -> Iterator[None]:
    """Within this, in this thread or task, the shop is shown as it is at ``moment``."""
    tokens = _shown.set(moment), _sold_out.set(sold_out), _rehearsed.set(rehearsed)
    try:
        yield
    finally:
        _shown.reset(tokens[0])
        _sold_out.reset(tokens[1])
        _rehearsed.reset(tokens[2])
