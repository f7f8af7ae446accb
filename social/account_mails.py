"""Mails about accounts: links to prove an address or to set a password, and news of changes.

An outbox row holds ids and addresses. What opens an account is made when the mail is sent, and
what has become untrue by then is not sent.
"""

import uuid
from collections.abc import Callable
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orders import outbox
from orders.mails import sending
from orders.mails.kinds import KINDS, MailKind
from orders.mails.letters import Letter
from orders.models import Outbox
from orders.outbox import NoLongerNeededError
from social import account_mail_kinds as kinds
from social import devices
from social.models import User

# By the names that allauth has for its mails.
KIND_OF = {
    "account/email/email_confirmation_signup": kinds.CONFIRM,
    "account/email/email_confirmation": kinds.CONFIRM,
    "account/email/password_reset_key": kinds.RESET,
    "account/email/unknown_account": kinds.UNKNOWN,
    "account/email/account_already_exists": kinds.EXISTS,
    "account/email/password_changed": kinds.PASSWORD_CHANGED,
    "account/email/password_reset": kinds.PASSWORD_CHANGED,
    "account/email/password_set": kinds.PASSWORD_CHANGED,
    "account/email/email_changed": kinds.EMAIL_CHANGED,
    "mfa/email/totp_activated": kinds.FACTOR_ON,
    "mfa/email/totp_deactivated": kinds.FACTOR_OFF,
    "mfa/email/recovery_codes_generated": kinds.NEW_CODES,
}


def owe(template: str, email: str, context: dict[str, Any]) -> None:
    """Owe the mail that allauth wants to send; part of the caller's transaction if it has one."""
    kind = KIND_OF.get(template)
    if kind is None:
        return
    payload: dict[str, Any] = {"to": email.lower(), "language": translation.get_language()}
    if user := context.get("user"):
        payload["user"] = user.pk
    if kind is kinds.CONFIRM:
        address = EmailAddress.objects.get(user=user, email=email.lower())
        payload["address"] = address.pk
        kind = kinds.CONFIRM if address.email == user.email else kinds.CONFIRM_NEW
    elif kind is kinds.RESET:
        payload["state"] = _state(user)
    elif "user_agent" in context:
        payload |= {"at": timezone.now().isoformat(), "device": context["user_agent"]}
    with transaction.atomic():
        # Each has a key of its own: asked for again, it is sent again.
        outbox.owe(f"account:{uuid.uuid4().hex}", kind.slug, **payload)
        transaction.on_commit(outbox.ring, robust=True)


def _state(user: User) -> str:
    """Changes with password and address, and tells nothing of either."""
    return salted_hmac("social.account_mails", f"{user.password}|{user.email}").hexdigest()[:32]


def language_of(row: Outbox) -> str:
    return row.payload.get("language") or settings.LANGUAGE_CODE


def letter_for(row: Outbox) -> Letter:
    """The mail that a row owes, in the active language."""
    words, url = _PARTS[row.kind](row)
    return _letter(KINDS[row.kind], row.payload["to"], words, url)


def _letter(kind: MailKind, to: str, words: dict[str, str], url: str) -> Letter:
    return Letter(
        kind=kind,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        to=to,
        words=words,
        url=url,
    )


Parts = tuple[dict[str, str], str]


def _confirmation(row: Outbox) -> Parts:
    address = EmailAddress.objects.select_related("user").filter(pk=row.payload["address"]).first()
    if address is None or address.verified:
        raise NoLongerNeededError("the address is confirmed already, or not wanted any more")
    if not address.user.is_active:
        raise NoLongerNeededError("the account is closed")
    if not address.can_set_verified():
        raise NoLongerNeededError("another account has proven this address")
    words = {"name": address.user.username, "email": address.email}
    key = EmailConfirmationHMAC.create(address).key
    return words, _address("account_confirm_email", key)


def _reset(row: Outbox) -> Parts:
    user = _member(row)
    if _state(user) != row.payload["state"]:
        raise NoLongerNeededError("password or address have changed since")
    key = default_token_generator.make_token(user)
    url = _address("account_reset_password_from_key", user_pk_to_url_str(user), key)
    return {"name": user.username}, url


def _unknown(row: Outbox) -> Parts:
    if User.objects.filter(email=row.payload["to"], is_active=True).exists():
        raise NoLongerNeededError("the address has an account by now")
    return {"email": row.payload["to"]}, _address("account_signup")


def _exists(row: Outbox) -> Parts:
    if not User.objects.filter(email=row.payload["to"], is_active=True).exists():
        raise NoLongerNeededError("the address has no account any more")
    return {"email": row.payload["to"]}, _address("account_reset_password")


def _news(row: Outbox) -> Parts:
    """Something has changed, told to who may not have done it."""
    user = _member(row)
    at = timezone.localtime(parse_datetime(row.payload["at"]))
    words = {
        "name": user.username,
        "date": date_format(at, "DATETIME_FORMAT") + f" {at.tzname()}",
        "device": devices.words_for(row.payload["device"]),
    }
    has_button = bool(KINDS[row.kind].button)
    return words, _address("account_reset_password") if has_button else ""


def _member(row: Outbox) -> User:
    user = User.objects.filter(pk=row.payload.get("user"), is_active=True).first()
    if user is None:
        raise NoLongerNeededError("the account is closed")
    return user


def _address(name: str, *args: str) -> str:
    return settings.BASE_URL + reverse(name, args=args)


_PARTS: dict[str, Callable[[Outbox], Parts]] = {
    kinds.CONFIRM.slug: _confirmation,
    kinds.CONFIRM_NEW.slug: _confirmation,
    kinds.RESET.slug: _reset,
    kinds.UNKNOWN.slug: _unknown,
    kinds.EXISTS.slug: _exists,
    **{kind.slug: _news for kind in kinds.NEWS},
}


def _example_of(kind: MailKind) -> Callable[[str, str], Letter]:
    """Writes one about nobody, with links that open nothing."""

    def write(language: str, to: str) -> Letter:
        words = {
            "name": "ada",
            "email": to,
            "date": date_format(timezone.localtime(), "DATETIME_FORMAT"),
            "device": _("%(browser)s on %(system)s") % {"browser": "Firefox", "system": "Windows"},
        }
        filled = {word: text for word, text in words.items() if word in kind.words}
        with translation.override(language):
            return _letter(kind, to, filled, settings.BASE_URL + "/" if kind.button else "")

    return write


def register() -> None:
    for kind in kinds.ALL:
        sending.register(kind, sending.Writer(letter_for, language_of, _example_of(kind)))
