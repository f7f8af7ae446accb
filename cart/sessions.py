"""Changes to a session that other tabs change at the same moment.

A request saves its session whole, as it read it when it began: what another tab wrote meanwhile
would be gone. So a change is made on what the session's row holds now, under its lock, and saved
at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

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
    rows = session.model.objects.filter(pk=row.pk)
    rows.update(session_data=row.session_data, expire_date=row.expire_date)
    # Else it would be saved again, as this request saw it, when it ends.
    session.modified = False


def _read_anew(session: Any) -> None:
    rows = session.model.objects.select_for_update().filter(pk=session.session_key)
    row = next(iter(rows), None)
    if row is None:
        raise MovedError
    is_over = row.expire_date <= timezone.now()
    stored = session.load() if is_over else session.decode(row.session_data)
    for gone in set(session.keys()) - set(stored):
        del session[gone]
    for key, value in stored.items():
        session[key] = value
    session.modified = False
