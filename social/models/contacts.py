"""Who follows whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Contact(models.Model):
    """``user_from`` follows ``user_to``. Only ``social.contacts`` writes it."""

    user_from = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contacts_from"
    )
    user_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contacts_to"
    )
    created = models.DateTimeField(default=timezone.now, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            # Its index also finds whom somebody follows.
            models.UniqueConstraint(fields=["user_from", "user_to"], name="followed_once"),
            models.CheckConstraint(
                name="nobody_follows_themselves", condition=~Q(user_from=F("user_to"))
            ),
        ]
        indexes = [
            models.Index(fields=["user_from", "-created"]),
            models.Index(fields=["user_to", "-created"]),
        ]

    def __str__(self) -> str:
        return f"{self.user_from_id} → {self.user_to_id}"
