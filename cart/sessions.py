"""Changes to a session that other tabs change at the same moment.

A request saves its session whole, as it read it when it began: what another tab wrote meanwhile
would be gone. So a change is made on what the session's row holds now, under its lock, and saved
at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from catalog.joined import adapted

# By hand, because every cart that changes does it: Django would write the same.
READ = "SELECT session_data, expire_date <= %s FROM django_session WHERE session_key = %s"
WRITE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"
# Whether a session that is held is to be written.
HELD = "_is_to_be_written"


class MovedError(Exception):
    """The session ended while it was being changed: somebody logged in or out beside it."""


@contextmanager
def locked(session: Any) -> Iterator[None]:
    """Hold a session's row, with all that other requests have written; ``save`` inside.

    Within another one of the same session it is held already, and written once, by the outer
    one. One that has no row yet is only itself. Raises MovedError where the row is gone.
    """
    if hasattr(session, HELD):
        yield
        return
    with transaction.atomic():
        if session.session_key:
            _read_anew(session)
        setattr(session, HELD, False)
        try:
            yield
            if getattr(session, HELD):
                _write(session)
        finally:
            delattr(session, HELD)


def save(session: Any) -> None:
    """Have a locked session written; one without a row gets its own when the request ends."""
    setattr(session, HELD, True)


def _write(session: Any) -> None:
    if not session.session_key:
        return
    # As its own ``save`` does, which would open a transaction within this one.
    row = session.create_model_instance(dict(session.items()))
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [row.session_data, adapted(row.expire_date), row.pk])
    # Else it would be saved again, as this request saw it, when it ends.
    session.modified = False


def _read_anew(session: Any) -> None:
    held = connection.ops.for_update_sql() if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"{READ} {held}", [adapted(timezone.now()), session.session_key])
        row = cursor.fetchone()
    if row is None:
        raise MovedError
    data, is_over = row
    stored = session.load() if is_over else session.decode(data)
    for gone in set(session.keys()) - set(stored):
        del session[gone]
    for key, value in stored.items():
        session[key] = value
    session.modified = False
