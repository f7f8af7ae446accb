"""How orders are narrowed down and searched."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from catalog.admin.filters import MAX_WORDS, YesNoFilter
from orders import back_orders, outbox
from orders.models import Order, OrderItem, Outbox
from orders.payments import gateways

# Rows of the outbox that are no mails.
NO_MAILS = (outbox.REFUND, outbox.PAYMENT_MESSAGE)
MONEY = {
    Order.Money.UNPAID: Q(paid_at__isnull=True),
    Order.Money.PAID: Q(paid_at__isnull=False, amount_refunded=0),
    Order.Money.PARTLY_REFUNDED: Q(
        paid_at__isnull=False, amount_refunded__gt=0, amount_refunded__lt=F("amount_paid")
    ),
    Order.Money.REFUNDED: Q(
        paid_at__isnull=False, amount_refunded__gt=0, amount_refunded__gte=F("amount_paid")
    ),
}


def gateway_labels() -> dict[str, str]:
    """The names of all gateways by slug, as shoppers read them."""
    return {slug: str(gateway.label) for slug, gateway in gateways().items()}


def countries_of_orders() -> list[tuple[str, str]]:
    """Where orders go to; a list of all countries of the world would be long."""
    codes = Order.objects.order_by().values_list("country", flat=True).distinct()
    return sorted(((code, countries.name(code)) for code in codes), key=lambda pair: pair[1])


class OrderFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=Order.State.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    money = django_filters.ChoiceFilter(
        label=_("Money"),
        choices=Order.Money.choices,
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="by_money",
    )
    created = django_filters.DateFromToRangeFilter(label=_("Placed"), widget=DateRangePickerWidget)
    country = django_filters.ChoiceFilter(
        label=_("Country"), choices=countries_of_orders, empty_label=_("All")
    )
    gateway = django_filters.ChoiceFilter(
        label=_("Gateway"),
        field_name="payment_method",
        choices=lambda: list(gateway_labels().items()),
        empty_label=_("All"),
    )
    customer = django_filters.ChoiceFilter(
        label=_("Customer"),
        choices=[("member", _("Member")), ("guest", _("Guest"))],
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="by_customer",
    )
    attention = YesNoFilter(label=_("Needs attention"), method="by_attention")
    owing = YesNoFilter(label=_("Owes something"), method="by_owing")
    mail = django_filters.ChoiceFilter(
        label=_("Mail"), choices=Outbox.State.choices, empty_label=_("All"), method="by_mail"
    )

    class Meta:
        model = Order
        fields: list[str] = []

    def by_money(self, orders: QuerySet, name: str, money: str) -> QuerySet:
        return orders.filter(MONEY[Order.Money(money)])

    def by_customer(self, orders: QuerySet, name: str, kind: str) -> QuerySet:
        return orders.filter(user__isnull=kind == "guest")

    def by_attention(self, orders: QuerySet, name: str, answer: str) -> QuerySet:
        return orders.exclude(alert="") if answer == "yes" else orders.filter(alert="")

    def by_owing(self, orders: QuerySet, name: str, answer: str) -> QuerySet:
        if answer == "yes":
            return back_orders.owing(orders)
        return orders.exclude(pk__in=back_orders.owing(Order.objects.order_by()))

    def by_mail(self, orders: QuerySet, name: str, state: str) -> QuerySet:
        rows = Outbox.objects.filter(order=OuterRef("pk"), state=state).exclude(kind__in=NO_MAILS)
        return orders.filter(Exists(rows))


def search(orders: QuerySet, query: str) -> QuerySet:
    """Orders in which each word is part of the number, name, address or a SKU code."""
    # Chinese, Japanese and Korean names are written as one word, and lists show them so.
    orders = orders.alias(
        family_first=Concat("last_name", "first_name"),
        family_last=Concat("first_name", "last_name"),
    )
    for word in query.split()[:MAX_WORDS]:
        lines = OrderItem.objects.filter(order=OuterRef("pk"), sku_code__icontains=word)
        found = Q(Exists(lines))
        for field in ("number", "family_first", "family_last", "email"):
            found |= Q(**{f"{field}__icontains": word})
        if word.isalnum() and 4 < len(word) <= 8:
            # A number read out on the telephone comes without its hyphen.
            found |= Q(number__icontains=f"{word[:4]}-{word[4:]}")
        orders = orders.filter(found)
    return orders


def of_same_customer(order: Order) -> QuerySet[Any]:
    """The other orders of whoever placed this one, member or guest."""
    if order.erased:
        return Order.objects.none()
    same = Q(email__iexact=order.email)
    if order.user_id:
        same |= Q(user=order.user_id)
    return Order.objects.filter(same).exclude(pk=order.pk)
