"""What a merchant decides about the whole catalogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="tag", order=210)
class CatalogSettings(BaseGenericSetting):
    shows_lowest_price = models.BooleanField(
        _("show the lowest price of the 30 days before a reduction"),
        default=True,
        help_text=_("The law wants it in the European Union (Directive 98/6/EC, article 6a)."),
    )
    low_stock_at = models.PositiveIntegerField(
        _("stock is low at"),
        default=3,
        help_text=_("For SKUs that have no threshold of their own."),
    )

    panels = [FieldPanel("shows_lowest_price"), FieldPanel("low_stock_at")]

    class Meta:
        verbose_name = _("catalogue settings")
