"""Shipping methods in the Wagtail admin."""

from decimal import Decimal
from typing import Any

import django_filters
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from catalog.money import format_money
from orders import shipping
from orders.country_fields import ChooseCountries, in_words
from orders.models import ShippingMethod

from .coupon_form import refuse_finer


class ShippingMethodForm(WagtailAdminModelForm):
    def clean(self) -> dict[str, Any]:
        super().clean()
        for name in ("price", "value_from", "value_below"):
            try:
                refuse_finer(self.cleaned_data.get(name))
            except ValidationError as error:
                self.add_error(name, error)
        low, high = (self.cleaned_data.get(name) for name in ("weight_from", "weight_until"))
        if low is not None and high is not None and high < low:
            self.add_error("weight_until", _("It must not be less than the weight it begins with."))
        low, high = (self.cleaned_data.get(name) for name in ("value_from", "value_below"))
        if low is not None and high is not None and high <= low:
            self.add_error("value_below", _("It must be more than the value it begins with."))
        return self.cleaned_data


def weights(method: ShippingMethod) -> str:
    """The range in words; nothing where every weight is right."""
    low = number_format(method.weight_from, force_grouping=True)
    high = number_format(method.weight_until or 0, force_grouping=True)
    if method.weight_until is None:
        return _("from %(low)s g") % {"low": low} if method.weight_from else ""
    if method.weight_from:
        return f"{low}–{high} g"
    return _("up to %(high)s g") % {"high": high}


def values(method: ShippingMethod) -> str:
    low = format_money(method.value_from, settings.SHOP_CURRENCY)
    high = format_money(method.value_below or Decimal(0), settings.SHOP_CURRENCY)
    if method.value_below is None:
        return _("from %(low)s") % {"low": low} if method.value_from else ""
    if method.value_from:
        return _("%(low)s to below %(high)s") % {"low": low, "high": high}
    return _("below %(high)s") % {"high": high}


class ShippingFilterSet(WagtailFilterSet):
    country = django_filters.ChoiceFilter(
        label=gettext_lazy("Sends to"), choices=shipping.countries, method="for_country"
    )
    is_active = django_filters.BooleanFilter(label=gettext_lazy("Offered"))

    class Meta:
        model = ShippingMethod
        fields = ["country", "is_active"]

    def for_country(self, methods: QuerySet, name: str, value: str) -> QuerySet:
        # The column holds codes of two letters with commas between them.
        return methods.filter(Q(countries="") | Q(countries__contains=value))


class ShippingIndexView(IndexView):
    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TitleColumn)
        return [
            title(
                "name",
                label=pgettext_lazy("of a thing", "Name"),
                sort_key="name",
                get_url=lambda method: self.get_edit_url(method),
            ),
            Column(
                "countries",
                label=gettext_lazy("Countries"),
                accessor=lambda method: in_words(method.countries),
            ),
            Column("weights", label=gettext_lazy("Weight"), accessor=weights),
            Column("order_value", label=gettext_lazy("Order value"), accessor=values),
            Column(
                "price",
                label=gettext_lazy("Price"),
                accessor=lambda method: format_money(method.price, settings.SHOP_CURRENCY),
                sort_key="price",
            ),
            BooleanColumn("is_active", label=gettext_lazy("Offered"), sort_key="is_active"),
        ]


class ShippingViewSet(ModelViewSet):
    model = ShippingMethod
    icon = "site"
    name = "shipping_methods"
    url_prefix = "shipping-methods"
    menu_label = gettext_lazy("Shipping methods")
    search_fields = ["name", "description"]
    search_backend_name = None
    sort_order_field = "position"
    filterset_class = ShippingFilterSet
    index_view_class = ShippingIndexView

    def get_edit_handler(self) -> Any:
        panels = [
            MultiFieldPanel(
                [
                    FieldPanel("name"),
                    FieldPanel("description"),
                    FieldRowPanel([FieldPanel("price"), FieldPanel("tax_class")]),
                    FieldRowPanel([FieldPanel("is_active"), FieldPanel("position")]),
                ],
                heading=gettext_lazy("What shoppers choose"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("weight_from"), FieldPanel("weight_until")]),
                    FieldRowPanel([FieldPanel("value_from"), FieldPanel("value_below")]),
                    FieldPanel("countries", widget=ChooseCountries),
                ],
                heading=gettext_lazy("What it is offered for"),
            ),
        ]
        return ObjectList(panels, base_form_class=ShippingMethodForm).bind_to_model(self.model)
