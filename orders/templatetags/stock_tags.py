from collections.abc import Iterable
from typing import Any

from django import template

from catalog.models import Sku

register = template.Library()


@register.inclusion_tag("orders/partials/back_in_stock.html")
def back_in_stock(skus: Iterable[Sku], chosen: Sku | None = None) -> dict[str, Any]:
    """Ask to be told of those variants of which there are none; nothing where there are some.

    Where one can be ``chosen`` among others, scripts show it for that one alone.
    """
    skus = list(skus)
    sold_out = [sku for sku in skus if not sku.most_to_buy(1)]
    return {
        "sold_out": sold_out,
        "chosen": chosen,
        "is_open": len(sold_out) == len(skus) or chosen in sold_out,
        "waits_for_choice": chosen is not None and chosen not in sold_out,
    }
