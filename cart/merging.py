"""At login, what an anonymous shopper put in joins the cart of the member they turn out to be."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cart import open_carts, pricing
from cart.entries import MAX_LINES, MAX_QUANTITY, Entries, Entry, dump, load
from cart.keeping import InRow, InSession
from cart.models import SavedCart
from cart.pricing import Offer

# A name is asked for again only by a login at the same moment.
NAMES_KEPT = 20


def connect() -> None:
    user_logged_in.connect(_logged_in, dispatch_uid="cart.merging")


def _logged_in(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    session = getattr(request, "session", None)
    if session is None:
        return
    kept = InSession(session)
    if kept.read().entries and merge(kept, user):
        text = _("What was in your cart here and what you had saved are now in one cart.")
        messages.info(request, text, fail_silently=True)
    kept.empty()


def merge(kept: InSession, user: Any) -> bool:
    """Add the session's lines to the member's, once; return whether there were lines in both.

    Two logins at the same moment, each with a copy of the session, bring the same name.
    """
    contents = kept.read()
    with InRow(user).locked_row() as row:
        if _is_merged(row, contents.name):
            return False
        row.merged = [contents.name, *row.merged][:NAMES_KEPT]
        saved = load(row.entries)
        row.entries = dump(joined(saved, contents.entries))
    open_carts.let_go(contents.name, contents.entries)
    open_carts.hold(row.name, contents.entries)
    return bool(saved)


def _is_merged(row: SavedCart, name: str) -> bool:
    return bool(name) and name in row.merged


def joined(saved: Entries, brought: Entries) -> Entries:
    """Quantities added up, no more than can be bought; of two moments the better one."""
    was, offered = pricing.offers(_both(saved, brought)), pricing.offers(brought)
    result = dict(saved)
    for code, entry in brought.items():
        if code in saved:
            quantity = saved[code].quantity + entry.quantity
            moment = _better(saved[code], entry, was.get(code), offered.get(code))
        elif len(result) < MAX_LINES:
            quantity, moment = entry
        else:
            continue
        # What cannot be had at all keeps its line, which says so.
        available = offered[code].available if code in offered else 0
        result[code] = Entry(min(quantity, available or MAX_QUANTITY, MAX_QUANTITY), moment)
    return result


def _both(saved: Entries, brought: Entries) -> Entries:
    return {code: entry for code, entry in saved.items() if code in brought}


def _better(saved: Entry, brought: Entry, was: Offer | None, now: Offer | None) -> Any:
    """The moment at whose price the shopper pays less; of equals the later, held for longer."""
    later = max(saved.added, brought.added)
    if was is None or now is None or was.unit_price == now.unit_price:
        return later
    return saved.added if was.unit_price < now.unit_price else brought.added
