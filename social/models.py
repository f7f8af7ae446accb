"""People. Our own user model from the first migration, because it cannot be changed later."""

from django.contrib.auth.models import AbstractUser, UserManager
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
