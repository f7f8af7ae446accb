"""A price batch: many new prices as one document, drafted, looked at, approved."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import PermissionDenied
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from taggit.models import Tag
from wagtail.locks import BaseLock
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    Revision,
    RevisionMixin,
    WorkflowMixin,
)

from catalog.money import DECIMAL_PLACES, MAX_DIGITS

from .launches import Launch, LaunchBatch
from .prices import Price
from .products import Brand


class ApprovedLock(BaseLock):
    """What was approved stays as it is: the ledger has been written from it."""

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> str:
        return _(
            "This price batch was approved and its prices are written, so it stays as it is. "
            "Copy it to use its prices again, or end it early."
        )

    def get_locked_by(self, user: Any) -> str:
        return _("Approved")

    def get_description(self, user: Any) -> str:
        return _("An approved price batch stays as it is")


class AlreadyApprovedError(PermissionDenied):
    """An approved batch can neither be changed nor approved again."""

    def __init__(self) -> None:
        super().__init__(_("This price batch has been approved and stays as it is."))


class PriceBatch(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, ClusterableModel):
    """What shall cost how much from when until when.

    The prices are worked out from the rule, the price list and the lines written by hand
    whenever the batch is saved, and kept in ``lines``: what is approved is exactly what
    was looked at. Publishing a batch is approving it: then the ledger is written.
    """

    class Change(models.TextChoices):
        NONE = "", _("no rule")
        PERCENT = "percent", _("by percent, such as −15")
        AMOUNT = "amount", _("by an amount, such as −5.00")
        PRICE = "price", _("to one price for all")

    class Rounding(models.TextChoices):
        NONE = "", _("not at all")
        WHOLE = ".00", _("to whole units")
        NINETY = ".90", ".90"
        NINETY_FIVE = ".95", ".95"
        NINETY_NINE = ".99", ".99"

    name = models.CharField(pgettext_lazy("of a price batch", "name"), max_length=200)
    kind = models.CharField(
        _("kind"),
        max_length=8,
        choices=Price.Kind,
        default=Price.Kind.SALE,
        help_text=_(
            "A sale price stands beside the regular price, which is crossed out. "
            "A regular price takes the place of the one before it."
        ),
    )
    starts_at = models.DateTimeField(
        _("from"), null=True, blank=True, help_text=_("Leave empty: from the approval on.")
    )
    ends_at = models.DateTimeField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("Leave empty: until further notice."),
    )

    change = models.CharField(
        _("change"),
        max_length=8,
        choices=Change,
        blank=True,
        help_text=_("Counts from the regular price at the start."),
    )
    value = models.DecimalField(
        _("by or to"),
        max_digits=MAX_DIGITS,
        decimal_places=DECIMAL_PLACES,
        null=True,
        blank=True,
        help_text=_("A minus sign lowers the price."),
    )
    rounding = models.CharField(
        _("round"),
        max_length=4,
        choices=Rounding,
        blank=True,
        help_text=_("To the nearest that ends so."),
    )
    categories = ParentalManyToManyField(
        "catalog.CategoryPage",
        verbose_name=_("in the categories"),
        blank=True,
        related_name="+",
        help_text=_("Or below them."),
    )
    brands = ParentalManyToManyField(
        Brand, verbose_name=_("of the brands"), blank=True, related_name="+"
    )
    any_of_tags = ParentalManyToManyField(
        Tag, verbose_name=_("with one of the tags"), blank=True, related_name="+"
    )
    # The keys of the product pages that were chosen one by one.
    products = models.JSONField(
        _("these products"),
        default=list,
        blank=True,
        help_text=_("Besides those that meet the conditions above, if there are any."),
    )
    price_list = models.TextField(
        _("price list"),
        blank=True,
        help_text=_(
            "A SKU code and its new price on each line, as copied from a spreadsheet. "
            "What stands here counts more than the rule."
        ),
    )
    # What will be written: [sku id, SKU code, amount]; null where the rule found no price.
    lines = models.JSONField(default=list, blank=True, editable=False)
    # How many of the lines have an amount, for the list of batches.
    prices_planned = models.PositiveIntegerField(default=0, editable=False)

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

    @property
    def is_approved(self) -> bool:
        return self.pk is not None and PriceBatchRun.objects.filter(batch=self.pk).exists()

    @property
    def launch(self) -> Launch | None:
        """The launch that it waits for, the next one of several; None once it is approved."""
        if self.pk is None:
            return None
        waiting = (*Launch.OPEN, Launch.State.SCHEDULED)
        parts = LaunchBatch.objects.filter(
            batch=self.pk, batch__run__isnull=True, launch__state__in=waiting
        )
        part = parts.select_related("launch").order_by("launch__moment", "pk").first()
        return part and part.launch

    def get_lock(self) -> BaseLock | None:
        return ApprovedLock(self) if self.is_approved else super().get_lock()

    @transaction.atomic
    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        # Whoever approves holds the same lock, so one of the two comes first.
        PriceBatch.objects.select_for_update().filter(pk=self.pk).values_list("pk").first()
        if self.is_approved:
            raise AlreadyApprovedError
        return super().save_revision(*args, **kwargs)

    @transaction.atomic
    def publish(
        self,
        revision: Revision,
        user: Any = None,
        changed: bool = True,
        log_action: bool | str = True,
        previous_revision: Revision | None = None,
        skip_permission_checks: bool = False,
        at: datetime | None = None,
    ) -> None:
        """Approve what a revision says: the ledger is written with it, once.

        Raises AlreadyApprovedError, or CannotApproveError with what stands in the way.
        """
        from catalog.price_batches import writing

        writing.write(revision.as_object(), user=user, at=at)
        super().publish(
            revision,
            user=user,
            changed=changed,
            log_action=log_action,
            previous_revision=previous_revision,
            skip_permission_checks=skip_permission_checks,
        )

    def unpublish(self, *args: Any, **kwargs: Any) -> None:
        """Its prices are in the ledger: it is ended, not taken back."""
        raise AlreadyApprovedError


class PriceBatchLine(Orderable):
    """One price written by hand; it counts more than the rule and the file."""

    batch = ParentalKey(PriceBatch, on_delete=models.CASCADE, related_name="by_hand")
    sku = models.ForeignKey(
        "catalog.Sku", verbose_name=_("SKU"), on_delete=models.CASCADE, related_name="+"
    )
    amount = models.DecimalField(
        _("new price"),
        max_digits=MAX_DIGITS,
        decimal_places=DECIMAL_PLACES,
        validators=[MinValueValidator(0, _("A price cannot be below zero."))],
    )

    class Meta(Orderable.Meta):
        verbose_name = _("price written by hand")
        verbose_name_plural = _("prices written by hand")


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

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_to_be_ended(self) -> bool:
        """Whether there is anything left of it that could be ended early."""
        return self.ended is None and (self.ends_at is None or self.ends_at > timezone.now())
