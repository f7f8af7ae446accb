"""What the mails add to the Wagtail admin; ``orders.wagtail_hooks`` reads it."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from orders.mail_admin import bulk, outgoing, texts

# By this hook others add to the menu of mails.
MENU = "register_mails_menu_item"

text_urls = [
    path("", texts.TextIndexView.as_view(), name="index"),
    path("<slug:kind>/<str:language>/", texts.TextEditView.as_view(), name="edit"),
    path("<slug:kind>/<str:language>/reset/", texts.TextResetView.as_view(), name="reset"),
    path("<slug:kind>/<str:language>/html/", texts.HtmlPreviewView.as_view(), name="html"),
    path("<slug:kind>/<str:language>/text/", texts.PlainPreviewView.as_view(), name="plain"),
]
outgoing_urls = [
    path("", outgoing.OutgoingIndexView.as_view(), name="index"),
    path("results/", outgoing.OutgoingIndexView.as_view(results_only=True), name="results"),
    path("again/", outgoing.SendAgainView.as_view(), name="again_all"),
    path("<int:pk>/again/", outgoing.SendAgainView.as_view(), name="again"),
]


@hooks.register("register_admin_urls")
def mail_admin_urls() -> list[URLResolver]:
    return [
        path("mail-texts/", include((text_urls, "shop_mail_texts"))),
        path("outgoing-mail/", include((outgoing_urls, "shop_outgoing"))),
    ]


class _TextsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return texts.may_see(request.user)


class _OutgoingItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(outgoing.VIEW)


@hooks.register("register_admin_menu_item")
def mails_menu_item() -> MenuItem:
    items: list[Any] = [
        _OutgoingItem(
            _("Outgoing mail"),
            reverse_lazy("shop_outgoing:index"),
            name="outgoing-mail",
            icon_name="mail",
            order=10,
        ),
        _TextsItem(
            _("Texts of mails"),
            reverse_lazy("shop_mail_texts:index"),
            name="mail-texts",
            icon_name="edit",
            order=20,
        ),
    ]
    menu = Menu(register_hook_name=MENU, items=items)
    return SubmenuMenuItem(_("Mails"), menu, name="mails", icon_name="mail", order=218)


@hooks.register("register_permissions")
def mail_permissions() -> QuerySet:
    """So that a group can be given them in the Wagtail admin."""
    return Permission.objects.filter(
        content_type__app_label="orders",
        codename__in=["view_mailtext", "change_mailtext", "view_outbox", "change_outbox"],
    )


hooks.register("register_bulk_action", bulk.SendManyAgain)
