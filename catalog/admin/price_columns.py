"""Columns for moments and percentages, as those who decide about prices read them."""

from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from wagtail.admin.ui.tables import Column


def moment_text(moment: datetime | None) -> str:
    """The moment itself, in the time of whoever reads it: "2 days ago" is no end of a sale."""
    if moment is None:
        return ""
    return formats.date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


class MomentColumn(Column):
    def get_value(self, instance: Any) -> str:
        return moment_text(super().get_value(instance))


class PercentColumn(Column):
    def get_value(self, instance: Any) -> str | None:
        value = super().get_value(instance)
        return None if value is None else f"{value:+} %".replace("-", "−")
