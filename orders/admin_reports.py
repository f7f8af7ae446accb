"""Which products sell, and which do not."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import DecimalField, F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn

from catalog.admin.shop_report import ShopReport, edit_url
from catalog.models import ProductPage
from catalog.money import DECIMAL_PLACES, format_money
from catalog.permissions import PRODUCTS
from orders.models import TOTAL_DIGITS, OrderItem

PERIODS = [(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("a year"))]
DEFAULT_PERIOD = 30


class SellersFilterSet(WagtailFilterSet):
    days = django_filters.TypedChoiceFilter(
        label=_("Sold within"), choices=PERIODS, coerce=int, method="by_the_view"
    )
    live = django_filters.BooleanFilter(label=_("Live"))
    in_stock = django_filters.BooleanFilter(label=_("To be had"), field_name="product__in_stock")

    class Meta:
        model = ProductPage
        fields = ["days", "live", "in_stock"]

    def by_the_view(self, pages: QuerySet, name: str, days: int) -> QuerySet:
        """The view has counted within these days already."""
        return pages


class SellersReport(ShopReport):
    """Pieces and revenue of each product in a period; the best first, or the worst."""

    page_title = _("Best and worst sellers")
    header_icon = "order"
    needed = (PRODUCTS, "orders.view_order")
    index_name = "orders_sellers"
    filterset_class = SellersFilterSet
    default_ordering = ("-pieces", "title")
    export_filename = "best-and-worst-sellers"
    list_export = ["title", "pieces", "revenue", "views", "on_offer"]
    export_headings = {
        "title": _("Product"),
        "pieces": _("Sold"),
        "revenue": _("Revenue"),
        "views": _("Views"),
        "on_offer": _("To be had"),
    }
    columns = [
        TitleColumn(
            "title",
            label=_("Product"),
            get_url=lambda page: edit_url(page) if page.may_be_edited else None,
            sort_key="title",
        ),
        NumberColumn("pieces", label=_("Sold"), sort_key="pieces"),
        Column("revenue_shown", label=_("Revenue"), sort_key="revenue"),
        NumberColumn("views", label=_("Views"), sort_key="views"),
        Column("on_offer", label=_("To be had")),
    ]

    @property
    def days(self) -> int:
        asked = self.request.GET.get("days", "")
        known = {str(days): days for days, _label in PERIODS}
        return known.get(asked, DEFAULT_PERIOD)

    def get_page_subtitle(self) -> str:
        return str(dict(PERIODS)[self.days])

    def get_base_queryset(self) -> QuerySet:
        since = timezone.now() - timedelta(days=self.days)
        lines = OrderItem.objects.filter(
            sku__product=OuterRef("product"),
            order__created__gte=since,
            order__currency=settings.SHOP_CURRENCY,
        )
        grouped = lines.order_by().values("sku__product")
        pieces = grouped.annotate(all=Sum("quantity")).values("all")
        money = DecimalField(max_digits=TOTAL_DIGITS, decimal_places=DECIMAL_PLACES)
        revenue = grouped.annotate(
            all=Sum(F("quantity") * F("unit_price"), output_field=money)
        ).values("all")
        pages = ProductPage.objects.filter(alias_of__isnull=True, product__retired__isnull=True)
        return pages.select_related("product").annotate(
            pieces=Coalesce(Subquery(pieces, output_field=IntegerField()), 0),
            revenue=Coalesce(
                Subquery(revenue, output_field=money), Value(Decimal(0), output_field=money)
            ),
            views=F("product__views"),
        )

    def decorate_paginated_queryset(self, pages: Any) -> Any:
        # Who sends parcels or keeps accounts reads this too, and edits no page.
        may_edit = self.request.user.has_perm(PRODUCTS)
        for page in pages:
            page.may_be_edited = may_edit
            page.revenue_shown = format_money(page.revenue, settings.SHOP_CURRENCY)
            page.on_offer = _("yes") if page.product.in_stock else _("no")
        return pages
