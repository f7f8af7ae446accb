"""Copy to the database what Redis counted: each view once, whenever a worker dies.

What is pending gets out of the way of further counting under another key, and keeps the name
that it had: its batch. The transaction that adds some of its products notes the batch and the
last product in ``ViewsSaved``, so whoever goes on after a crash knows where. That row is also
the lock: what it says and what Redis holds is only compared and changed by its holder.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

import redis
from django.db import transaction

from catalog import redis_client, telling_facts
from catalog.models import Product
from social.models import ProductViews, ViewsSaved
from social.views_counter import BATCH, PENDING

SAVING = "views:saving"
# A transaction each: an order that changes a product in between does not wait long.
PRODUCTS_AT_ONCE = 500


@dataclass
class Counted:
    """Of one product on one day."""

    views: int = 0
    visits: int = 0


Days = dict[date, Counted]


@dataclass(frozen=True)
class Batch:
    name: str
    products: dict[int, Days] = field(default_factory=lambda: defaultdict(dict))


def save() -> int:
    """Write all that is pending; return how many products had views."""
    server = redis_client.client()
    saved = 0
    # What a crash left behind first, then what has come since.
    for _round in range(2):
        batch = _taken(server)
        if batch is None:
            break
        saved += _save(server, batch)
    return saved


def locked() -> ViewsSaved:
    """The row that says what was written; nobody else writes until the transaction ends."""
    return ViewsSaved.objects.select_for_update().get_or_create(pk=1)[0]


def _taken(server: redis.Redis) -> Batch | None:
    # Looked at first: on SQLite a transaction holds up every writer.
    if not server.exists(PENDING, SAVING):
        return None
    # Either nothing is pending, or something is being saved still: then that is taken.
    with suppress(redis.ResponseError):
        server.renamenx(PENDING, SAVING)
    fields = server.hgetall(SAVING)
    if not fields:
        return None
    batch = Batch(fields.pop(BATCH))
    for name, number in fields.items():
        day, product, *is_visits = name.split(":")
        of_day = batch.products[int(product)].setdefault(date.fromisoformat(day), Counted())
        if is_visits:
            of_day.visits = int(number)
        else:
            of_day.views = int(number)
    return batch


def _save(server: redis.Redis, batch: Batch) -> int:
    saved = 0
    for products in _parts(batch):
        written = _write(server, batch.name, products)
        if written is None:
            return saved
        saved += written
    _forget(server, batch.name)
    return saved


def _parts(batch: Batch) -> Iterator[dict[int, Days]]:
    ids = sorted(batch.products)
    for start in range(0, len(ids), PRODUCTS_AT_ONCE):
        yield {pk: batch.products[pk] for pk in ids[start : start + PRODUCTS_AT_ONCE]}


@transaction.atomic
def _write(server: redis.Redis, batch: str, products: Mapping[int, Days]) -> int | None:
    """Add these products' numbers, but those that were; None if another has done all of it."""
    saved = locked()
    if server.hget(SAVING, BATCH) != batch:
        return None
    name, _colon, last = saved.batch.partition(":")
    if name == batch:
        products = {pk: days for pk, days in products.items() if pk > int(last)}
    if not products:
        return 0
    written = _add(products)
    saved.batch = f"{batch}:{max(products)}"
    saved.save()
    return written


@transaction.atomic
def _forget(server: redis.Redis, batch: str) -> None:
    """All of it is in the database."""
    locked()
    if server.hget(SAVING, BATCH) == batch:
        server.delete(SAVING)


def _add(products: Mapping[int, Days]) -> int:
    # Locked in the order of their keys, as everybody locks products; those deleted are gone.
    rows = Product.objects.select_for_update(no_key=True).filter(pk__in=products).order_by("pk")
    views = dict(rows.values_list("pk", "views"))
    # All of the rows are there, and locked: this updates them, faster than bulk_update does.
    Product.objects.bulk_create(
        [
            Product(pk=pk, views=before + sum(day.views for day in products[pk].values()))
            for pk, before in views.items()
        ],
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["views"],
    )
    _add_days({pk: products[pk] for pk in views})
    telling_facts.counts_changed(views)
    return len(views)


def _add_days(products: Mapping[int, Days]) -> None:
    days = {day for of_product in products.values() for day in of_product}
    rows = ProductViews.objects.filter(product__in=products, day__in=days)
    before = {(row.product_id, row.day): row for row in rows}
    changed = []
    for pk, of_product in products.items():
        for day, counted in of_product.items():
            row = before.get((pk, day)) or ProductViews(product_id=pk, day=day)
            row.count += counted.views
            row.visits += counted.visits
            # As a new row, which is how both databases add or change many in one statement.
            row.pk = None
            changed.append(row)
    ProductViews.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["product", "day"],
        update_fields=["count", "visits"],
    )
