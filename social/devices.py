"""On which devices somebody is logged in: in words, when they were seen last, and how to end it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

# Written down no more often than this.
SEEN_EVERY = 300
# The first that is found counts: others call themselves by several of these names.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Device:
    """One login that lasts: ``key`` names it in the form that ends it."""

    key: int
    words: str
    network: str
    since: datetime
    seen: datetime
    is_this: bool


def words_for(user_agent: str) -> str:
    """What a browser says of itself, as people would: "Firefox on Windows"."""
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown device")


def _first(names: dict[str, str], text: str) -> str:
    return next((name for mark, name in names.items() if mark in text), "")


def devices_of(request: HttpRequest) -> list[Device]:
    """Where the member is logged in, this device first, then the one seen last."""
    rows = UserSession.objects.filter(user=request.user)
    lasting = _lasting([row.session_key for row in rows], request.user)
    devices = [
        Device(
            key=row.pk,
            words=words_for(row.user_agent),
            network=row.ip,
            since=row.created_at,
            seen=row.last_seen_at,
            is_this=row.session_key == request.session.session_key,
        )
        for row in rows
        if row.session_key in lasting
    ]
    return sorted(devices, key=lambda one: (one.is_this, one.seen), reverse=True)


def _lasting(keys: list[str], user: Any) -> set[str]:
    """Those of the sessions that have neither run out nor ended with a change of password."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return {
        session.session_key
        for session in sessions
        if any(
            constant_time_compare(session.get_decoded().get(HASH_SESSION_KEY, ""), known)
            for known in hashes
        )
    }


def end(request: HttpRequest, key: object = None) -> int:
    """End one login of the member's elsewhere, or all but this one; return how many."""
    rows = UserSession.objects.filter(user=request.user)
    rows = rows.exclude(session_key=request.session.session_key)
    if key is not None:
        rows = rows.filter(pk=key)
    ended = list(rows)
    Session.objects.filter(session_key__in=[row.session_key for row in ended]).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in ended]).delete()
    return len(ended)


def last_seen(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware that notes when a login was used last, where a page has read the session anyhow.

    (allauth's own reads it for every page, public ones as well, and writes each time.)
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session = request.session
        if session.accessed and session.get(AUTHENTICATION_METHODS_SESSION_KEY):
            _note(session.session_key)
        return response

    return middleware


def _note(session_key: str | None) -> None:
    name = hashlib.sha256(str(session_key).encode()).hexdigest()[:32]
    if session_key and cache.add(f"seen:{name}", 1, SEEN_EVERY):
        UserSession.objects.filter(session_key=session_key).update(last_seen_at=timezone.now())
