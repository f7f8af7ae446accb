from decimal import Decimal

from babel.numbers import format_percent
from django import template
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from orders import addresses, set_up
from orders.models import AddressFields

register = template.Library()


@register.filter
def percent(rate: Decimal) -> str:
    """A rate in percent as the reader writes it: 19 is 19%, 5.5 is 5.5% or 5,5 %."""
    locale = to_locale(get_language() or "en")
    return format_percent(rate / 100, "#,##0.###%", locale=locale)


@register.filter
def negative(amount: Decimal) -> Decimal:
    """What is taken off, with its sign."""
    return -amount


@register.simple_tag
def address_lines(address: AddressFields, language: str) -> list[str]:
    """An address as it is written on a parcel: by the rules of its country."""
    return addresses.lines(address, language or getattr(address, "language", "en"))


@register.simple_tag
def price_note(is_digital: bool = False) -> str:
    """What prices hold and what comes on top, as shoppers in the European Union are to be told.

    Directive 98/6/EC, article 2 (a), and 2011/83/EU, article 6 (1) e.
    """
    includes_tax = set_up.rules().prices_include_tax
    if is_digital:
        return _("incl. tax") if includes_tax else _("plus tax")
    return _("incl. tax, plus shipping") if includes_tax else _("plus tax and shipping")
