"""Write the price ledger."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from catalog import listing, price_history, telling_facts
from catalog.models import Price, PriceWithdrawal, Sku
from catalog.timeline import Entry, is_lasting

# So many products are refreshed at once; far below what a database lets one query carry.
REFRESHED_AT_ONCE = 2_000


@dataclass(frozen=True)
class NewPrice:
    """What a SKU shall cost from a moment on: ``compare_at`` is the price before the reduction."""

    sku: Sku
    amount: Decimal
    compare_at: Decimal | None = None


def in_the_ledger(amount: Decimal, compare_at: Decimal | None) -> tuple[Decimal, Decimal | None]:
    """The regular and the sale price that say so; an earlier price not above is no reduction."""
    if compare_at is not None and compare_at > amount:
        return compare_at, amount
    return amount, None


@transaction.atomic
def set_prices(
    prices: Iterable[NewPrice],
    *,
    at: datetime | None = None,
    user: Any = None,
    reason: str = "",
) -> int:
    """Bring the ledger to these prices from ``at`` (default: now) on; return the entries written.

    "From then on" means for good: an entry in force that has an end gives way to nothing
    older when it ends. What is planned to begin later stays planned, and counts from its own
    moment on; ``withdraw`` it where that is not wanted.

    Each ``sku`` must have been read ``with_prices()`` of that moment: what is in force for
    good already is not written again. A ``compare_at`` not above the amount is left out.
    """
    moment = at or timezone.now()
    wanted: list[tuple[Sku, str, Decimal | None, bool]] = []
    for new in prices:
        regular, sale = in_the_ledger(new.amount, new.compare_at)
        wanted += [
            (new.sku, Price.Kind.REGULAR, regular, regular == new.sku.regular_price),
            (new.sku, Price.Kind.SALE, sale, sale == new.sku.sale_price),
        ]
    ending = _that_end({sku.pk for sku, _kind, _amount, in_force in wanted if in_force}, moment)
    entries = [
        Price(
            sku=sku,
            kind=kind,
            amount=amount,
            currency=settings.SHOP_CURRENCY,
            valid_from=moment,
            user=user,
            reason=reason,
        )
        for sku, kind, amount, in_force in wanted
        if not in_force
        or ((sku.pk, kind) in ending and not is_lasting(ending[sku.pk, kind], amount, moment))
    ]
    Price.objects.bulk_create(entries)
    refresh({entry.sku.product_id for entry in entries})
    return len(entries)


def _that_end(skus: Collection[int], moment: datetime) -> dict[tuple[int, str], list[Entry]]:
    """The entries of the SKUs and kinds of which any that is in force will end."""
    ending: set[tuple[int, str]] = set()
    for keys in price_history.in_chunks(skus):
        rows = Price.objects.in_force(moment).filter(sku__in=keys, valid_until__isnull=False)
        ending.update(rows.values_list("sku", "kind"))
    found: dict[tuple[int, str], list[Entry]] = {pair: [] for pair in ending}
    for sku, entries in price_history.entries_of({sku for sku, _kind in ending}).items():
        for entry in entries:
            if (sku, entry.kind) in found:
                found[sku, entry.kind].append(entry)
    return found


@transaction.atomic
def add_prices(
    skus: Collection[Sku],
    kind: str,
    amount: Decimal,
    *,
    start: datetime,
    end: datetime | None = None,
    user: Any = None,
    reason: str = "",
) -> list[Price]:
    """Write one entry for each SKU, from ``start`` until before ``end`` (None: for good).

    Nothing else is touched: of entries that overlap the one that begins later counts.
    """
    entries = [
        Price(
            sku=sku,
            kind=kind,
            amount=amount,
            currency=settings.SHOP_CURRENCY,
            valid_from=start,
            valid_until=end,
            user=user,
            reason=reason,
        )
        for sku in skus
    ]
    Price.objects.bulk_create(entries)
    refresh(sku.product_id for sku in skus)
    return entries


@transaction.atomic
def withdraw(
    prices: Collection[Price], *, user: Any = None, reason: str = "", at: datetime | None = None
) -> int:
    """Let entries count no longer, from ``at`` (default: now) on; return how many did until then.

    From that moment on the ledger answers as if they had never been written, also to what
    is written later. Those that are over or were withdrawn before are left as they are.
    """
    moment = at or timezone.now()
    lasting = {
        price.pk: price.sku_id
        for price in prices
        if price.valid_until is None or price.valid_until > moment
    }
    skus: set[int] = set()
    count = 0
    for keys in price_history.in_chunks(lasting):
        found = PriceWithdrawal.objects.filter(price__in=keys)
        before = set(found.values_list("price", flat=True))
        rows = [
            PriceWithdrawal(price_id=key, moment=moment, user=user, reason=reason)
            for key in keys
            if key not in before
        ]
        # Of two who withdraw the same entry at once the first one's word stands.
        PriceWithdrawal.objects.bulk_create(rows, ignore_conflicts=True)
        count += len(rows)
        skus.update(lasting[row.price_id] for row in rows)
    products: set[int] = set()
    for keys in price_history.in_chunks(skus):
        products.update(Sku.objects.filter(pk__in=keys).values_list("product", flat=True))
    refresh(products)
    return count


def refresh(products: Iterable[int]) -> None:
    """Refresh what listings know of products; in the order in which everybody locks them."""
    for chunk in price_history.in_chunks(sorted(set(products)), REFRESHED_AT_ONCE):
        listing.refresh(chunk)
        # A card says more of prices than the columns do: from what, reduced from what.
        telling_facts.cards_changed(chunk)
