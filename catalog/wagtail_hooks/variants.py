"""What the catalogue adds to the Wagtail admin; the work is in ``catalog.admin``."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from catalog.admin.views import LOG_ACTION, VariantsView
from catalog.models import ProductPage


@hooks.register("register_admin_urls")
def variants_urls() -> list[URLPattern]:
    return [
        path("products/<int:page_id>/variants/", VariantsView.as_view(), name="catalog_variants")
    ]


def _variants_url(page: Page, user: Any) -> str | None:
    if (
        issubclass(page.specific_class, ProductPage)
        and page.permissions_for_user(user).can_publish()
    ):
        return reverse("catalog_variants", args=[page.pk])
    return None


@hooks.register("register_page_header_buttons")
def variants_header_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    if url := _variants_url(page, user):
        yield Button(_("Variants, prices & stock"), url=url, icon_name="tag", priority=12)


@hooks.register("register_page_listing_more_buttons")
def variants_listing_button(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if url := _variants_url(page, user):
        yield Button(_("Variants, prices & stock"), url=url, icon_name="tag", priority=3)


@hooks.register("register_log_actions")
def variants_log_action(actions: Any) -> None:
    @actions.register_action(LOG_ACTION)
    class VariantsLogFormatter(LogFormatter):
        label = _("Edit variants, prices & stock")

        def format_message(self, log_entry: Any) -> str:
            codes = ", ".join(log_entry.data.get("changes", {}))
            return _("Variants, prices or stock edited: %(codes)s") % {"codes": codes}
