"""Orders in the Wagtail admin: to find and to read. What was ordered is never edited."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.permission_policies import ModelPermissionPolicy

from catalog.money import format_money
from orders import outbox
from orders.models import Order, OrderItem, Outbox

ORDERS_PER_PAGE = 50
# A search is a few words; each one costs a condition.
MAX_WORDS = 8

KINDS = {outbox.ORDER_PLACED: _("Confirmation of the order")}

policy = ModelPermissionPolicy(Order)


class OrderFilterSet(WagtailFilterSet):
    created = django_filters.DateFromToRangeFilter(label=_("Placed"), widget=DateRangePickerWidget)
    mail = django_filters.ChoiceFilter(
        label=_("Mail"), choices=Outbox.State.choices, method="filter_by_mail"
    )

    class Meta:
        model = Order
        fields = ["created", "mail"]

    def filter_by_mail(self, orders: QuerySet, name: str, state: str) -> QuerySet:
        return orders.filter(Exists(Outbox.objects.filter(order=OuterRef("pk"), state=state)))


def mail_state(order: Order) -> str:
    """One word for all mails of an order: the one that needs attention most."""
    states = {row.state for row in order.outbox.all()}
    for state in (Outbox.State.FAILED, Outbox.State.LEASED, Outbox.State.QUEUED, Outbox.State.SENT):
        if state in states:
            return str(state.label)
    return ""


def search(orders: QuerySet, query: str) -> QuerySet:
    """Orders in which each word is part of the number, name, address or a SKU code."""
    for word in query.split()[:MAX_WORDS]:
        lines = OrderItem.objects.filter(order=OuterRef("pk"), sku_code__icontains=word)
        found = Q(Exists(lines))
        for field in ("number", "first_name", "last_name", "email"):
            found |= Q(**{f"{field}__icontains": word})
        if word.isalnum() and 4 < len(word) <= 8:
            # A number read out on the telephone comes without its hyphen.
            found |= Q(number__icontains=f"{word[:4]}-{word[4:]}")
        orders = orders.filter(found)
    return orders


class OrderIndexView(IndexView):
    model = Order
    permission_policy = policy
    any_permission_required = ["view"]
    index_url_name = "shop_orders:index"
    index_results_url_name = "shop_orders:results"
    inspect_url_name = "shop_orders:inspect"
    header_icon = "form"
    paginate_by = ORDERS_PER_PAGE
    filterset_class = OrderFilterSet
    # Says that there is a search; search_queryset does it.
    search_fields = ["number"]
    list_display = [
        "number",
        DateColumn("created", label=_("Placed"), sort_key="created"),
        Column("name", label=pgettext_lazy("of a person", "Name"), sort_key="last_name"),
        Column("email", label=_("Email"), sort_key="email"),
        Column(
            "total",
            label=_("Total"),
            sort_key="total",
            accessor=lambda order: format_money(order.total, order.currency),
        ),
        StatusTagColumn(
            "mail",
            label=_("Mail"),
            accessor=mail_state,
            primary=lambda order: mail_state(order) == Outbox.State.SENT.label,
        ),
    ]

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().prefetch_related("outbox")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return search(queryset, self.search_query)

    def get_list_buttons(self, instance: Order) -> list:
        # The number leads to the order, and there is nothing else to do with it.
        return []


class OrderInspectView(InspectView):
    model = Order
    permission_policy = policy
    any_permission_required = ["view"]
    index_url_name = "shop_orders:index"
    template_name = "orders/admin/order.html"
    page_title = _("Order")
    header_icon = "form"
    fields = ["number"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        items = list(self.object.items.all())
        count = sum(item.quantity for item in items)
        mails = list(self.object.outbox.order_by("pk"))
        for mail in mails:
            mail.what_for = KINDS.get(mail.kind, mail.kind)
        return super().get_context_data(
            order=self.object,
            items=items,
            pieces=ngettext("%(count)d piece", "%(count)d pieces", count) % {"count": count},
            mails=mails,
            **kwargs,
        )
