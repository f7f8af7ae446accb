"""Write the price ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from catalog import listing
from catalog.models import Price, Sku


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

    Each ``sku`` must have been read ``with_prices()`` of that moment: what is
    already in force is not written again, even if it has an end: the caller who
    knows of one writes on. A ``compare_at`` that is not above the amount is left out.
    """
    moment = at or timezone.now()
    entries: list[Price] = []
    products: set[int] = set()
    for new in prices:
        regular, sale = in_the_ledger(new.amount, new.compare_at)
        wanted = {
            Price.Kind.REGULAR: (regular, new.sku.regular_price),
            Price.Kind.SALE: (sale, new.sku.sale_price),
        }
        for kind, (amount, current) in wanted.items():
            if amount != current:
                products.add(new.sku.product_id)
                entries.append(
                    Price(
                        sku=new.sku,
                        kind=kind,
                        amount=amount,
                        currency=settings.SHOP_CURRENCY,
                        valid_from=moment,
                        user=user,
                        reason=reason,
                    )
                )
    Price.objects.bulk_create(entries)
    listing.refresh(products)
    return len(entries)
