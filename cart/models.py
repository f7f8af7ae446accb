"""What a merchant decides about carts, and the carts of members."""

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

# A year. Nobody promises a price for longer.
MAX_HOURS = 366 * 24


def new_name() -> str:
    """By which open carts are told apart (``cart.open_carts``)."""
    return secrets.token_hex(8)


@register_setting(icon="tag", order=220)
class CartSettings(BaseGenericSetting):
    hold_hours = models.PositiveIntegerField(
        _("hours for which a price is held"),
        default=24,
        validators=[MaxValueValidator(MAX_HOURS)],
        help_text=_(
            "What is in a cart costs no more than when it was put in, for so many hours. "
            "0: today's price always counts."
        ),
    )

    panels = [FieldPanel("hold_hours")]

    class Meta:
        verbose_name = _("cart settings")


class SavedCart(models.Model):
    """The cart of a member, on every device. Written by ``cart.keeping`` only."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member"),
        on_delete=models.CASCADE,
        related_name="saved_cart",
    )
    # As cart.entries dumps them: {code: {"quantity": 2, "added": "2026-11-25T12:00:00+00:00"}}.
    entries = models.JSONField(default=dict)
    removed = models.JSONField(default=dict)
    name = models.CharField(max_length=16, default=new_name)
    # Names of the carts of sessions that were merged into it last: each is merged once.
    merged = models.JSONField(default=list)
    changed = models.DateTimeField(_("changed"), auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("saved cart")
        verbose_name_plural = _("saved carts")

    def __str__(self) -> str:
        return str(self.user_id)
