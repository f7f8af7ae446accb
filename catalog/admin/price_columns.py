"""Columns for moments and percentages, as those who decide about prices read them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column


def moment_text(moment: datetime | None) -> str:
    """The moment itself, in the time of whoever reads it: "2 days ago" is no end of a sale."""
    if moment is None:
        return ""
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def name_time_zone(field: Any) -> None:
    """Let the help of a field for a moment say in whose time it is read."""
    zone = _("Time zone: %(zone)s.") % {"zone": timezone.get_current_timezone_name()}
    field.help_text = f"{field.help_text} {zone}".strip()


def percent_text(percent: Decimal | None) -> str | None:
    """With its sign, as one writes it."""
    return None if percent is None else f"{percent:+} %".replace("-", "−")


class MomentColumn(Column):
    def get_value(self, instance: Any) -> str:
        return moment_text(super().get_value(instance))


class PercentColumn(Column):
    def get_value(self, instance: Any) -> str | None:
        return percent_text(super().get_value(instance))
