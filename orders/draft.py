"""What a shopper has typed in the checkout so far, kept until it becomes an order.

In the session, beside the cart, which other tabs change: so a draft is written into what the
session's row holds now, under its lock, and not into what the request read when it began.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

KEY = "checkout"


def read(session: Any) -> dict[str, Any]:
    """What was typed, by the fields' names; empty if nothing."""
    return dict(session.get(KEY) or {})


def keep(session: Any, typed: Mapping[str, Any]) -> None:
    """Keep what was typed."""
    if read(session) != typed:
        _write(session, dict(typed))


def drop(session: Any) -> None:
    """It has become an order."""
    if KEY in session:
        _write(session, None)


@transaction.atomic
def _write(session: Any, draft: dict[str, Any] | None) -> None:
    if session.session_key:
        list(session.model.objects.select_for_update().filter(pk=session.session_key))
        stored = session.load()
        for gone in set(session.keys()) - set(stored):
            del session[gone]
        for key, value in stored.items():
            session[key] = value
    if draft is None:
        session.pop(KEY, None)
    else:
        session[KEY] = draft
    if session.session_key:
        session.save()
        # Else it would be saved again, as this request saw it, when it ends.
        session.modified = False
