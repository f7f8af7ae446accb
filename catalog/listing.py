"""Keep the columns of ``Product`` that listings sort and filter by true to the ledgers."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min, Q
from django.utils import timezone

from catalog import sku_facts, telling_facts
from catalog.models.prices import Price
from catalog.models.skus import Product, Sku
from catalog.moment import is_preview

# Written here and nowhere else.
COLUMNS = ["lowest_price", "price_changes_at", "in_stock", "on_sale"]


def for_sale(skus: Sequence[Sku]) -> Sequence[Sku]:
    """Those whose prices a listing speaks of: what can be had, or all where nothing can."""
    return [sku for sku in skus if sku.most_to_buy(1)] or skus


_collected: ContextVar[set[int] | None] = ContextVar("products to refresh", default=None)


@contextmanager
def refresh_once() -> Iterator[None]:
    """Within this, ``refresh`` only collects; the products are refreshed together at the end."""
    collected: set[int] = set()
    token = _collected.set(collected)
    try:
        yield
    finally:
        _collected.reset(token)
    refresh(collected)


@transaction.atomic
def refresh(product_ids: Iterable[int]) -> None:
    """Write lowest price, when it may change, whether it is reduced and anything to be had."""
    if (collected := _collected.get()) is not None:
        collected.update(product_ids)
        return
    # Locked before anything is read, and in one order: a rival that sells another
    # variant of the same product waits, then reads what this one has written.
    locked = Product.objects.select_for_update().filter(pk__in=set(product_ids)).order_by("pk")
    before = {pk: tuple(columns) for pk, *columns in locked.values_list("pk", *COLUMNS)}
    if not before:
        return
    now = _columns(list(before))
    changed = {pk for pk, columns in now.items() if columns != before[pk]}
    if changed:
        # All of the rows are there, and locked: this updates them, in a tenth of the time that
        # bulk_update takes to say so.
        Product.objects.bulk_create(
            [Product(pk=pk, **dict(zip(COLUMNS, now[pk], strict=True))) for pk in sorted(changed)],
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=COLUMNS,
        )
    telling_facts.facts_changed(before)
    telling_facts.listed_changed(changed)


def _columns(ids: list[int]) -> dict[int, tuple[Any, ...]]:
    """What the columns of these products are to say now."""
    moment = timezone.now()
    shown: dict[int, list[Sku]] = {}
    for sku in sku_facts.of_products(ids):
        if sku.is_on_show:
            shown.setdefault(sku.product_id, []).append(sku)
    changes = _next_changes(ids, moment)
    found = {}
    for pk in ids:
        skus = shown.get(pk, [])
        listed = for_sale(skus)
        found[pk] = (
            min((sku.price.amount for sku in listed), default=None),
            changes.get(pk),
            any(sku.most_to_buy(1) for sku in skus),
            any(sku.price.compare_at for sku in listed),
        )
    return found


def _next_changes(ids: list[int], moment: datetime) -> dict[int, datetime]:
    """For each product, the first moment after ``moment`` at which an entry begins or ends."""
    rows = (
        Price.objects.standing()
        .filter(sku__product__in=ids, currency=settings.SHOP_CURRENCY)
        .values("sku__product")
        .annotate(
            begins=Min("valid_from", filter=Q(valid_from__gt=moment)),
            ends=Min("valid_until", filter=Q(valid_until__gt=moment)),
        )
        .values_list("sku__product", "begins", "ends")
    )
    return {
        product: min(filter(None, (begins, ends)))
        for product, begins, ends in rows
        if begins or ends
    }


def refresh_due(limit: int = 1000) -> int:
    """Refresh the products whose price changed since they were written; return how many."""
    # A preview writes nothing, and would write the prices of another moment.
    if is_preview():
        return 0
    due = Product.objects.filter(price_changes_at__lte=timezone.now())
    # Pages ask this too, and on SQLite a transaction holds up every writer: so look first.
    if not due.exists():
        return 0
    skip = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        # A rival at the same work skips what is locked here, or finds nothing due any more.
        locked = due.select_for_update(skip_locked=skip).order_by("price_changes_at")
        ids = list(locked.values_list("pk", flat=True)[:limit])
        refresh(ids)
    return len(ids)
