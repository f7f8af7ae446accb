from decimal import Decimal

from django import template
from django.conf import settings

from catalog.money import format_money

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount in its currency (the shop's, unless one is given), as the active language writes it."""
    if amount is None:
        return ""
    return format_money(amount, currency or settings.SHOP_CURRENCY)
