"""When a member proves an address, what was ordered with it before becomes theirs."""

from typing import Any

from allauth.account.signals import email_changed, email_confirmed

from orders import claiming


def connect() -> None:
    email_confirmed.connect(_confirmed)
    email_changed.connect(_changed)


def _confirmed(sender: Any, email_address: Any, **_kwargs: Any) -> None:
    claiming.claim(email_address.user)


def _changed(sender: Any, user: Any, **_kwargs: Any) -> None:
    claiming.claim(user)
