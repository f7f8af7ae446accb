"""The report of the price ledger: who set which price when, and why. It exports."""

from typing import Any

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from catalog.models import Price, PriceBatch, PriceBatchRun, ProductPage
from catalog.money import format_money
from catalog.permissions import PRODUCTS

from .price_columns import MomentColumn
from .shop_report import ShopReport, pages_of

SEE = "catalog.view_price"


def writers(request: HttpRequest) -> QuerySet:
    wrote = Price.objects.filter(user=OuterRef("pk"))
    return get_user_model().objects.filter(Exists(wrote)).order_by("username")


def written_batches(request: HttpRequest) -> QuerySet:
    runs = PriceBatchRun.objects.filter(batch=OuterRef("pk"))
    return PriceBatch.objects.filter(Exists(runs)).only("pk", "name")


class PriceHistoryFilterSet(WagtailFilterSet):
    code = django_filters.CharFilter(
        label=gettext_lazy("SKU code"), field_name="sku__code", lookup_expr="iexact"
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=Price.Kind.choices)
    user = django_filters.ModelChoiceFilter(label=gettext_lazy("By"), queryset=writers)
    batch = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Price batch"), queryset=written_batches
    )
    created = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Written"), widget=DateRangePickerWidget
    )

    class Meta:
        model = Price
        fields = ["code", "kind", "user", "batch", "created"]


class PriceHistoryReport(ShopReport):
    """Every entry of the ledger, the latest first."""

    page_title = gettext_lazy("Price history")
    header_icon = "history"
    needed = (SEE, PRODUCTS)
    index_name = "catalog_price_history"
    filterset_class = PriceHistoryFilterSet
    is_searchable = True
    # The ledger is read in the order in which it was written, for which it has an index.
    default_ordering = ("-created", "-pk")
    export_filename = "price-history"
    list_export = [
        "created",
        "product_title",
        "sku.code",
        "sku.label",
        "kind_name",
        "amount",
        "currency",
        "valid_from",
        "valid_until",
        "withdrawn",
        "author",
        "reason",
        "batch_name",
    ]
    export_headings = {
        "created": gettext_lazy("Written"),
        "product_title": gettext_lazy("Product"),
        "sku.code": gettext_lazy("SKU code"),
        "sku.label": gettext_lazy("Variant"),
        "kind_name": gettext_lazy("Kind"),
        "amount": gettext_lazy("Price"),
        "currency": gettext_lazy("Currency"),
        "valid_from": gettext_lazy("From"),
        "valid_until": gettext_lazy("Until"),
        "withdrawn": gettext_lazy("Withdrawn"),
        "author": gettext_lazy("By"),
        "reason": gettext_lazy("Reason"),
        "batch_name": gettext_lazy("Price batch"),
    }
    columns = [
        MomentColumn("created", label=gettext_lazy("Written")),
        TitleColumn(
            "product_title",
            label=gettext_lazy("Product"),
            get_url=lambda price: price.page and reverse("catalog_prices", args=[price.page.pk]),
        ),
        Column("code", label=gettext_lazy("SKU code"), accessor="sku.code"),
        Column("kind_name", label=gettext_lazy("Kind")),
        Column("shown", label=gettext_lazy("Price"), classname="price-number"),
        MomentColumn("valid_from", label=gettext_lazy("From")),
        MomentColumn("valid_until", label=gettext_lazy("Until")),
        MomentColumn("withdrawn", label=gettext_lazy("Withdrawn")),
        Column("author", label=gettext_lazy("By")),
        Column("why", label=gettext_lazy("Reason")),
    ]

    def get_base_queryset(self) -> QuerySet:
        rows = Price.objects.select_related("sku", "user", "batch", "withdrawal")
        return rows.defer("batch__lines", "batch__price_list", "batch__products")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        titled = ProductPage.objects.filter(
            product=OuterRef("sku__product"), title__icontains=self.search_query
        )
        return queryset.filter(Q(sku__code__icontains=self.search_query) | Exists(titled))

    def decorate_paginated_queryset(self, rows: Any) -> Any:
        pages = pages_of({row.sku.product_id for row in rows})
        for row in rows:
            row.page = pages.get(row.sku.product_id)
            row.product_title = row.page.draft_title if row.page else row.sku.code
            row.kind_name = capfirst(row.get_kind_display())
            row.shown = (
                _("no sale") if row.amount is None else format_money(row.amount, row.currency)
            )
            withdrawal = getattr(row, "withdrawal", None)
            row.withdrawn = withdrawal.moment if withdrawal else None
            row.author = row.user.get_username() if row.user else ""
            row.batch_name = row.batch.name if row.batch else ""
            row.why = row.batch_name or row.reason
        return rows
