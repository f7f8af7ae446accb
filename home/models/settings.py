"""What the shop says of itself on every page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField


@register_setting(icon="cog")
class ShopSettings(BaseSiteSetting):
    name = models.CharField(_("name of the shop"), max_length=100, default="Storefront")
    tagline = models.CharField(_("one line about it"), max_length=200, blank=True)
    contact_email = models.EmailField(
        _("contact address"),
        blank=True,
        help_text=_("Shown to shoppers; answers to the shop's mails go there."),
    )
    footer = RichTextField(_("footer"), blank=True, features=["bold", "italic", "link"])

    panels = [
        FieldPanel("name"),
        FieldPanel("tagline"),
        FieldPanel("contact_email"),
        FieldPanel("footer"),
    ]

    class Meta:
        verbose_name = _("shop settings")
