"""Questions to the price ledger about many SKUs at once: few queries, whatever their number."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db.models import Q

from catalog import kept
from catalog.models.prices import Price, PricePoint
from catalog.models.settings import CatalogSettings
from catalog.moment import shown
from catalog.timeline import Entry, Timeline

if TYPE_CHECKING:
    from catalog.models.price_batches import PriceBatch
    from catalog.models.skus import Sku

T = TypeVar("T")
# Of so many SKUs the rows are read with one query: databases bound what one may carry.
AT_ONCE = 5_000
COLUMNS = ("sku", "pk", "kind", "amount", "valid_from", "valid_until", "withdrawal__moment")


def in_chunks(things: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    rest = iter(things)
    while chunk := list(islice(rest, size)):
        yield chunk


def entries_of(
    skus: Iterable[int],
    *,
    begun_by: datetime | None = None,
    without: "PriceBatch | None" = None,
) -> dict[int, list[Entry]]:
    """The ledger of each SKU by its key: one query for 5,000 of them.

    ``begun_by`` leaves out what begins later, ``without`` what a price batch wrote.
    """
    found: dict[int, list[Entry]] = {}
    for keys in in_chunks(skus):
        rows = Price.objects.filter(sku__in=keys, currency=settings.SHOP_CURRENCY)
        if begun_by is not None:
            rows = rows.filter(valid_from__lte=begun_by)
        if without is not None and without.pk:
            rows = rows.filter(Q(batch__isnull=True) | ~Q(batch=without.pk))
        for sku, *row in rows.values_list(*COLUMNS):
            found.setdefault(sku, []).append(_entry(*row))
    return found


def entry_of(price: Price, withdrawn: datetime | None = None) -> Entry:
    return _entry(
        price.pk, price.kind, price.amount, price.valid_from, price.valid_until, withdrawn
    )


def _entry(
    key: int,
    kind: str,
    amount: Decimal | None,
    start: datetime,
    until: datetime | None,
    withdrawn: datetime | None,
) -> Entry:
    ends = [moment for moment in (until, withdrawn) if moment is not None]
    return Entry(key, kind, amount, start, min(ends, default=None))


def timelines(
    skus: Iterable[int],
    *,
    begun_by: datetime | None = None,
    without: "PriceBatch | None" = None,
) -> dict[int, Timeline]:
    """The timeline of each SKU that has any entry, by its key."""
    entries = entries_of(skus, begun_by=begun_by, without=without)
    return {sku: Timeline(rows, settings.SHOP_CURRENCY) for sku, rows in entries.items()}


def prices_at(skus: Iterable[int], moment: datetime) -> dict[int, PricePoint]:
    """What each SKU costs at a moment, past or future; those without a price are left out."""
    found = timelines(skus, begun_by=moment).items()
    prices = {sku: timeline.price_at(moment) for sku, timeline in found}
    return {sku: price for sku, price in prices.items() if price is not None}


def next_changes(skus: Iterable[int], moment: datetime) -> dict[int, datetime]:
    """From when on each SKU will cost something else; those that will not are left out."""
    changes = {sku: found.next_change(moment) for sku, found in timelines(skus).items()}
    return {sku: change for sku, change in changes.items() if change is not None}


def lowest_before_reductions(skus: Iterable[int], moment: datetime) -> dict[int, Decimal]:
    """For each SKU that is reduced at a moment: its lowest price of the 30 days before.

    Directive 98/6/EC, article 6a: the 30 days before the reduction began, not before today.
    """
    found = timelines(skus, begun_by=moment).items()
    lowest = {sku: timeline.lowest_before_reduction(moment) for sku, timeline in found}
    return {sku: amount for sku, amount in lowest.items() if amount is not None}


def with_lowest(skus: "Sequence[Sku]") -> "Sequence[Sku]":
    """Let the prices of SKUs read ``with_prices()`` say their lowest price before the reduction.

    Costs nothing where nothing is reduced or the merchant shows none, else one query, and one
    more where it is not known what the merchant wants.
    """
    reduced = [sku.pk for sku in skus if sku.price and sku.price.compare_at]
    if not reduced or not shows_lowest_price():
        return skus
    lowest = lowest_before_reductions(reduced, shown())
    for sku in skus:
        sku.lowest_before = lowest.get(sku.pk)
    return skus


def shows_lowest_price() -> bool:
    return kept.get("shows lowest price", _shows_lowest_price)


def _shows_lowest_price() -> bool:
    kept.shows("frame")
    chosen = CatalogSettings.objects.order_by("pk").values_list("shows_lowest_price", flat=True)
    default = CatalogSettings._meta.get_field("shows_lowest_price").default
    # Never saved, it is not made here: a shopper's page writes nothing.
    return next(iter(chosen[:1]), default)
