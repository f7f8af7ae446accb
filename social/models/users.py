"""People. Our own user model from the first migration, because it cannot be changed later."""

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from social.names import same_name

from .profiles import Profile


class MemberManager(UserManager):
    def create_superuser(self, *args: Any, **kwargs: Any) -> "User":
        """The account with which a shop begins. Who can make one need not prove the address."""
        from allauth.account.models import EmailAddress

        with transaction.atomic():
            user = super().create_superuser(*args, **kwargs)
            if user.email:
                EmailAddress.objects.create(
                    user=user, email=user.email, primary=True, verified=True
                )
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
        """A new account gets its profile, hidden, however it is made; a changed address counts.

        Addresses are kept in small letters, as they are looked for at login.
        """
        self.email = self.email.lower()
        with transaction.atomic():
            is_new = self._state.adding
            super().save(*args, **kwargs)
            if is_new:
                Profile.objects.get_or_create(user=self)
            elif "email" in (kwargs.get("update_fields") or ["email"]):
                self._log_in_by_this_address_only()

    def _log_in_by_this_address_only(self) -> None:
        """Forget the former address of an account that somebody has given another one.

        The new one is proven at the next login. The row is never overwritten: links to confirm
        the former address name it.
        """
        from allauth.account.models import EmailAddress

        former = EmailAddress.objects.filter(user=self, primary=True).exclude(email=self.email)
        if not former.delete()[0] or not self.email:
            return
        EmailAddress.objects.update_or_create(
            user=self, email=self.email, defaults={"primary": True}
        )

    def clean(self) -> None:
        """Tell at the field what the constraints could only tell above the form."""
        super().clean()
        others = type(self).objects.exclude(pk=self.pk)
        errors = {}
        if self.email and others.filter(email__iexact=self.email).exists():
            errors["email"] = _("Somebody already uses this address.")
        if self.username and same_name(others, self.username).exists():
            errors["username"] = _("Somebody already has this name.")
        if errors:
            raise ValidationError(errors)
