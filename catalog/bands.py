"""Bands of prices with round ends, such as 20 to 50, to narrow a listing down by. Pure."""

from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal

from django.conf import settings
from django.db.models import Q

from catalog.money import smallest_unit

# About so many; where the ends are not round it may be one more.
BANDS = 5


def in_band(ends: tuple[Decimal | None, Decimal | None]) -> Q:
    """Product pages whose lowest price lies in a band, its ends included."""
    low, high = ends
    condition = Q(product__lowest_price__isnull=False)
    if low is not None:
        condition &= Q(product__lowest_price__gte=low)
    if high is not None:
        condition &= Q(product__lowest_price__lte=high)
    return condition


def limits(lowest: Decimal, highest: Decimal) -> Iterator[tuple[Decimal | None, Decimal | None]]:
    """Bands between round numbers: 1, 2 or 5 times a power of ten. The outer ends are open."""
    step = _round_step((highest - lowest) / BANDS)
    if step is None:
        return
    unit = smallest_unit(settings.SHOP_CURRENCY)
    start = (lowest / step).to_integral_value(ROUND_FLOOR) * step
    low: Decimal | None = None
    while (high := start + step) <= highest:
        yield low, high - unit
        low = start = high
    if low is not None:
        yield low, None


def _round_step(least: Decimal) -> Decimal | None:
    if least < smallest_unit(settings.SHOP_CURRENCY):
        return None
    power = Decimal(1).scaleb(least.adjusted())
    return next(power * times for times in (1, 2, 5, 10) if power * times >= least)
