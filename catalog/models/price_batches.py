"""A price batch: many new prices as one document, drafted, looked at, approved."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from taggit.models import Tag
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    RevisionMixin,
    WorkflowMixin,
)

from catalog.money import DECIMAL_PLACES, MAX_DIGITS

from .prices import Price
from .products import Brand


class PriceBatch(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, ClusterableModel):
    """What shall cost how much from when until when.

    The prices are worked out from the rule, the uploaded file and the lines written by
    hand whenever the batch is saved, and kept in ``lines``: what is approved is exactly
    what was looked at. Publishing a batch is approving it: then the ledger is written.
    """

    class Change(models.TextChoices):
        NONE = "", _("no rule")
        PERCENT = "percent", _("by percent")
        AMOUNT = "amount", _("by an amount")
        PRICE = "price", _("to a price")

    class Rounding(models.TextChoices):
        NONE = "", _("not at all")
        WHOLE = "0", _("to whole units")
        NINETY = ".90", ".90"
        NINETY_FIVE = ".95", ".95"
        NINETY_NINE = ".99", ".99"

    name = models.CharField(pgettext_lazy("of a price batch", "name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=8, choices=Price.Kind, default=Price.Kind.SALE)
    starts_at = models.DateTimeField(
        _("from"), null=True, blank=True, help_text=_("Leave empty: from the approval on.")
    )
    ends_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Leave empty: until further notice.")
    )

    change = models.CharField(_("change"), max_length=8, choices=Change, blank=True)
    value = models.DecimalField(
        _("by or to"),
        max_digits=MAX_DIGITS,
        decimal_places=DECIMAL_PLACES,
        null=True,
        blank=True,
    )
    rounding = models.CharField(_("round"), max_length=4, choices=Rounding, blank=True)
    categories = ParentalManyToManyField(
        "catalog.CategoryPage", verbose_name=_("in the categories"), blank=True, related_name="+"
    )
    brands = ParentalManyToManyField(
        Brand, verbose_name=_("of the brands"), blank=True, related_name="+"
    )
    any_of_tags = ParentalManyToManyField(
        Tag, verbose_name=_("with one of the tags"), blank=True, related_name="+"
    )
    products = models.JSONField(_("products"), default=list, blank=True)
    # What an uploaded file said, as [SKU code, amount] pairs.
    uploaded = models.JSONField(default=list, blank=True)
    # What will be written: [sku id, SKU code, amount].
    lines = models.JSONField(default=list, blank=True, editable=False)

    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="price_batch",
        for_concrete_model=False,
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="price_batch",
        for_concrete_model=False,
    )

    class Meta:
        verbose_name = _("price batch")
        verbose_name_plural = _("price batches")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class PriceBatchLine(Orderable):
    """One price written by hand; it counts more than the rule and the file."""

    batch = ParentalKey(PriceBatch, on_delete=models.CASCADE, related_name="by_hand")
    sku = models.ForeignKey(
        "catalog.Sku", verbose_name=_("SKU"), on_delete=models.CASCADE, related_name="+"
    )
    amount = models.DecimalField(
        _("new price"), max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES
    )


class PriceBatchRun(models.Model):
    """That a batch was approved and written: a fact, so no revision of the batch holds it."""

    batch = models.OneToOneField(PriceBatch, on_delete=models.PROTECT, related_name="run")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True)
    written = models.DateTimeField(_("written"), default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    entries = models.PositiveIntegerField(_("prices written"), default=0)
    # When it was ended before its time, and by whom.
    ended = models.DateTimeField(_("ended early"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ended by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("price batch in force")

    def __str__(self) -> str:
        return str(self.batch)
