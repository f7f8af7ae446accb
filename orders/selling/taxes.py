"""Tax rates in the Wagtail admin."""

from typing import Any

import django_filters
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from catalog.models import TaxClass
from orders.models import TaxRate

from .tax_import_view import TaxImportView, may_import

RATES_PER_PAGE = 100


def countries_with_rates() -> list[tuple[str, str]]:
    named = {(rate.country.code, str(rate.country.name)) for rate in TaxRate.objects.all()}
    return sorted(named, key=lambda country: country[1])


class TaxRateFilterSet(WagtailFilterSet):
    country = django_filters.ChoiceFilter(
        label=gettext_lazy("Country"), choices=countries_with_rates
    )
    tax_class = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Tax class"),
        queryset=TaxClass.objects.all(),
        null_label=pgettext_lazy("tax class", "standard"),
    )

    class Meta:
        model = TaxRate
        fields = ["country", "tax_class"]


class TaxRateIndexView(IndexView):
    default_ordering = "country"
    import_url_name = ""

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TitleColumn)
        return [
            title(
                "country",
                label=gettext_lazy("Country"),
                accessor=lambda rate: rate.country.name,
                sort_key="country",
                get_url=lambda rate: self.get_edit_url(rate),
            ),
            Column(
                "tax_class",
                label=gettext_lazy("Tax class"),
                accessor=lambda rate: rate.tax_class or pgettext("tax class", "standard"),
                sort_key="tax_class__name",
            ),
            Column(
                "rate",
                label=gettext_lazy("Rate"),
                accessor=lambda rate: f"{rate.rate.normalize():f} %",
                sort_key="rate",
            ),
        ]

    def get_base_queryset(self) -> QuerySet[TaxRate]:
        return super().get_base_queryset().select_related("tax_class")

    def order_queryset(self, queryset: QuerySet[TaxRate]) -> QuerySet[TaxRate]:
        """By the names of the countries, as they are read; the column holds their codes."""
        if self.ordering not in {"country", "-country"}:
            return super().order_queryset(queryset)
        named = enumerate(countries_with_rates())
        places = [When(country=code, then=Value(place)) for place, (code, _name) in named]
        place = Case(*places, output_field=IntegerField())
        first = place.desc() if self.ordering.startswith("-") else place.asc()
        return queryset.order_by(first, F("tax_class__name").asc(nulls_first=True), "pk")

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = super().header_more_buttons
        if may_import(self.request.user):
            buttons.append(
                Button(
                    gettext_lazy("Import from WooCommerce"),
                    url=reverse(self.import_url_name),
                    icon_name="upload",
                    priority=5,
                )
            )
        return buttons


class TaxRateViewSet(ModelViewSet):
    model = TaxRate
    icon = "decimal"
    name = "tax_rates"
    url_prefix = "tax-rates"
    menu_label = gettext_lazy("Tax rates")
    list_per_page = RATES_PER_PAGE
    copy_view_enabled = False
    filterset_class = TaxRateFilterSet
    index_view_class = TaxRateIndexView

    def get_edit_handler(self) -> Any:
        panels = [
            FieldRowPanel([FieldPanel("country"), FieldPanel("tax_class")]),
            FieldPanel("rate"),
        ]
        return ObjectList(
            [MultiFieldPanel(panels, heading=gettext_lazy("Tax rate"))]
        ).bind_to_model(self.model)

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(import_url_name=self.get_url_name("import"), **kwargs)

    @property
    def import_view(self) -> Any:
        return self.construct_view(TaxImportView, index_url_name=self.get_url_name("index"))

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("import/", self.import_view, name="import")]
