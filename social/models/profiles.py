"""How a member is seen by others, if they want to be seen."""

import secrets
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def picture_path(profile: "Profile", filename: str) -> str:
    """A name that nobody can guess, new for each picture: an old one is never shown by a cache."""
    return f"members/{secrets.token_hex(16)}.webp"


class ProfileQuerySet(models.QuerySet):
    def shown(self) -> Self:
        """Of those who want to be seen, and whose accounts are open."""
        return self.filter(is_public=True, user__is_active=True)


class Profile(models.Model):
    """One for each account, made with it. The counts are of people who are shown.

    Only ``social.contacts`` writes the counts and ``is_public``.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member"),
        on_delete=models.CASCADE,
        related_name="profile",
    )
    name = models.CharField(
        _("public name"),
        max_length=80,
        blank=True,
        help_text=_("What others read. Without one, they read your username."),
    )
    about = models.TextField(_("a few words about you"), max_length=500, blank=True)
    # Made anew from what was uploaded (social.pictures): small, and nothing but the picture.
    picture = models.ImageField(_("picture"), upload_to=picture_path, blank=True)
    is_public = models.BooleanField(
        _("others may see me"),
        default=False,
        help_text=_("Your profile, and what you like and review. Until then you appear nowhere."),
    )
    shows_purchases = models.BooleanField(
        _("others may see what I buy"),
        default=False,
        help_text=_("Only that you bought it: never when, how much or for what price."),
    )
    followers = models.PositiveIntegerField(default=0, editable=False)
    following = models.PositiveIntegerField(default=0, editable=False)
    created = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = ProfileQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        indexes = [
            models.Index(fields=["is_public", "-followers", "-id"]),
            models.Index(fields=["is_public", "-created", "-id"]),
        ]

    def __str__(self) -> str:
        return self.shown_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Leave alone what ``social.contacts`` writes: an old copy would undo what it did since."""
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = {
                field.name for field in self._meta.concrete_fields if not field.primary_key
            } - {"followers", "following", "is_public"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("people:profile", args=[self.user.username])

    @property
    def shown_name(self) -> str:
        return self.name or self.user.username
