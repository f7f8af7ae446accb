"""A launch: drafts of several things that go live at one moment, all of them or none."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Launch(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("state of a launch", "being prepared")
        SCHEDULED = "scheduled", pgettext_lazy("state of a launch", "scheduled")
        LIVE = "live", pgettext_lazy("state of a launch", "live")
        FAILED = "failed", pgettext_lazy("state of a launch", "did not go live")
        ROLLED_BACK = "rolled_back", pgettext_lazy("state of a launch", "rolled back")

    name = models.CharField(pgettext_lazy("of a launch", "name"), max_length=200)
    moment = models.DateTimeField(_("goes live at"))
    notes = models.TextField(_("notes"), blank=True)
    # Facts: only catalog.launches writes them.
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.DRAFT, editable=False
    )
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    went_live = models.DateTimeField(_("went live"), null=True, editable=False)
    rolled_back = models.DateTimeField(_("rolled back"), null=True, editable=False)
    problem = models.TextField(_("what stood in the way"), blank=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("launch")
        verbose_name_plural = _("launches")
        ordering = ["-moment", "-pk"]
        indexes = [models.Index(fields=["state", "moment"])]

    def __str__(self) -> str:
        return self.name


class LaunchPart(models.Model):
    """One draft that the launch publishes: of a page or of a price batch."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="parts")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=255)
    thing = GenericForeignKey("content_type", "object_id", for_concrete_model=False)
    # Null: the latest draft there is at the moment of the launch.
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
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

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("part of a launch")
        verbose_name_plural = _("parts of a launch")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["launch", "content_type", "object_id"], name="launch_has_part_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.thing)
