"""The list of orders."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    DateColumn,
    StatusTagColumn,
)
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import Button

from catalog.money import format_money
from orders.models import Order, Outbox

from . import exports
from .filters import NO_MAILS, OrderFilterSet, gateway_labels, search
from .rights import NeedsMixin, policy

ORDERS_PER_PAGE = 50
# In this order: the state that needs attention most speaks for all mails of an order.
MAIL_STATES = (Outbox.State.FAILED, Outbox.State.LEASED, Outbox.State.QUEUED, Outbox.State.SENT)


def mail_state(order: Order) -> str:
    """One word for all mails of an order: the one that needs attention most."""
    states = {row.state for row in order.outbox.all()}
    return next((str(state.label) for state in MAIL_STATES if state in states), "")


class OrderIndexView(NeedsMixin, IndexView):
    model = Order
    permission_policy = policy
    any_permission_required = ["view"]
    index_url_name = "shop_orders:index"
    index_results_url_name = "shop_orders:results"
    inspect_url_name = "shop_orders:inspect"
    template_name = "orders/admin/order_index.html"
    results_template_name = "orders/admin/order_index_results.html"
    header_icon = "form"
    paginate_by = ORDERS_PER_PAGE
    filterset_class = OrderFilterSet
    verbose_name_plural = _("orders")
    # Says that there is a search; search_queryset does it.
    search_fields = ["number"]
    # Says that there is an export; ``exports.Sheet`` does it.
    list_export = list(exports.HEADINGS)
    export_headings = exports.HEADINGS

    list_display = [
        "number",
        DateColumn("created", label=_("Placed"), sort_key="created", width="9rem"),
        Column("name", label=pgettext_lazy("of a person", "Name"), sort_key="last_name"),
        Column("country", label=_("Country"), accessor="country.name", sort_key="country"),
        Column(
            "total",
            label=_("Total"),
            sort_key="total",
            accessor=lambda order: format_money(order.total, order.currency),
            classname="order-amount",
        ),
        StatusTagColumn(
            "state",
            label=_("State"),
            accessor="get_state_display",
            sort_key="state",
            primary=lambda order: order.state in {Order.State.PAID, Order.State.PACKED},
        ),
        StatusTagColumn(
            "money",
            label=_("Money"),
            accessor="money.label",
            primary=lambda order: order.money == Order.Money.PAID,
        ),
        Column("gateway_label", label=_("Gateway"), sort_key="payment_method"),
        StatusTagColumn(
            "mail",
            label=_("Mail"),
            accessor=mail_state,
            primary=lambda order: mail_state(order) == Outbox.State.SENT.label,
        ),
        Column("alert", label=_("Needs attention"), sort_key="alert", classname="order-alert"),
    ]

    @cached_property
    def columns(self) -> list[Any]:
        return [BulkActionsCheckboxColumn("bulk_actions", obj_type="order"), *super().columns]

    def get_base_queryset(self) -> QuerySet:
        rows = Outbox.objects.exclude(kind__in=NO_MAILS).only("order_id", "state")
        return super().get_base_queryset().prefetch_related(Prefetch("outbox", rows))

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.ordering:
            return queryset.order_by("-created", "-pk")
        return queryset.order_by(self.ordering, "-pk")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return search(queryset, self.search_query)

    def paginate_queryset(self, queryset: QuerySet, page_size: int) -> tuple:
        paginator, page, orders, has_others = super().paginate_queryset(queryset, page_size)
        labels = gateway_labels()
        orders = page.object_list = list(orders)
        for order in orders:
            order.gateway_label = labels.get(order.payment_method, order.payment_method)
        return paginator, page, orders, has_others

    def get_list_buttons(self, instance: Order) -> list:
        # The number leads to the order, and there is nothing else to do with it.
        return []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_export:
            return super().get(request, *args, **kwargs)
        lines = request.GET.get("rows") == "lines"
        rows = exports.Rows(self.get_queryset().values_list("pk", flat=True), lines=lines)
        kind = request.GET["export"]
        if kind == self.FORMAT_XLSX and (problem := exports.too_long_for_xlsx(rows)):
            messages.warning(request, problem)
            asked = request.GET.copy()
            for name in ("export", "rows"):
                asked.pop(name, None)
            return redirect(f"{self.index_url}?{asked.urlencode()}")
        return exports.Sheet(lines=lines).as_spreadsheet(rows, kind)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        asked = self.request.GET.copy()
        asked["rows"] = "lines"
        buttons = list(super().header_more_buttons)
        kinds = [("xlsx", _("Download lines as XLSX")), ("csv", _("Download lines as CSV"))]
        for priority, (kind, label) in enumerate(kinds, start=101):
            asked["export"] = kind
            url = f"{self.request.path}?{asked.urlencode()}"
            buttons.append(Button(label, url=url, icon_name="download", priority=priority))
        return buttons
