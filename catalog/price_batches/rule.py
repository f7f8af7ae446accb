"""The rule of a price batch: from a regular price to a new one. Pure."""

from decimal import Decimal

from catalog.models.price_batches import PriceBatch
from catalog.money import quantize, round_to

Change = PriceBatch.Change


def new_price(
    regular: Decimal | None, change: str, value: Decimal, rounding: str, currency: str
) -> Decimal | None:
    """What costs ``regular`` shall cost; None where there is nothing to count from.

    One price for all is taken as it is; all else is rounded. An amount below zero stays so:
    that nothing costs less than nothing is for whoever looks at it to see.
    """
    if change == Change.PRICE:
        return quantize(value, currency)
    if regular is None:
        return None
    amount = regular + value if change == Change.AMOUNT else regular * (100 + value) / 100
    if not rounding or amount <= 0:
        return quantize(amount, currency)
    return round_to(amount, Decimal(rounding), currency)
