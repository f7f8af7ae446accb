from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings

from catalog import checks
from catalog.money import format_money

register = template.Library()


@register.simple_tag
def content_findings(page: Any, variants: Any) -> str:
    """For a preview's heading: what the content checker has to say (see ``catalog.checks``)."""
    return " ".join(checks.findings(page, variants))


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount as the active language writes it; in the shop's currency unless one is given."""
    if amount is None:
        return ""
    return format_money(amount, currency or settings.SHOP_CURRENCY)
