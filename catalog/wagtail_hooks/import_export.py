from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from catalog.admin import import_export


class ImportExportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return import_export.may_import(request.user)


@hooks.register("register_admin_urls")
def import_export_urls() -> list[URLPattern]:
    return [
        path(
            "products/import-export/",
            import_export.ImportExportView.as_view(),
            name="catalog_import_export",
        ),
        path(
            "products/import/<int:pk>/",
            import_export.StartImportView.as_view(),
            name="catalog_start_import",
        ),
    ]


@hooks.register("register_admin_menu_item")
def import_export_menu_item() -> MenuItem:
    return ImportExportMenuItem(
        _("Import & export"),
        reverse_lazy("catalog_import_export"),
        name="import-export",
        icon_name="download",
        order=240,
    )
