"""What a product is like, in columns that the merchant defines: material, width, vegan."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable


class Attribute(ClusterableModel):
    """One question that products answer; its kind says what an answer may be."""

    class Kind(models.TextChoices):
        TEXT = "text", pgettext_lazy("kind of attribute", "text")
        NUMBER = "number", pgettext_lazy("kind of attribute", "number")
        CHOICE = "choice", pgettext_lazy("kind of attribute", "choice")
        YES_NO = "yes_no", pgettext_lazy("kind of attribute", "yes or no")

    name = models.CharField(pgettext_lazy("of an attribute", "name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.TEXT)
    unit = models.CharField(
        _("unit"), max_length=20, blank=True, help_text=_("Shown after a number, such as cm.")
    )
    is_facet = models.BooleanField(
        _("offer as a filter"),
        default=False,
        help_text=_("Shoppers can narrow a category or collection down by it."),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class AttributeChoice(Orderable):
    """One of the answers to an attribute of the kind "choice"."""

    attribute = ParentalKey(Attribute, on_delete=models.CASCADE, related_name="choices")
    name = models.CharField(pgettext_lazy("of a choice", "name"), max_length=100)

    class Meta(Orderable.Meta):
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        constraints = [
            models.UniqueConstraint(fields=["attribute", "name"], name="attribute_choice_once")
        ]

    def __str__(self) -> str:
        return self.name


class ProductAttribute(Orderable):
    """A product's answer to one attribute: story, drafted and published with the page.

    ``value`` is what the editor wrote, in one spelling for each kind: a number without
    thousands separators, the name of a choice, "yes" or "no". ``number`` repeats a number
    so that the database can compare it.
    """

    page = ParentalKey("catalog.ProductPage", on_delete=models.CASCADE, related_name="attributes")
    attribute = models.ForeignKey(
        Attribute, verbose_name=_("attribute"), on_delete=models.CASCADE, related_name="+"
    )
    value = models.CharField(_("value"), max_length=255)
    number = models.DecimalField(
        max_digits=18, decimal_places=6, null=True, blank=True, editable=False
    )

    class Meta(Orderable.Meta):
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        indexes = [models.Index(fields=["attribute", "value"])]

    def __str__(self) -> str:
        return f"{self.attribute}: {self.value}"
