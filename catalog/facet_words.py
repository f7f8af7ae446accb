"""What facets and their values are called, in the active language."""

from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from catalog.asked import BRAND, CATEGORY, FLAGS, PRICE, RATING, SALE, STOCK, Asked
from catalog.facet import between
from catalog.money import format_money


def heading(asked: Asked, key: str) -> str:
    if key in asked.attributes:
        return asked.attributes[key].name
    headings = {
        CATEGORY: _("Category"),
        BRAND: _("Brand"),
        PRICE: _("Price"),
        RATING: _("Rating"),
        STOCK: _("Availability"),
        SALE: _("Offers"),
    }
    return headings[key]


def label(asked: Asked, key: str, value: str) -> str:
    """A value that can be chosen; of a brand one that is asked for."""
    if key == CATEGORY:
        return asked.places[value].title
    if key == BRAND:
        return asked.brands[value]
    if key == RATING:
        stars = int(value)
        words = ngettext("%(stars)d star and up", "%(stars)d stars and up", stars)
        return words % {"stars": stars}
    if key in FLAGS:
        return _("In stock") if key == STOCK else pgettext("at a lower price", "On sale")
    return worded(asked, key, value)


def worded(asked: Asked, key: str, value: str | Decimal) -> str:
    """A price or an answer as a shopper reads it."""
    if key == PRICE:
        return format_money(Decimal(value), settings.SHOP_CURRENCY)
    return asked.attributes[key].shown(str(value))


def range_label(asked: Asked, key: str) -> str:
    """The range that is asked for."""
    low, high = (None if end is None else worded(asked, key, end) for end in asked.ranges[key])
    return between(low, high)
