"""Changes to a session that other tabs change at the same moment.

A request saves its session whole, as it read it when it began: what another tab wrote meanwhile
would be gone. So a change is made on what the session's row holds now, under its lock, and saved
at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


class MovedError(Exception):
    """The session ended while it was being changed: somebody logged in or out beside it."""


@contextmanager
def locked(session: Any) -> Iterator[None]:
    """Hold a session's row, with all that other requests have written; ``save`` inside.

    One that has no row yet is only itself. Raises MovedError where the row is gone.
    """
    with transaction.atomic():
        if session.session_key:
            _read_anew(session)
        yield


def save(session: Any) -> None:
    """Write a locked session; one without a row gets its own when the request ends."""
    if session.session_key:
        session.save()
        # Else it would be saved again, as this request saw it, when it ends.
        session.modified = False


def _read_anew(session: Any) -> None:
    rows = session.model.objects.select_for_update().filter(pk=session.session_key)
    if not list(rows):
        raise MovedError
    stored = session.load()
    for gone in set(session.keys()) - set(stored):
        del session[gone]
    for key, value in stored.items():
        session[key] = value
    session.modified = False
