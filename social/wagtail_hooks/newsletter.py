"""The newsletter in the Wagtail admin."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from catalog.permissions import WORDS
from social.models import NewsletterPage
from social.newsletter.desk import rights
from social.newsletter.desk import urls as desk_urls


@hooks.register("register_admin_urls")
def newsletter_urls() -> list[URLResolver]:
    return [path("newsletter/", include(desk_urls))]


class _Item(MenuItem):
    """Shown to those who have the permission that it ``needs``."""

    def __init__(self, *args: Any, needs: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs = needs

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.needs)


@hooks.register("register_admin_menu_item")
def newsletter_menu_item() -> MenuItem:
    issues = reverse_lazy("wagtailadmin_pages:type_use", args=["social", "newsletterpage"])
    sendings = reverse_lazy("newsletter_desk:index")
    subscribers = reverse_lazy("shop_subscribers:index")
    items: list[Any] = [
        _Item(_("Issues"), issues, name="issues", icon_name="doc-full", order=10, needs=WORDS),
        _Item(
            _("Sendings"),
            sendings,
            name="sendings",
            icon_name="mail",
            order=20,
            needs=rights.VIEW,
        ),
        _Item(
            _("Subscribers"),
            subscribers,
            name="subscribers",
            icon_name="group",
            order=30,
            needs=rights.VIEW_SUBSCRIBERS,
        ),
    ]
    menu = Menu(register_hook_name="register_newsletter_menu_item", items=items)
    return SubmenuMenuItem(_("Newsletter"), menu, name="newsletter", icon_name="mail", order=216)


def _send_button(page: Page, user: Any) -> Iterator[Button]:
    if page.pk and issubclass(page.specific_class, NewsletterPage) and user.has_perm(rights.ADD):
        yield Button(
            _("Send"),
            url=reverse("newsletter_desk:send", args=[page.pk]),
            icon_name="mail",
            priority=12,
        )


@hooks.register("register_page_header_buttons")
def send_from_header(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    yield from _send_button(page, user)


@hooks.register("register_page_listing_more_buttons")
def send_from_listing(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    yield from _send_button(page, user)


@hooks.register("register_permissions")
def newsletter_permissions() -> QuerySet:
    """So that a group can be given them in the Wagtail admin."""
    names = [name.removeprefix("social.") for name in rights.ALL]
    return Permission.objects.filter(content_type__app_label="social", codename__in=names)
