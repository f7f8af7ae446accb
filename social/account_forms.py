"""The forms of an account: allauth's, in the shop's words and without what a page may not hold."""

from collections.abc import Iterable

from allauth.account import forms as allauth_forms
from allauth.account.internal.flows.login import derive_login_method
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from social import names

LONGEST_ADDRESS = 254
# No browser's manager of passwords makes longer ones, and hashing takes no more than this.
LONGEST_PASSWORD = 1_000
GOOD_PASSWORD = _("At least 8 characters. Not only digits, and nothing that is easy to guess.")
LABELS = {
    "email": _("Email address"),
    "login": _("Email address or username"),
    "oldpassword": _("Current password"),
    "password": _("Password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
}


class Plain(forms.Form):
    """Without placeholders, which repeat the labels and go away, and with limits of length."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""
            if name in LABELS:
                field.label = LABELS[name]
            if isinstance(field.widget, forms.PasswordInput):
                _limit(field, LONGEST_PASSWORD)
            elif name in ("email", "login"):
                _limit(field, LONGEST_ADDRESS)
        if "password1" in self.fields:
            self.fields["password1"].help_text = GOOD_PASSWORD


def _limit(field: forms.Field, longest: int) -> None:
    field.max_length = longest
    field.validators.append(MaxLengthValidator(longest))
    field.widget.attrs["maxlength"] = longest


class LoginForm(Plain, allauth_forms.LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs.update(
            {"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"}
        )

    def clean_login(self) -> str:
        return names.normal(super().clean_login())

    def user_credentials(self) -> dict[str, str]:
        """An address or a name, never both: one password is tried once, known or not.

        (Each try takes the time of one hash, which would tell who has an account.)
        """
        login = self.cleaned_data["login"]
        return {
            derive_login_method(login).value: login,
            "password": self.cleaned_data["password"],
        }

    def asks_too_often(self) -> bool:
        return self.has_error("__all__", "too_many_login_attempts")


class Username(forms.CharField):
    """Compared and kept in one spelling, before its length is looked at."""

    def to_python(self, value: object) -> str:
        return names.normal(super().to_python(value))


class SignupForm(Plain, allauth_forms.SignupForm):
    username = Username(
        label=_("Username"),
        min_length=names.SHORTEST,
        max_length=names.LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = LABELS["password"]
        self.fields["username"].help_text = _(
            "What others call you, if you want to be seen. You can log in with it as well."
        )
        trap = self.fields[settings.ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD]
        trap.label = _("Leave this empty")
        trap.widget.attrs = {"tabindex": "-1", "autocomplete": "off"}

    @property
    def seen_fields(self) -> Iterable[forms.BoundField]:
        """Those that people fill in."""
        return [field for field in self if field.name != self.trap.name]

    @property
    def trap(self) -> forms.BoundField:
        return self[settings.ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD]

    def validate_unique_email(self, value: str) -> str:
        """Taken by an account's own address, not by one that somebody merely wants to change to."""
        own = get_user_model().objects.filter(email__iexact=value)
        proven = EmailAddress.objects.filter(email=value, verified=True)
        self.account_already_exists = own.exists() or proven.exists()
        return value

    def try_save(self, request: HttpRequest) -> tuple[AbstractBaseUser | None, object]:
        """As allauth, but an address that has an account takes as long as one that has none."""
        user, response = super().try_save(request)
        if user is None:
            get_user_model()().set_password(self.cleaned_data["password1"])
        return user, response

    def save(self, request: HttpRequest) -> AbstractBaseUser:
        """The account and its address, or neither; the password is hashed before they are held."""
        adapter = allauth_forms.get_adapter()
        user = adapter.save_user(request, adapter.new_user(request), self, commit=False)
        with transaction.atomic():
            user.save()
            EmailAddress.objects.create(user=user, email=user.email, primary=True)
        return user


class AddEmailForm(Plain, allauth_forms.AddEmailForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New email address")

    def save(self, request: HttpRequest) -> EmailAddress:
        """Wait for proof of this address instead of another; the account's own stays as it is."""
        waiting = EmailAddress.objects.filter(user=self.user, verified=False, primary=False)
        with transaction.atomic():
            waiting.exclude(email=self.user.email).delete()
            address = EmailAddress.objects.create(user=self.user, email=self.cleaned_data["email"])
            allauth_forms.flows.email_verification.send_verification_email_to_address(
                request, address
            )
        return address


class ChangePasswordForm(Plain, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(Plain, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordForm(Plain, allauth_forms.ResetPasswordForm):
    def clean_email(self) -> str:
        """Only to the account's own address: one that still waits for proof may be a stranger's."""
        email = super().clean_email().lower()
        self.users = [user for user in self.users if user.email.lower() == email]
        return email


class ResetPasswordKeyForm(Plain, allauth_forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Plain, allauth_forms.ReauthenticateForm):
    pass


class ProofForm(Plain):
    """Whoever confirms an address in another browser than the one that signed up with it.

    Else a stranger could sign up with somebody's address, let them press the button in the mail,
    and have an account that knows a proven address, and its guests' orders.
    """

    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )

    def __init__(self, *args: object, user: AbstractBaseUser, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].label = _("The password that you chose")

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not the password of the account."))
        return password
