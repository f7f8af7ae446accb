"""What people did, for the stream."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Action(models.Model):
    """Somebody did something, perhaps with a thing. Only ``social.stream`` writes it."""

    class Verb(models.TextChoices):
        JOINED = "joined", pgettext_lazy("what a member did", "joined")
        FOLLOWS = "follows", pgettext_lazy("what a member did", "follows")
        LIKES = "likes", pgettext_lazy("what a member did", "likes")
        REVIEWED = "reviewed", pgettext_lazy("what a member did", "reviewed")
        BOUGHT = "bought", pgettext_lazy("what a member did", "bought")
        WISHED = "wished", pgettext_lazy("what a member did", "added to a wish list")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="actions"
    )
    verb = models.CharField(_("verb"), max_length=10, choices=Verb)
    target_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    target_id = models.PositiveBigIntegerField(null=True, blank=True)
    target = GenericForeignKey("target_type", "target_id")
    created = models.DateTimeField(default=timezone.now, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        indexes = [
            # The newest of one member: the stream reads it once for each whom somebody follows.
            models.Index(fields=["user", "-id"]),
            models.Index(fields=["target_type", "target_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.verb} {self.target_id or ''}".strip()
