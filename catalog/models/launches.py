"""A launch: drafts of several things that go live at one moment, all of them or none."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

# A launch that runs so much after its moment is said to have been late.
PUNCTUAL = timedelta(minutes=2)


class Launch(ClusterableModel):
    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("state of a launch", "being prepared")
        SCHEDULED = "scheduled", pgettext_lazy("state of a launch", "scheduled")
        LIVE = "live", pgettext_lazy("state of a launch", "live")
        FAILED = "failed", pgettext_lazy("state of a launch", "did not go live")
        ROLLED_BACK = "rolled_back", pgettext_lazy("state of a launch", "rolled back")

    # In these it can be changed, deleted, and scheduled (again).
    OPEN = (State.DRAFT, State.FAILED, State.ROLLED_BACK)

    name = models.CharField(pgettext_lazy("of a launch", "name"), max_length=200)
    moment = models.DateTimeField(
        _("goes live at"),
        help_text=_("All its pages and prices change together at this moment, once scheduled."),
    )
    notes = models.TextField(
        _("notes"), blank=True, help_text=_("For the people who work on it. Shoppers never see it.")
    )
    # Facts: only catalog.launches writes them.
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.DRAFT, editable=False
    )
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("scheduled by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    went_live = models.DateTimeField(_("went live"), null=True, editable=False)
    rolled_back = models.DateTimeField(_("rolled back"), null=True, editable=False)
    problem = models.TextField(_("what stood in the way"), blank=True, editable=False)

    class Meta:
        verbose_name = _("launch")
        verbose_name_plural = _("launches")
        ordering = ["-moment", "-pk"]
        indexes = [models.Index(fields=["state", "moment"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def late(self) -> timedelta | None:
        """How long after its moment it went live, or is due without having run; None if in time."""
        if self.state == self.State.SCHEDULED:
            late = timezone.now() - self.moment
        elif self.went_live:
            late = self.went_live - self.moment
        else:
            return None
        return late if late >= PUNCTUAL else None


class LaunchPage(Orderable):
    """A draft of a page that the launch publishes."""

    launch = ParentalKey(Launch, on_delete=models.CASCADE, related_name="pages")
    # Null: the page was deleted. The title says which one is missing then.
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    title = models.CharField(max_length=255, editable=False)
    # Null: the newest draft there is when the launch is scheduled.
    chosen = models.ForeignKey(
        "wagtailcore.Revision",
        verbose_name=_("draft"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # While the launch is scheduled, and after: what goes live, a copy that no autosave overwrites.
    revision = models.ForeignKey(
        "wagtailcore.Revision",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # How it was before, for the way back.
    was_live = models.BooleanField(null=True, editable=False)
    previous_revision = models.ForeignKey(
        "wagtailcore.Revision",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta(Orderable.Meta):
        verbose_name = _("page of a launch")
        verbose_name_plural = _("pages of a launch")
        constraints = [
            models.UniqueConstraint(fields=["launch", "page"], name="launch_has_page_once")
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.page is not None:
            self.title = self.page.get_admin_display_title()[:255]
            if self.chosen is not None and self.chosen.object_id != str(self.page_id):
                # Another page was put into this row.
                self.chosen = None
        super().save(*args, **kwargs)


class LaunchBatch(Orderable):
    """A price batch that the launch approves, in force from the launch's moment on."""

    launch = ParentalKey(Launch, on_delete=models.CASCADE, related_name="batches")
    batch = models.ForeignKey(
        "catalog.PriceBatch",
        verbose_name=_("price batch"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    title = models.CharField(max_length=255, editable=False)
    # What its prices were when the launch was scheduled: others do not go live unseen.
    seen = models.CharField(max_length=64, blank=True, editable=False)

    class Meta(Orderable.Meta):
        verbose_name = _("price batch of a launch")
        verbose_name_plural = _("price batches of a launch")
        constraints = [
            models.UniqueConstraint(fields=["launch", "batch"], name="launch_has_batch_once")
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.batch is not None:
            self.title = str(self.batch)[:255]
        super().save(*args, **kwargs)
