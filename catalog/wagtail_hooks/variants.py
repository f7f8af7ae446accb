"""What the catalogue adds to the Wagtail admin for variants, prices and stock."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from catalog.admin import grid_views, page_form, page_views
from catalog.admin.grid import LOG_ACTION
from catalog.admin.history import ChangesView, MovementsView, told
from catalog.admin.rights import may_change_stock_anywhere, rights
from catalog.admin.stock_views import ManyVariantsView, StockView
from catalog.admin.views import VariantsView
from catalog.models import ProductPage


@hooks.register("register_admin_urls")
def variants_urls() -> list[URLPattern]:
    return [
        path("products/<int:page_id>/variants/", VariantsView.as_view(), name="catalog_variants"),
        path("products/<int:page_id>/figures/", page_views.facts_panel, name="catalog_facts_panel"),
        *_grid_urls("products/<int:page_id>/"),
        *_listing_urls("products/<int:page_id>/movements/", MovementsView, "catalog_movements"),
        *_listing_urls("products/<int:page_id>/changes/", ChangesView, "catalog_changes"),
        *_listing_urls("products/variants/", ManyVariantsView, "catalog_many_variants"),
        *_listing_urls("stock/", StockView, "catalog_stock"),
    ]


def _grid_urls(product: str) -> list[URLPattern]:
    return [
        path(f"{product}variants/grid/", grid_views.product_grid, name="catalog_variant_grid"),
        path(f"{product}variants/make/", grid_views.make_missing, name="catalog_make_variants"),
        path(f"{product}facts/", grid_views.save_product, name="catalog_save_product"),
        path("products/variants/save/", grid_views.save_rows, name="catalog_save_variants"),
        path("products/variants/code/", grid_views.check_code, name="catalog_check_code"),
    ]


def _listing_urls(address: str, view: Any, name: str) -> list[URLPattern]:
    """The listing, and the part of it that changes while filtering."""
    return [
        path(address, view.as_view(), name=name),
        path(f"{address}results/", view.as_view(results_only=True), name=f"{name}_results"),
    ]


def _variants_url(page: Page, user: Any) -> str | None:
    # What comes from the tree may be a plain page, which knows nothing of its kind's rights.
    if not issubclass(page.specific_class or Page, ProductPage):
        return None
    specific = page if isinstance(page, ProductPage) else page.specific_deferred
    if rights(user, specific).some:
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


class StockMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_change_stock_anywhere(request.user)


@hooks.register("register_admin_menu_item")
def stock_menu_item() -> MenuItem:
    return StockMenuItem(
        _("Stock"),
        reverse_lazy("catalog_stock"),
        name="stock",
        icon_name="table",
        order=205,
    )


@hooks.register("register_permissions")
def facts_permissions() -> QuerySet[Permission]:
    """What a group may be given beside the right to publish; ``catalog.admin.rights`` says more."""
    wanted = Q()
    for codename in ("change_sku", "view_cost", "change_stock", "add_price"):
        wanted |= Q(codename=codename)
    return Permission.objects.filter(wanted, content_type__app_label="catalog")


@hooks.register("before_create_page")
def a_new_pages_autosave_makes_no_sku(
    request: HttpRequest, parent: Page, page_class: type[Page]
) -> None:
    page_form.leave_out_of_autosaves(request)


@hooks.register("before_edit_page")
def an_autosave_makes_no_sku(request: HttpRequest, page: Page) -> None:
    page_form.leave_out_of_autosaves(request)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
@hooks.register("before_publish_page")
def write_first_sku(request: HttpRequest, page: Page) -> None:
    # Whichever comes first: publishing reads the page anew and forgets what was typed.
    if isinstance(page, ProductPage):
        page_form.write(request, page)


@hooks.register("register_log_actions")
def variants_log_action(actions: Any) -> None:
    @actions.register_action(LOG_ACTION)
    class VariantsLogFormatter(LogFormatter):
        label = _("Edit variants, prices & stock")

        def format_message(self, log_entry: Any) -> str:
            return " · ".join(told(log_entry.data))
