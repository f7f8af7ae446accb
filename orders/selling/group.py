"""The menu item "Selling"."""

from django.utils.translation import pgettext_lazy
from wagtail.admin.viewsets.model import ModelViewSetGroup

from .coupons import CouponViewSet
from .shipping import ShippingViewSet
from .taxes import TaxRateViewSet


class SellingGroup(ModelViewSetGroup):
    """By what rules the shop sells. Who may see none of them does not see the item."""

    menu_label = pgettext_lazy("menu item", "Selling")
    menu_name = "selling"
    menu_icon = "tag"
    menu_order = 212
    items = (CouponViewSet, ShippingViewSet, TaxRateViewSet)
