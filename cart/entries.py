"""What a cart keeps of each line: how many, and since when. Never a price. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone

MAX_QUANTITY = 999
MAX_CODE = 64
# A cart is a row in the database: a script must not fill it without end.
MAX_LINES = 200
# So many of the lines taken out last can be put back.
MAX_REMOVED = 5


class Entry(NamedTuple):
    quantity: int
    added: datetime


Entries = dict[str, Entry]


@dataclass
class Contents:
    """All that is kept of a cart: the lines by SKU code, and those just taken out."""

    entries: Entries = field(default_factory=dict)
    removed: Entries = field(default_factory=dict)
    # By which open carts are told apart; says nothing of whose it is.
    name: str = ""


def dump(entries: Mapping[str, Entry]) -> dict[str, dict[str, Any]]:
    """Entries as JSON can hold them."""
    return {
        code: {"quantity": entry.quantity, "added": entry.added.isoformat()}
        for code, entry in entries.items()
    }


def load(stored: Any) -> Entries:
    """Entries from what was stored, in the order they were put in; nonsense is left out.

    A moment that has not come yet counts as now: no price of tomorrow is held today.
    """
    if not isinstance(stored, Mapping):
        return {}
    now = timezone.now()
    found = {code: entry for code, raw in stored.items() if (entry := _entry(code, raw, now))}
    return dict(sorted(found.items(), key=lambda item: item[1].added))


def _entry(code: Any, raw: Any, now: datetime) -> Entry | None:
    if not isinstance(code, str) or not 0 < len(code) <= MAX_CODE or "\x00" in code:
        return None
    if not isinstance(raw, Mapping):
        return None
    quantity, added = raw.get("quantity"), raw.get("added")
    if type(quantity) is not int or not 1 <= quantity <= MAX_QUANTITY:
        return None
    try:
        moment = datetime.fromisoformat(added)
        return Entry(quantity, min(moment, now))
    except (TypeError, ValueError):
        # No moment, or one without a time zone.
        return Entry(quantity, now)
