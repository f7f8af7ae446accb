"""What the merchant has set up for selling, kept: each checkout asks for all of it.

It may be a moment old. An order's own transaction reads it as it is (``as_it_is``), so that what
was shown and is no longer so is shown again before it is charged.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from catalog import kept
from orders import taxes
from orders.models import OrderSettings, ShippingMethod
from orders.taxes import Rates

_is_read: ContextVar[bool] = ContextVar("set up is read as it is", default=False)


@contextmanager
def as_it_is() -> Iterator[None]:
    """Within this nothing of it is a moment old."""
    token = _is_read.set(True)
    try:
        yield
    finally:
        _is_read.reset(token)


def rules() -> OrderSettings:
    """Everybody's: nobody may change it."""
    return OrderSettings.load() if _is_read.get() else kept.get("order settings", _rules)


def rates(country: str) -> Rates:
    if _is_read.get():
        return taxes.rates(country)
    return kept.get(("tax rates", country), lambda: _rates(country))


def methods() -> tuple[ShippingMethod, ...]:
    """All of them, offered or not, with their tax classes."""
    return _methods() if _is_read.get() else kept.get("shipping methods", _methods)


def _rules() -> OrderSettings:
    kept.shows("frame")
    return OrderSettings.load()


def _rates(country: str) -> Rates:
    kept.shows("frame")
    return taxes.rates(country)


def _methods() -> tuple[ShippingMethod, ...]:
    kept.shows("frame")
    return tuple(ShippingMethod.objects.select_related("tax_class"))
