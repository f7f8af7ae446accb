from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from wagtail.admin.views.mixins import SpreadsheetExportMixin
        from wagtail.signals import page_slug_changed, post_page_move

        # Workers look for kinds of jobs where these modules register them.
        from catalog import deleting, moving, pageless, redirects, retiring_many, tagging  # noqa: F401
        from catalog.admin.page_form import ProductPageForm
        from catalog.exporting import cells, jobs  # noqa: F401
        from catalog.importing import jobs as importing  # noqa: F401
        from catalog.models import ProductPage

        # The form knows of SKUs, which the page's own module must not.
        ProductPage.base_form_class = ProductPageForm

        cells.defuse(SpreadsheetExportMixin)

        post_page_move.connect(redirects.remember_move)
        page_slug_changed.connect(redirects.remember_new_slug)
