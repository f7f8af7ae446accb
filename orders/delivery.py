"""What it costs to have one thing sent, said beside it before the checkout asks where to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orders import set_up, shipping
from orders.models import OrderSettings, ShippingMethod


@dataclass(frozen=True)
class Delivery:
    """The first way that the checkout offers, and from which order value on another costs nothing.

    ``free_from`` is None where it costs nothing already, or never will.
    """

    country: str
    method: ShippingMethod
    free_from: Decimal | None


def at_home(*, weight: int, goods: Decimal, rules: OrderSettings) -> Delivery | None:
    """For so many grams and so much money, to the shop's own country.

    None where it is not sent there, or nobody has said yet how it is.
    """
    country = rules.home_country.code
    if not shipping.ships_to(country, rules):
        return None
    methods = set_up.methods()
    fitting = shipping.fitting(methods, country=country, weight=weight, goods=goods)
    if not fitting:
        return None
    free_from = None
    if fitting[0].price:
        free_from = _free_from(methods, country, weight, goods)
    return Delivery(rules.home_country.name, fitting[0], free_from)


def _free_from(
    methods: Sequence[ShippingMethod], country: str, weight: int, goods: Decimal
) -> Decimal | None:
    """The least order value from which the first way that is offered costs nothing."""
    for value in sorted({method.value_from for method in methods if method.value_from > goods}):
        fitting = shipping.fitting(methods, country=country, weight=weight, goods=value)
        if fitting and not fitting[0].price:
            return value
    return None
