"""Tax classes: which kind of thing a SKU is to the tax office. Their rates belong to orders."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TaxClass(models.Model):
    name = models.CharField(pgettext_lazy("of a tax class", "name"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("tax class")
        verbose_name_plural = _("tax classes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
