"""The books in the Django admin, read only: what was ordered is never edited."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from catalog.money import format_money
from orders import outbox
from orders.desk.filters import search
from orders.models import (
    Coupon,
    CouponUse,
    Invoice,
    InvoiceAddress,
    MailText,
    Order,
    OrderEvent,
    OrderItem,
    Outbox,
    Payment,
    PaymentEvent,
    Refund,
    RefundItem,
    Shipment,
    ShippingMethod,
    TaxRate,
)


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
    fields = [
        "title",
        "options",
        "sku_code",
        "price",
        "quantity",
        "back_ordered",
        "restocked",
        "line_total",
    ]
    readonly_fields = ["price", "line_total"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Amounts are shown in the currency of the order.
        return super().get_queryset(request).select_related("order")

    @admin.display(description=_("unit price"))
    def price(self, item: OrderItem) -> str:
        return format_money(item.unit_price, item.order.currency)

    @admin.display(description=_("line total"))
    def line_total(self, item: OrderItem) -> str:
        return format_money(item.total, item.order.currency)


class InvoiceAddressInline(ReadOnly, admin.StackedInline):
    model = InvoiceAddress
    extra = 0


class PaymentInline(ReadOnly, admin.TabularInline):
    model = Payment
    fields = ["gateway", "state", "amount", "currency", "reference", "failure", "captured_at"]
    extra = 0


class RefundInline(ReadOnly, admin.TabularInline):
    model = Refund
    fields = ["amount", "shipping", "reason", "state", "reference", "failure", "user", "done_at"]
    extra = 0


class ShipmentInline(ReadOnly, admin.TabularInline):
    model = Shipment
    fields = ["carrier", "tracking_number", "tracking_url", "created", "user"]
    # Shown as a text: a form's own field for it would warn of Django 6.
    readonly_fields = ["tracking_url"]
    extra = 0


class EventInline(ReadOnly, admin.TabularInline):
    model = OrderEvent
    fields = ["created", "kind", "from_state", "to_state", "text", "user", "by"]
    extra = 0


class CouponUseInline(ReadOnly, admin.TabularInline):
    model = CouponUse
    fields = ["coupon", "amount", "released"]
    extra = 0


@admin.register(Order)
class OrderAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["number", "created", "name", "email", "amount", "state", "money", "alert"]
    list_filter = ["state", "payment_method"]
    list_per_page = 50
    date_hierarchy = "created"
    # Says that there is a search; get_search_results does it, as at the desk.
    search_fields = ["number"]
    exclude = ["secret", "checkout_token"]
    readonly_fields = ["amount", "money"]
    inlines = [
        LineInline,
        InvoiceAddressInline,
        CouponUseInline,
        PaymentInline,
        RefundInline,
        ShipmentInline,
        EventInline,
    ]
    # That would show the shopper's own address of the order, which nobody else has.
    view_on_site = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return search(queryset, search_term), False

    @admin.display(description=pgettext_lazy("of a person", "name"), ordering="last_name")
    def name(self, order: Order) -> str:
        return order.name

    @admin.display(description=_("total"), ordering="total")
    def amount(self, order: Order) -> str:
        return format_money(order.total, order.currency)

    @admin.display(description=_("money"))
    def money(self, order: Order) -> str:
        return str(order.money.label)


class PaymentEventInline(ReadOnly, admin.StackedInline):
    model = PaymentEvent
    extra = 0


@admin.register(Payment)
class PaymentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["order", "gateway", "state", "amount", "currency", "created", "captured_at"]
    list_filter = ["state", "gateway"]
    list_select_related = ["order"]
    list_per_page = 50
    search_fields = ["order__number", "reference", "capture_reference"]
    # Sent with each call: of use to nobody who reads.
    exclude = ["key"]
    inlines = [PaymentEventInline]


@admin.register(PaymentEvent)
class PaymentEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["created", "gateway", "direction", "action", "status", "error"]
    list_filter = ["gateway", "direction"]
    list_per_page = 50
    search_fields = ["event_id", "action", "payment__order__number"]


class RefundItemInline(ReadOnly, admin.TabularInline):
    model = RefundItem
    extra = 0


@admin.register(Refund)
class RefundAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["order", "amount", "state", "created", "done_at", "failure"]
    list_filter = ["state"]
    list_select_related = ["order"]
    list_per_page = 50
    search_fields = ["order__number", "reference"]
    exclude = ["key"]
    inlines = [RefundItemInline]


@admin.register(Invoice)
class InvoiceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["number", "order", "created"]
    list_select_related = ["order"]
    list_per_page = 50
    search_fields = ["number", "order__number"]


@admin.register(Coupon)
class CouponAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "kind", "value", "is_active", "used", "valid_from", "valid_until"]
    list_filter = ["kind", "is_active"]
    search_fields = ["code", "note"]


@admin.register(ShippingMethod)
class ShippingMethodAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "price", "is_active", "position"]


@admin.register(TaxRate)
class TaxRateAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["country", "tax_class", "rate"]


@admin.register(MailText)
class MailTextAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["kind", "language", "subject"]


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
