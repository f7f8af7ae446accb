"""Price entries with a beginning and an end: what the ledger says, and what it lacks.

The ledger keeps all that ever was. From a moment on only a part of it counts: of each
kind, the entries in force that will come to light again when a newer one ends, and
those that are still to begin. Export writes that part, and import compares with it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings

from catalog.models import Price, Sku

from .drafts import PriceWindow, Variant

REGULAR, SALE = Price.Kind.REGULAR.value, Price.Kind.SALE.value
KINDS = (REGULAR, SALE)


def from_now_on(entries: Iterable[PriceWindow], now: datetime) -> dict[str, list[PriceWindow]]:
    """By kind: what counts from ``now`` on, in the order in which it would have to be written.

    Of entries that begin at the same moment the later one counts. What has begun has
    no ``start`` in the answer.
    """
    lasting = [entry for entry in entries if entry.end is None or entry.end > now]
    return {
        kind: _in_force([entry for entry in lasting if entry.kind == kind], now)
        + [entry for entry in lasting if entry.kind == kind and _is_to_begin(entry, now)]
        for kind in KINDS
    }


def of_rows(rows: Iterable[Price]) -> list[PriceWindow]:
    """Rows of the ledger, which must come by ``valid_from`` and key, as windows."""
    return [PriceWindow(0, row.kind, row.amount, row.valid_from, row.valid_until) for row in rows]


def _is_to_begin(entry: PriceWindow, now: datetime) -> bool:
    return entry.start is not None and entry.start > now


def _in_force(entries: Sequence[PriceWindow], now: datetime) -> list[PriceWindow]:
    found: list[PriceWindow] = []
    for entry in reversed(entries):
        if _is_to_begin(entry, now):
            continue
        # One that ends before a newer one does is never seen again.
        if found and found[-1].end is not None and entry.end and entry.end <= found[-1].end:
            continue
        found.append(PriceWindow(entry.line, entry.kind, entry.amount, None, entry.end))
        if entry.end is None:
            break
    # Nothing to end is nothing.
    while found and found[-1].amount is None:
        found.pop()
    return found[::-1]


def missing(
    sku: Sku, variant: Variant, rows: Sequence[Price], now: datetime, reason: str
) -> list[Price]:
    """Entries, not yet written, that make the ledger say what a variant with windows says."""
    said = list(variant.windows)
    if variant.price is not None:
        said.insert(0, PriceWindow(variant.line, REGULAR, variant.price))
    wanted, there = from_now_on(said, now), from_now_on(of_rows(rows), now)
    if not wanted[REGULAR]:
        # The ledger has no "no regular price".
        wanted[REGULAR] = there[REGULAR]
    return [
        Price(
            sku=sku,
            kind=kind,
            amount=entry.amount,
            currency=settings.SHOP_CURRENCY,
            valid_from=entry.start or now,
            valid_until=entry.end,
            reason=reason[:255],
        )
        for kind in KINDS
        for entry in _lacking(wanted[kind], there[kind], kind)
    ]


def _lacking(wanted: list[PriceWindow], there: list[PriceWindow], kind: str) -> list[PriceWindow]:
    begun = [entry for entry in wanted if entry.start is None]
    future = [entry for entry in wanted if entry.start is not None and entry not in there]
    before = [entry for entry in there if entry.start is None]
    if begun == before:
        return future
    # What was in force until now would come to light again after what has an end.
    has_ground = bool(begun) and begun[0].end is None
    if kind == SALE and before and not has_ground:
        begun = [PriceWindow(0, SALE, None), *begun]
    return [*begun, *future]
