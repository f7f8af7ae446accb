from collections.abc import Iterable
from typing import Any

from django import template

from catalog.models import Sku

register = template.Library()


@register.inclusion_tag("orders/partials/back_in_stock.html")
def back_in_stock(skus: Iterable[Sku]) -> dict[str, Any]:
    """Ask to be told of those variants of which there are none; nothing where there are some."""
    skus = list(skus)
    sold_out = [sku for sku in skus if not sku.most_to_buy(1)]
    return {"sold_out": sold_out, "is_open": len(sold_out) == len(skus)}
