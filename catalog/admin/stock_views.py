"""Grids of many products' variants: those that were selected, and the stock of the whole shop."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.generic.base import BaseListingView

from catalog.keys import read_keys
from catalog.models import ProductPage, Sku, StockState
from catalog.panels import GRID_MEDIA

from . import grid
from .rights import may_change_stock_anywhere, rights

# As many as an address may hold; the explorer's selection sends no more.
MOST_PAGES = 300


class SkuListView(BaseListingView):
    """A page of SKUs of several products, whose rows are those of a grid."""

    model = Sku
    template_name = "catalog/admin/variant_list.html"
    results_template_name = "catalog/admin/variant_list_results.html"
    paginate_by = grid.ROWS_PER_PAGE
    header_icon = "tag"
    is_searchable = True
    search_fields = ["code"]
    grid_columns: list[str] = []

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        words = self.search_query
        titled = ProductPage.objects.filter(
            Q(title__icontains=words) | Q(draft_title__icontains=words),
            product=OuterRef("product"),
        )
        return queryset.filter(
            Q(code__icontains=words) | Q(barcode__icontains=words) | Exists(titled)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        skus = context["object_list"]
        context["rows"] = grid.rows(skus, self.request.user, self.grid_columns, {})
        context["reasons"] = grid.reasons()
        context["titles"] = True
        context["media"] = context["media"] + GRID_MEDIA
        return context


class StockFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Stock"),
        choices=StockState.choices,
        field_name="stock_state",
        widget=CheckboxSelectMultiple,
    )
    is_active = django_filters.BooleanFilter(label=gettext_lazy("On sale"))

    class Meta:
        model = Sku
        fields = ["state", "is_active"]


class StockView(SkuListView):
    """The stock of all SKUs, for those who may change it whatever pages they may edit."""

    page_title = gettext_lazy("Stock")
    header_icon = "table"
    index_url_name = "catalog_stock"
    index_results_url_name = "catalog_stock_results"
    filterset_class = StockFilterSet
    grid_columns = ["on_hand", "low_at", "when_sold_out", "back_order_text"]

    def dispatch(self, request: HttpRequest) -> HttpResponse:
        if not may_change_stock_anywhere(request.user):
            raise PermissionDenied
        return super().dispatch(request)

    def get_base_queryset(self) -> QuerySet:
        # As the index that keeps codes apart has them.
        return grid.readable(Sku.objects).order_by(Lower("code"))


class ManyVariantsView(SkuListView):
    """Prices and stock of the products whose pages are named in the address: ?id=1&id=2."""

    page_title = gettext_lazy("Prices & stock of many products")
    index_url_name = "catalog_many_variants"
    index_results_url_name = "catalog_many_variants_results"
    grid_columns = ["price", "compare_at", "on_hand", "low_at", "is_active"]

    def dispatch(self, request: HttpRequest) -> HttpResponse:
        if self.pages and not self.allowed:
            raise PermissionDenied
        return super().dispatch(request)

    @cached_property
    def pages(self) -> list[ProductPage]:
        asked = self.request.GET.getlist("id")[:MOST_PAGES]
        return list(ProductPage.objects.filter(pk__in=read_keys(asked)))

    @cached_property
    def allowed(self) -> list[ProductPage]:
        return [page for page in self.pages if rights(self.request.user, page).some]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (left := len(self.pages) - len(self.allowed)) and not self.results_only:
            text = ngettext(
                "%(count)d product is left out: you may not change its prices or stock.",
                "%(count)d products are left out: you may not change their prices or stock.",
                left,
            )
            messages.warning(request, text % {"count": left})
        return super().get(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet:
        products = {page.product_id for page in self.allowed}
        skus = Sku.objects.filter(product__in=products)
        return grid.readable(skus).order_by("product", "position", "pk")
