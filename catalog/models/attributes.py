"""What a product is like, in columns that the merchant defines: material, width, vegan."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from catalog import answers
from catalog.clusters import ReadMixin


class Attribute(ClusterableModel):
    """One question that products answer; its kind says what an answer may be."""

    Kind: ClassVar = answers.Kind

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

    def understood(self, text: str) -> str:
        """An answer in its one spelling; ``ValidationError`` says what could be written."""
        choices = []
        if self.kind == self.Kind.CHOICE:
            choices = [(choice.name, choice.former_names) for choice in self.choices.all()]
        return answers.understood(text, self.kind, unit=self.unit, choices=choices)

    def shown(self, value: str) -> str:
        """An answer as a shopper reads it, in the active language."""
        return answers.shown(value, self.kind, self.unit)


class AttributeChoice(Orderable):
    """One of the answers to an attribute of the kind "choice"."""

    attribute = ParentalKey(Attribute, on_delete=models.CASCADE, related_name="choices")
    name = models.CharField(pgettext_lazy("of a choice", "name"), max_length=100)
    # What it was called before: drafts written then still say so.
    former_names = models.JSONField(default=list, editable=False)

    class Meta(Orderable.Meta):
        verbose_name = _("choice")
        verbose_name_plural = _("choices")

    def __str__(self) -> str:
        return self.name


class ProductAttribute(ReadMixin, Orderable):
    """A product's answer to one attribute: story, drafted and published with the page.

    ``value`` is what the editor wrote, in one spelling for each kind: a number without
    thousands separators, the name of a choice, "yes" or "no". ``number`` repeats what is a
    number, whatever the attribute's kind, so that the database can compare it.
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
        # Facets count by it and look pages up in it without reading the rows.
        indexes = [
            models.Index(fields=["attribute", "value", "page"]),
            models.Index(fields=["attribute", "number", "page"]),
        ]

    def __str__(self) -> str:
        return f"{self.attribute}: {self.value}"

    def clean(self) -> None:
        super().clean()
        if self.attribute_id is None or not self.value:
            return
        try:
            self.value = self.attribute.understood(self.value)
        except ValidationError as error:
            raise ValidationError({"value": error}) from error

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.number = answers.number(self.value)
        super().save(*args, **kwargs)

    @property
    def shown(self) -> str:
        return self.attribute.shown(self.value)


def respell(rows: Iterable[ProductAttribute]) -> None:
    """Give answers of an older revision the names that their choices have now."""
    rows = list(rows)
    attributes = {row.attribute_id for row in rows}
    renamed: dict[tuple[int, str], str] = {}
    current: set[tuple[int, str]] = set()
    choices = AttributeChoice.objects.filter(attribute__in=attributes)
    for attribute, name, former_names in choices.values_list("attribute", "name", "former_names"):
        current.add((attribute, name))
        renamed |= {(attribute, former): name for former in former_names}
    for row in rows:
        key = (row.attribute_id, row.value)
        if key not in current:
            row.value = renamed.get(key, row.value)
