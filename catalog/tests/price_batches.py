"""Price batches to test with."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from wagtail.models import Page

from catalog.models import PriceBatch, PriceBatchLine, Sku
from catalog.price_batches.working_out import work_out


def make_batch(
    *,
    categories: tuple[Page, ...] = (),
    by_hand: dict[Sku, str] | None = None,
    **fields: Any,
) -> PriceBatch:
    """A draft, saved as the form saves it; with a category and nothing else: −10 percent."""
    if categories:
        fields.setdefault("change", "percent")
        fields.setdefault("value", Decimal(-10))
    batch = PriceBatch(name=fields.pop("name", "Autumn sale"), live=False, **fields)
    batch.categories.set(categories)
    batch.by_hand.set(
        PriceBatchLine(sku=sku, amount=Decimal(amount)) for sku, amount in (by_hand or {}).items()
    )
    work_out(batch)
    batch.save()
    batch.save_revision()
    return batch


def amounts(batch: PriceBatch) -> dict[str, str | None]:
    return {code: amount for _sku, code, amount in batch.lines}


def price_of(sku: Sku, at: datetime | None = None) -> Decimal:
    return Sku.objects.with_prices(at).get(pk=sku.pk).price.amount
