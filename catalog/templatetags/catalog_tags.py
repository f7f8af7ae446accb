from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings

from catalog import checks
from catalog.models import Sku
from catalog.money import format_money

register = template.Library()


@register.simple_tag
def content_findings(page: Any, variants: Any) -> str:
    """For a preview's heading: what the content checker has to say (see ``catalog.checks``)."""
    return " ".join(checks.findings(page, variants))


@register.filter
def is_sold_out(sku: Sku) -> bool:
    """Whether not even one is to be had; the SKU was read with its stock."""
    return not sku.most_to_buy(1)


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount as the active language writes it; in the shop's currency unless one is given."""
    if amount is None:
        return ""
    return format_money(amount, currency or settings.SHOP_CURRENCY)
