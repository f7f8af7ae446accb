"""The books in the Django admin, read only: what was ordered is never edited."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from catalog.money import format_money
from orders import outbox
from orders.models import Order, OrderItem, Outbox


class ReadOnly:
    """Who may view may view; nobody adds, changes or deletes."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class LineInline(ReadOnly, admin.TabularInline):
    model = OrderItem
    fields = ["title", "options", "sku_code", "price", "quantity", "back_ordered", "line_total"]
    readonly_fields = ["price", "line_total"]
    extra = 0

    @admin.display(description=_("unit price"))
    def price(self, item: OrderItem) -> str:
        return format_money(item.unit_price, item.order.currency)

    @admin.display(description=_("line total"))
    def line_total(self, item: OrderItem) -> str:
        return format_money(item.total, item.order.currency)


@admin.register(Order)
class OrderAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["number", "created", "name", "email", "amount"]
    list_per_page = 50
    date_hierarchy = "created"
    search_fields = ["number", "first_name", "last_name", "email", "items__sku_code"]
    fields = [
        "number",
        "created",
        "user",
        "language",
        "first_name",
        "last_name",
        "email",
        "address",
        "postal_code",
        "city",
        "country",
        "amount",
    ]
    readonly_fields = ["amount"]
    inlines = [LineInline]
    # That would show the shopper's own address of the order, which nobody else has.
    view_on_site = False

    @admin.display(description=pgettext_lazy("of a person", "name"), ordering="last_name")
    def name(self, order: Order) -> str:
        return order.name

    @admin.display(description=_("total"), ordering="total")
    def amount(self, order: Order) -> str:
        return format_money(order.total, order.currency)


@admin.register(Outbox)
class OutboxAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["order", "kind", "state", "attempts", "next_at", "sent_at", "last_error"]
    list_filter = ["state", "kind"]
    list_select_related = ["order"]
    list_display_links = ["order", "kind"]
    list_per_page = 50
    search_fields = ["order__number", "order__email"]
    ordering = ["-pk"]
    actions = ["send_again"]

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_outbox")

    @admin.action(description=_("Try again to send what was given up"), permissions=["send"])
    def send_again(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        count = outbox.send_again(rows)
        message = ngettext(
            "%(count)d mail is waiting again.", "%(count)d mails are waiting again.", count
        )
        self.message_user(request, message % {"count": count}, messages.SUCCESS)
