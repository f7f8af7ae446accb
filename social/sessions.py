"""Sessions in the database, with the member whose session it is read along by the same query.

Nearly every private answer needs the session, the member and their cart. Which member a session
is of, ``allauth.usersessions`` knows in a row of its own. That row is only where to look: who is
logged in, the signed session says alone, and it is asked as Django asks it. Where the two differ,
or there is no such row, Django reads the member by itself.
"""

from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from cart.models import SavedCart
from catalog.joined import Joined, adapted, join
from social.models import User

READ = Joined({"session": Session, "member": User, "cart": SavedCart})
SQL = """
    SELECT {columns} FROM {session} session
    LEFT JOIN {device} device ON device.session_key = session.session_key
    LEFT JOIN {member} member ON member.id = device.user_id
    LEFT JOIN {cart} cart ON cart.user_id = member.id
    WHERE session.session_key = %(key)s AND session.expire_date > %(now)s
"""
TABLES = {
    name: model._meta.db_table
    for name, model in (
        ("session", Session),
        ("device", UserSession),
        ("member", User),
        ("cart", SavedCart),
    )
}


class SessionStore(DatabaseStore):
    # Whose session this may be, as it was loaded.
    member: User | None = None

    def _get_session_from_db(self) -> Session | None:
        sql = SQL.format(columns=READ.columns, **TABLES)
        rows = READ.read(sql, {"key": self.session_key, "now": adapted(timezone.now())})
        session, self.member, cart = rows[0] if rows else (None, None, None)
        if session is None:
            self._session_key = None
        if self.member is not None:
            join(self.member, saved_cart=cart)
        if cart is not None:
            join(cart, user=self.member)
        return session


class MemberMiddleware(AuthenticationMiddleware):
    """Django's own, which takes the member that was read along with the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _user(request))


def _user(request: HttpRequest) -> Any:
    if not hasattr(request, "_cached_user") and (member := _read_along(request.session)):
        request._cached_user = member
    return get_user(request)


def _read_along(session: Any) -> User | None:
    """The member, if they are logged in by all that Django asks for; else Django asks itself."""
    key = session.get(SESSION_KEY)
    member = getattr(session, "member", None)
    if member is None or key != str(member.pk) or not member.is_active:
        return None
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    known = session.get(HASH_SESSION_KEY) or ""
    return member if constant_time_compare(known, member.get_session_auth_hash()) else None
