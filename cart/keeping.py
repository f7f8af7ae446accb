"""Where a cart is kept: a member's in a row of their own, anybody else's in the session.

Several tabs and devices change the same cart: each change is made on what is stored now,
under a lock, not on what the request read when it began.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from cart import sessions
from cart.entries import Contents, dump, load
from cart.models import SavedCart, new_name
from cart.sessions import MovedError
from catalog.joined import join

__all__ = ["InRow", "InSession", "Keeper", "MovedError", "keeper_of"]

SESSION_KEY = "cart"
REMOVED_KEY = "cart removed"
NAME_KEY = "cart name"


class Keeper(ABC):
    """Reads a cart's contents, and changes them."""

    @abstractmethod
    def read(self) -> Contents:
        """The contents; reading creates nothing."""

    @abstractmethod
    def changing(self) -> AbstractContextManager[Contents]:
        """A context with the contents as stored now, to be changed in place and saved at once."""


def keeper_of(request: HttpRequest) -> Keeper:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return InRow(user)
    return InSession(request.session)


class InSession(Keeper):
    """The cart of whoever is not logged in. Reading it never creates a session."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self._contents: Contents | None = None

    def read(self) -> Contents:
        if self._contents is None:
            self._contents = self._read()
        return self._contents

    def _read(self) -> Contents:
        stored = self.session
        return Contents(
            load(stored.get(SESSION_KEY)),
            load(stored.get(REMOVED_KEY)),
            str(stored.get(NAME_KEY, "")),
        )

    @contextmanager
    def changing(self) -> Iterator[Contents]:
        # Read first: a key whose session has ended is forgotten then.
        self.read()
        self._contents = None
        with sessions.locked(self.session):
            contents = self._read()
            contents.name = contents.name or new_name()
            # Of what is in them nothing can be changed, only replaced.
            before = replace(
                contents, entries=dict(contents.entries), removed=dict(contents.removed)
            )
            yield contents
            if contents != before:
                self._write(contents)
                sessions.save(self.session)

    def empty(self) -> None:
        """Leave nothing of the cart in the session, which is saved when the request ends."""
        for key in (SESSION_KEY, REMOVED_KEY, NAME_KEY):
            self.session.pop(key, None)

    def _write(self, contents: Contents) -> None:
        stored = {
            SESSION_KEY: dump(contents.entries),
            REMOVED_KEY: dump(contents.removed),
            NAME_KEY: contents.name,
        }
        for key, value in stored.items():
            if value:
                self.session[key] = value
            else:
                self.session.pop(key, None)


class InRow(Keeper):
    """The cart of a member."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self._contents: Contents | None = None

    def read(self) -> Contents:
        if self._contents is None:
            try:
                # Often read along with the member (social.sessions).
                self._contents = _contents_of(self.user.saved_cart)
            except SavedCart.DoesNotExist:
                self._contents = Contents()
        return self._contents

    @contextmanager
    def changing(self) -> Iterator[Contents]:
        with self.locked_row() as row:
            contents = _contents_of(row)
            yield contents
            row.entries, row.removed = dump(contents.entries), dump(contents.removed)

    @contextmanager
    def locked_row(self) -> Iterator[SavedCart]:
        """The row, to be changed in place and saved at the end; made where there is none."""
        with transaction.atomic():
            rows = SavedCart.objects.select_for_update().filter(user=self.user.pk)
            row = next(iter(rows), None)
            if row is None:
                # A rival may have made it meanwhile.
                SavedCart.objects.get_or_create(user_id=self.user.pk)
                row = rows.get()
            yield row
            row.save()
        self._contents = _contents_of(row)
        # What was read along with the member is over.
        join(self.user, saved_cart=row)


def _contents_of(row: SavedCart) -> Contents:
    return Contents(load(row.entries), load(row.removed), row.name)
