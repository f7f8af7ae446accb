from typing import Any

from django import template
from django.conf import settings

from catalog.models import Product, Sku
from orders import delivery, set_up

register = template.Library()


@register.inclusion_tag("orders/partials/delivery_note.html")
def delivery_note(product: Product | None, sku: Sku | None) -> dict[str, Any]:
    """What it costs to have one of the SKU sent at home; nothing for what is not sent."""
    if product is None or product.is_digital or sku is None:
        return {}
    found = delivery.at_home(weight=sku.weight, goods=sku.price.amount, rules=set_up.rules())
    return {"delivery": found, "currency": settings.SHOP_CURRENCY}
