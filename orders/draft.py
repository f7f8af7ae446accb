"""What a shopper has typed in the checkout so far, kept until it becomes an order.

In the session, beside the cart, which other tabs change. With it goes the token of the form: as
long as no order has come of it, every tab shows the same one, so that several tabs, or a visit
after a crash, cannot order the same cart twice.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from cart import sessions
from orders.models import AddressFields

KEY = "checkout"
TOKEN = "token"  # noqa: S105 - the name of a field
INVOICE = "invoice"
FIELDS = (
    "email",
    *AddressFields.FIELDS,
    "message",
    "method",
    "payment",
    "coupon",
    "keep_address",
    "other_invoice",
    *(f"{INVOICE}-{name}" for name in AddressFields.FIELDS),
)
# Longer than any field may be.
LONGEST = 2_000


def read(session: Any) -> dict[str, str]:
    """What was typed, by the fields' names, and the token; empty if nothing."""
    return dict(session.get(KEY) or {})


def token_in(values: Mapping[str, str]) -> UUID | None:
    """The token among the values of a form or a draft, if it is one."""
    with suppress(ValueError):
        return UUID(values.get(TOKEN, ""))
    return None


def begin(session: Any) -> dict[str, str]:
    """The draft for a form that is to be shown, with its token."""
    draft = read(session)
    if TOKEN in draft:
        return draft
    return _write(session, lambda stored: {TOKEN: str(uuid4()), **stored})


def keep(session: Any, form: Mapping[str, str]) -> dict[str, str]:
    """Keep what a form says, fit for the books, and return it: short, and nothing with a NUL."""
    typed = {name: form.get(name, "").replace("\0", "")[:LONGEST] for name in FIELDS}
    if token := token_in(form):
        typed[TOKEN] = str(token)
        if read(session) == typed:
            return typed
    return _write(session, lambda stored: {TOKEN: stored.get(TOKEN) or str(uuid4()), **typed})


def drop(session: Any, token: UUID) -> None:
    """The form with this token has become an order."""
    if token_in(read(session)) == token:
        _write(session, lambda stored: {} if token_in(stored) == token else stored)


def _write(session: Any, change: Callable[[dict[str, str]], dict[str, str]]) -> dict[str, str]:
    """Put in the place of the stored draft what a change makes of it; return that."""
    try:
        with sessions.locked(session):
            draft = change(read(session))
            if draft:
                session[KEY] = draft
            else:
                session.pop(KEY, None)
            sessions.save(session)
    except sessions.MovedError:
        # Its cart is gone too: nothing will come of it.
        return change({})
    return draft
