"""What search adds to the Wagtail admin: two reports, and who may read them."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks

from catalog.wagtail_hooks.reports import register_reports
from search.admin.reports import REPORTS

# Wagtail's own report of the same name, which says nothing of what was found.
REPLACED = "search-terms"

register_reports(REPORTS, first=240)


@hooks.register("construct_reports_menu")
def without_replaced(request: HttpRequest, menu_items: list[Any]) -> None:
    menu_items[:] = [item for item in menu_items if item.name != REPLACED or _is_ours(item)]


def _is_ours(item: Any) -> bool:
    return getattr(item, "report", None) in REPORTS


@hooks.register("register_permissions")
def term_permissions() -> QuerySet:
    """So that a group can be given it in the Wagtail admin."""
    return Permission.objects.filter(content_type__app_label="search", codename="view_termday")
