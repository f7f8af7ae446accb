"""How django-allauth keeps accounts in this shop: names, ways in and out, mails by the outbox."""

import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_logged_in
from allauth.core import context
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from orders.visitors import network_of
from social import account_mails, names, stream
from social.models import Action, User

# Where a request comes from by a socket of this machine, or by none that is known.
NOWHERE = "0.0.0.0"  # noqa: S104 - an address to be shown, not to be listened on


class Adapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_taken": _("Somebody already has this name."),
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _("This email address and this password do not go together."),
        "username_password_mismatch": _("This username and this password do not go together."),
        "too_many_login_attempts": _("Too many attempts. Please wait five minutes and try again."),
        "rate_limited": _("Too many attempts. Please wait a few minutes and try again."),
        "incorrect_code": _("This code is not right, or it was used already."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """Of an IPv6 address, the part that a household has: as limits count, and as we keep it."""
        network = network_of(request).partition("/")[0]
        try:
            return str(ipaddress.ip_address(network))
        except ValueError:
            return NOWHERE

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("wagtail_serve", args=[""])

    def is_safe_url(self, url: str | None) -> bool:
        """Only on the host that was asked."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def is_ajax(self, request: HttpRequest) -> bool:
        """No page of ours asks for forms as JSON."""
        return False

    def clean_username(self, username: str, shallow: bool = False) -> str:
        for validate in names.VALIDATORS:
            validate(username)
        names.refuse_reserved(username)
        if not shallow and names.same_name(User.objects, username).exists():
            raise self.validation_error("username_taken")
        return username

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Only one that waits for proof; an account always keeps an address."""
        return not email_address.primary and email_address.email != email_address.user.email

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError:
            # Somebody else signed up with it, and has not proven it either.
            template = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, template, {"email": email_address.email})
            return False

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Of whose account, too: whoever confirms or resets by a link is not logged in."""
        context = {**(context or {}), "user": user}
        super().send_notification_mail(template_prefix, user, context, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        account_mails.owe(template_prefix, email, context)


def connect() -> None:
    email_confirmed.connect(_has_joined, dispatch_uid="social.accounts")
    user_logged_in.connect(_has_joined, dispatch_uid="social.accounts")


def _has_joined(
    sender: Any, user: User | None = None, email_address: Any = None, **kwargs: Any
) -> None:
    """Once for each account: when its address is proven, or at its first login."""
    member = user or email_address.user
    with transaction.atomic():
        joined = Action.objects.filter(user=member, verb=Action.Verb.JOINED)
        if not joined.exists():
            stream.create_action(member, Action.Verb.JOINED)
