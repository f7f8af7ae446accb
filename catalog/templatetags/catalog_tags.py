from decimal import Decimal

from django import template
from django.conf import settings

from catalog.money import format_money

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount as the active language writes it; in the shop's currency unless one is given."""
    if amount is None:
        return ""
    return format_money(amount, currency or settings.SHOP_CURRENCY)
