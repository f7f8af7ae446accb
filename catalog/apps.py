from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from wagtail.admin.views.mixins import SpreadsheetExportMixin
        from wagtail.signals import page_published, page_slug_changed, post_page_move

        # Workers look for kinds of jobs where these modules register them.
        from catalog import (  # noqa: F401
            columns,
            deleting,
            kept,
            moving,
            pageless,
            redirects,
            rendition_work,
            retiring_many,
            tagging,
            telling,
        )
        from catalog.admin.page_form import ProductPageForm
        from catalog.exporting import cells, jobs  # noqa: F401
        from catalog.importing import jobs as importing  # noqa: F401
        from catalog.models import ProductPage

        # The form knows of SKUs, which the page's own module must not.
        ProductPage.base_form_class = ProductPageForm

        cells.defuse(SpreadsheetExportMixin)
        telling.connect()
        kept.listen(columns.keeper.hear)

        post_page_move.connect(redirects.remember_move)
        page_slug_changed.connect(redirects.remember_new_slug)
        post_save.connect(rendition_work.picture_saved, sender="catalog.Picture")
        page_published.connect(rendition_work.page_published)
