"""What tests of accounts share: somebody with an account, and what their mails say."""

import re

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.core import mail
from django.test import Client

from orders import outbox
from social.models import User

PASSWORD = "a long secret"
NEW_PASSWORD = "another long secret"
NEWCOMER = {"email": "ada@example.com", "username": "ada", "password1": PASSWORD, "website": ""}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def member(name: str = "ada", **fields: object) -> User:
    user = User.objects.create_user(name, f"{name}@example.com", PASSWORD, **fields)
    user.emailaddress_set.create(email=user.email, primary=True, verified=True)
    return user


def sign_up(client: Client, **typed: str):
    return client.post("/account/signup/", NEWCOMER | typed)


def log_in(client: Client, login: str = "ada", password: str = PASSWORD, **typed: str):
    return client.post("/account/login/", {"login": login, "password": password, **typed})


def logged_in(name: str = "ada") -> Client:
    """A client that came in by the login page, as its password was asked for a moment ago."""
    client = Client()
    assert log_in(client, name).status_code == 302
    return client


def confirm_password(client: Client, then: str):
    return client.post("/account/reauthenticate/", {"password": PASSWORD, "next": then})


def mails() -> list[mail.EmailMessage]:
    """Those that were owed, sent now."""
    before = len(mail.outbox)
    outbox.drain()
    return mail.outbox[before:]


def link(message: mail.EmailMessage) -> str:
    """The first address in a mail that opens something, without the shop's host."""
    return re.search(r"http://localhost:8000(/(?:ko/)?account/\S+)", message.body)[1]


def with_second_factor(user: User) -> list[str]:
    """Switch it on for somebody; their recovery codes."""
    auth.TOTP.activate(user, SECRET)
    return RecoveryCodes.activate(user).get_unused_codes()


def code(secret: str = SECRET, later: int = 0) -> str:
    """What an authenticator app shows, or showed so many half minutes ago."""
    counter = list(auth.yield_hotp_counters_from_time())[1 + later]
    return auth.format_hotp_value(auth.hotp_value(secret, counter))
