"""Who a member is, as their data say it: account, addresses, ways in, and whom they follow."""

from collections.abc import Callable, Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import F

from social.account.export_orders import addresses
from social.models import Contact, Profile, User


def _account(user: User) -> dict[str, Any]:
    return {
        "username": user.username,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "joined": user.date_joined,
        "last_login": user.last_login,
        "is_staff": user.is_staff,
        "groups": list(user.groups.values_list("name", flat=True)),
    }


def _emails(user: User) -> Iterator[dict[str, Any]]:
    yield from EmailAddress.objects.filter(user=user).values("email", "verified", "primary")


def _second_factor(user: User) -> Iterator[dict[str, Any]]:
    """That there is one, and since when: never what it is made of."""
    yield from Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")


def _devices(user: User) -> Iterator[dict[str, Any]]:
    rows = UserSession.objects.filter(user=user)
    yield from rows.values("ip", "user_agent", "created_at", "last_seen_at")


def _profile(user: User) -> dict[str, Any]:
    profile = Profile.objects.get(user=user)
    return {
        "name": profile.name,
        "about": profile.about,
        "picture": absolute(profile.picture.url) if profile.picture else None,
        "is_public": profile.is_public,
        "shows_purchases": profile.shows_purchases,
        "followers": profile.followers,
        "following": profile.following,
    }


def absolute(url: str) -> str:
    return settings.BASE_URL + url if url.startswith("/") else url


def _following(user: User) -> Iterator[dict[str, Any]]:
    yield from _people(Contact.objects.filter(user_from=user), "user_to")


def _followers(user: User) -> Iterator[dict[str, Any]]:
    yield from _people(Contact.objects.filter(user_to=user), "user_from")


def _people(contacts: Any, other: str) -> Iterator[dict[str, Any]]:
    """Of those who want to be seen: the others are nobody's to know."""
    shown = contacts.filter(
        **{f"{other}__profile__is_public": True, f"{other}__is_active": True}
    ).order_by("pk")
    yield from shown.values("created", username=F(f"{other}__username")).iterator()


people_parts: dict[str, Callable[[User], Any]] = {
    "account": _account,
    "email_addresses": _emails,
    "second_factor": _second_factor,
    "devices": _devices,
    "profile": _profile,
    "addresses": addresses,
    "following": _following,
    "followers": _followers,
}
