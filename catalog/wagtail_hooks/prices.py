"""Prices in the admin: the ledger of a product, price batches, choosing SKUs, the report."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from catalog.admin.price_batch_views import prices_url
from catalog.admin.price_batches import PriceBatchViewSet, arrange_actions
from catalog.admin.price_ledger import LOG_ACTION, SEE, NewPriceView, PricesView, WithdrawView
from catalog.admin.price_report import PriceHistoryReport
from catalog.admin.price_sku_chooser import sku_choosers
from catalog.admin.rights import rights
from catalog.models import PriceBatch, PriceBatchRun, ProductPage
from catalog.price_batches.writing import ENDED

from .reports import register_reports

register_snippet(PriceBatchViewSet)
hooks.register("construct_snippet_action_menu", arrange_actions)
register_reports([PriceHistoryReport], first=250)


@hooks.register("register_admin_viewset")
def choose_skus() -> ViewSet:
    return sku_choosers


@hooks.register("register_admin_urls")
def price_urls() -> list[URLPattern]:
    below = "products/<int:page_id>/prices/"
    return [
        path(below, PricesView.as_view(), name="catalog_prices"),
        path(f"{below}add/", NewPriceView.as_view(), name="catalog_prices_add"),
        path(
            f"{below}<int:price_id>/withdraw/",
            WithdrawView.as_view(),
            name="catalog_prices_withdraw",
        ),
    ]


def _prices_url(page: Page, user: Any) -> str | None:
    if issubclass(page.specific_class, ProductPage) and (
        user.has_perm(SEE) or rights(user, page.specific_deferred).some
    ):
        return reverse("catalog_prices", args=[page.pk])
    return None


@hooks.register("register_page_header_buttons")
def prices_header_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    if page.pk and (url := _prices_url(page, user)):
        yield Button(_("Prices and their history"), url=url, icon_name="history", priority=13)


@hooks.register("register_page_listing_more_buttons")
def prices_listing_button(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if url := _prices_url(page, user):
        yield Button(_("Prices and their history"), url=url, icon_name="history", priority=4)


@hooks.register("before_delete_snippet")
def keep_approved_batches(request: HttpRequest, instances: Sequence[Any]) -> HttpResponse | None:
    """An approved batch is part of the ledger; who tries to delete one is told so."""
    batches = [instance.pk for instance in instances if isinstance(instance, PriceBatch)]
    run = PriceBatchRun.objects.filter(batch__in=batches).select_related("batch").first()
    if run is None:
        return None
    messages.error(
        request,
        _(
            "“%(name)s” was approved: its prices are in the ledger, so it is kept. "
            "Nothing was deleted."
        )
        % {"name": run.batch.name},
    )
    return redirect(prices_url(run.batch))


@hooks.register("register_log_actions")
def price_log_actions(actions: Any) -> None:
    @actions.register_action(LOG_ACTION)
    class PricesLogFormatter(LogFormatter):
        label = _("Edit prices")

        def format_message(self, log_entry: Any) -> str:
            codes = ", ".join(log_entry.data.get("codes", []))
            if "withdrawn" in log_entry.data:
                return _("Price cancelled or ended: %(codes)s") % {"codes": codes}
            return _("Price written: %(codes)s") % {"codes": codes}

    @actions.register_action(ENDED)
    class EndedLogFormatter(LogFormatter):
        label = _("End a price batch early")

        def format_message(self, log_entry: Any) -> str:
            return _("Ended early: %(count)s prices") % {"count": log_entry.data.get("prices", 0)}
