"""People. Our own user model from the first migration, because it cannot be changed later."""

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .profiles import Profile


class MemberManager(UserManager):
    def create_superuser(self, *args: Any, **kwargs: Any) -> "User":
        """The account with which a shop begins. Who can make one need not prove the address."""
        from allauth.account.models import EmailAddress

        user = super().create_superuser(*args, **kwargs)
        if user.email:
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return user


class User(AbstractUser):
    """Members and staff: one account each, one email each, whatever its capitals."""

    email = models.EmailField(
        _("email address"), error_messages={"unique": _("Somebody already uses this address.")}
    )

    objects = MemberManager()

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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new account gets its profile, hidden, however it is made."""
        if not self._state.adding:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            super().save(*args, **kwargs)
            Profile.objects.get_or_create(user=self)

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
