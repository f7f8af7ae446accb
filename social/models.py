"""People. Our own user model from the first migration, because it cannot be changed later."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Members and staff: one account each, one email each, whatever its capitals."""

    email = models.EmailField(
        _("email address"), error_messages={"unique": _("Somebody already uses this address.")}
    )

    objects = UserManager()

    wagtail_reference_index_ignore = True

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_without_case",
                violation_error_message=_("Somebody already uses this address."),
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_unique_without_case",
                violation_error_message=_("Somebody already has this name."),
            ),
        ]

    def clean(self) -> None:
        """Tell at the field what the constraints could only tell above the form."""
        super().clean()
        others = type(self).objects.exclude(pk=self.pk)
        taken = {
            "email": _("Somebody already uses this address."),
            "username": _("Somebody already has this name."),
        }
        errors = {
            name: message
            for name, message in taken.items()
            if (value := getattr(self, name)) and others.filter(**{f"{name}__iexact": value})
        }
        if errors:
            raise ValidationError(errors)
