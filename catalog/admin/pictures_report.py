"""Pictures whose sizes could not be made, and why: shoppers see the uploaded file instead."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn

from catalog import rendition_work
from catalog.models import RenditionWork

from .shop_report import ShopReport


class PicturesReport(ShopReport):
    """Uploads that no worker could read, until a new file is uploaded in their place."""

    page_title = gettext_lazy("Pictures that cannot be read")
    header_icon = "image"
    needed = ("catalog.change_picture",)
    index_name = "catalog_broken_pictures"
    export_filename = "broken-pictures"
    default_ordering = "-due"
    list_export = ["title", "file", "reason"]
    export_headings = {
        "title": gettext_lazy("Picture"),
        "file": gettext_lazy("File"),
        "reason": gettext_lazy("Reason"),
    }
    columns = [
        TitleColumn(
            "title",
            label=gettext_lazy("Picture"),
            get_url=lambda row: reverse("wagtailimages:edit", args=[row.picture_id]),
        ),
        Column("file", label=gettext_lazy("File")),
        Column("reason", label=gettext_lazy("Reason")),
    ]

    def get_base_queryset(self) -> QuerySet[RenditionWork]:
        return rendition_work.failed().select_related("picture")

    def decorate_paginated_queryset(self, rows):
        for row in rows:
            row.title = row.picture.title
            row.file = row.picture.file.name
            row.reason = row.problem or _("Each worker that tried this has died.")
        return rows
