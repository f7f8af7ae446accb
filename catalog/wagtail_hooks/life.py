"""The life of pages: deleted, retired, moved, copied, unpublished, each with a word before."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from catalog import deleting, retiring
from catalog.admin import life_delete, life_move, life_pageless, life_retired

from .reports import register_reports

hooks.register("before_delete_page", life_delete.delete_page)
hooks.register("before_move_page", life_move.move_page)
hooks.register("after_copy_page", life_move.tell_what_copies_need)
hooks.register("after_edit_page", life_move.tell_renaming)
hooks.register("before_publish_page", life_retired.refuse_to_publish)


@hooks.register("construct_explorer_page_queryset")
def what_is_under_way(parent: Page, pages: Any, request: HttpRequest) -> Any:
    return life_move.tell_under_way(parent, pages, request)


@hooks.register("register_admin_urls")
def life_urls() -> list[URLPattern]:
    return [
        path(
            "products/retired/<int:page_id>/bring-back/",
            life_retired.BringBackView.as_view(),
            name="catalog_bring_back",
        ),
        path(
            "products/without-page/<int:product_id>/page/",
            life_pageless.GivePageView.as_view(),
            name="catalog_give_page",
        ),
        path(
            "products/without-page/<int:product_id>/delete/",
            life_pageless.DeleteForGoodView.as_view(),
            name="catalog_delete_product",
        ),
        path(
            "products/without-page/delete/",
            life_pageless.DeleteAllForGoodView.as_view(),
            name="catalog_delete_products",
        ),
    ]


register_reports([life_retired.RetiredReport, life_pageless.PagelessReport], first=280)


@hooks.register("register_permissions")
def delete_products_permission() -> QuerySet[Permission]:
    """So that a group may be allowed to delete products without a page for good."""
    return Permission.objects.filter(content_type__app_label="catalog", codename="delete_product")


@hooks.register("register_log_actions")
def life_log_actions(actions: Any) -> None:
    @actions.register_action(retiring.RETIRED)
    class RetiredLogFormatter(LogFormatter):
        label = _("Retire")
        message = _("Retired: taken out of the shop, with its SKUs off sale")

    @actions.register_action(retiring.BROUGHT_BACK)
    class BroughtBackLogFormatter(LogFormatter):
        label = _("Bring back")
        message = _("Brought back from the retired products")

    @actions.register_action(deleting.LOST_PAGE)
    class LostPageLogFormatter(LogFormatter):
        label = _("Delete the page of a product")
        message = _("The product's page was deleted; its SKUs, prices and stock are kept")
