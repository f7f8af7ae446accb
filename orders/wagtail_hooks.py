"""What orders add to the Wagtail admin: the list of orders, and the inbox."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSetGroup

from catalog.wagtail_hooks.reports import register_reports
from orders import inbox_views
from orders.admin_reports import SellersReport
from orders.desk import bulk
from orders.desk import urls as orders_urls
from orders.desk.rights import policy
from orders.mail_admin import hooks as mail_admin_hooks
from orders.models import Order
from orders.selling.group import SellingGroup

mail_urls = [
    path("", inbox_views.MailIndexView.as_view(), name="index"),
    path("<str:name>/", inbox_views.MailView.as_view(), name="detail"),
    path("<str:name>/html/", inbox_views.MailHtmlView.as_view(), name="html"),
]


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLResolver]:
    return [
        path("orders/", include(orders_urls)),
        path("mail/", include((mail_urls, "shop_mail"))),
    ]


class OrdersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return policy.user_has_permission(request.user, "view")


class MailMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return inbox_views.is_in_use() and inbox_views.may_read(request.user)


@hooks.register("register_admin_menu_item")
def orders_menu_item() -> MenuItem:
    return OrdersMenuItem(
        _("Orders"), reverse_lazy("shop_orders:index"), name="orders", icon_name="form", order=210
    )


@hooks.register(mail_admin_hooks.MENU)
def mail_menu_item() -> MenuItem:
    return MailMenuItem(
        _("Inbox"), reverse_lazy("shop_mail:index"), name="mail", icon_name="mail", order=220
    )


@hooks.register("register_permissions")
def order_permissions() -> QuerySet:
    """So that a group can be given them in the Wagtail admin."""
    return Permission.objects.filter(
        content_type__app_label="orders",
        codename__in=[
            "view_order",
            "change_order",
            "refund_order",
            "view_payment",
            "view_paymentevent",
            "view_refund",
        ],
    )


for action in bulk.ACTIONS:
    hooks.register("register_bulk_action", action)


@hooks.register("register_admin_viewset")
def selling() -> ViewSetGroup:
    return SellingGroup()


register_reports([SellersReport], first=250)


@hooks.register("catalog_reference_urls")
def order_urls(references: set[str], user: Any) -> dict[str, str]:
    """The way from a stock movement to its order, for those who may see orders."""
    if not policy.user_has_permission(user, "view"):
        return {}
    found = Order.objects.filter(number__in=references).values_list("number", "pk")
    return {number: reverse("shop_orders:inspect", args=[pk]) for number, pk in found}
