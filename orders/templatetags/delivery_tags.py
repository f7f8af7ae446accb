from typing import Any

from django import template
from django.conf import settings
from django.template import Context

from catalog.models import Product, Sku
from orders import delivery
from orders.models import OrderSettings

register = template.Library()


@register.inclusion_tag("orders/partials/delivery_note.html", takes_context=True)
def delivery_note(context: Context, product: Product | None, sku: Sku | None) -> dict[str, Any]:
    """What it costs to have one of the SKU sent at home; nothing for what is not sent."""
    if product is None or product.is_digital or sku is None:
        return {}
    rules = OrderSettings.load(request_or_site=context.get("request"))
    found = delivery.at_home(weight=sku.weight, goods=sku.price.amount, rules=rules)
    return {"delivery": found, "currency": settings.SHOP_CURRENCY}
