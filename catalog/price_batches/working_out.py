"""Work out which prices a batch will write: by its rule, its price list and by hand."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from catalog.models import CategoryPage, PriceBatch, ProductPage, Sku
from catalog.models.products import ProductCategory, ProductTag
from catalog.money import quantize
from catalog.price_history import in_chunks

from . import price_list
from .rule import new_price

# [sku id, SKU code, amount as text, or None where the rule found no price to count from]
Line = list[Any]


def work_out(batch: PriceBatch) -> None:
    """Set the lines of a batch to what it means now; saves nothing.

    By hand counts more than the price list, and that more than the rule.
    """
    found = {sku: (code, amount) for sku, code, amount in _by_rule(batch)}
    found |= {sku: (code, amount) for sku, code, amount in _by_list(batch)}
    found |= {sku: (code, amount) for sku, code, amount in _by_hand(batch)}
    batch.lines = [
        [sku, code, None if amount is None else f"{quantize(amount, settings.SHOP_CURRENCY):f}"]
        for sku, (code, amount) in sorted(found.items(), key=lambda line: line[1][0].lower())
    ]
    batch.prices_planned = sum(amount is not None for _sku, _code, amount in batch.lines)


def starts(batch: PriceBatch, at: datetime | None = None) -> datetime:
    """From when its prices count, approved at a moment (default: with its launch, or else now)."""
    moment = at or _planned(batch)
    return max(batch.starts_at, moment) if batch.starts_at else moment


def _planned(batch: PriceBatch) -> datetime:
    now, launch = timezone.now(), batch.launch
    return max(launch.moment, now) if launch else now


def has_scope(batch: PriceBatch) -> bool:
    """Whether anything says which products the rule is for."""
    chosen = (batch.categories, batch.brands, batch.any_of_tags)
    return bool(batch.products) or any(relation.all() for relation in chosen)


def _by_rule(batch: PriceBatch) -> Iterable[tuple[int, str, Decimal | None]]:
    if not batch.change or batch.value is None or not has_scope(batch):
        return
    skus = Sku.objects.filter(
        product__in=_pages(batch).values("product"), product__retired__isnull=True, is_active=True
    )
    rows = skus.order_by().with_prices(starts(batch)).values_list("pk", "code", "regular_price")
    for sku, code, regular in rows.iterator():
        yield (
            sku,
            code,
            new_price(regular, batch.change, batch.value, batch.rounding, settings.SHOP_CURRENCY),
        )


def _pages(batch: PriceBatch) -> QuerySet[ProductPage]:
    """Those that meet every condition, and those that were chosen besides; drafts too."""
    conditions: list[Q] = []
    if categories := list(batch.categories.all()):
        conditions.append(_in_categories(categories))
    if brands := [brand.pk for brand in batch.brands.all()]:
        conditions.append(Q(brand__in=brands))
    if tags := [tag.pk for tag in batch.any_of_tags.all()]:
        tagged = ProductTag.objects.filter(tag__in=tags).values("content_object")
        conditions.append(Q(pk__in=tagged))
    # As many keys as a bulk action hands over fit into one query.
    scope = Q(pk__in=batch.products)
    if conditions:
        met = conditions[0]
        for condition in conditions[1:]:
            met &= condition
        scope |= met
    return ProductPage.objects.filter(scope)


def _in_categories(categories: list[CategoryPage]) -> Q:
    """In them or below, by place or as a further category."""
    below = reduce(or_, (Q(path__startswith=category.path) for category in categories))
    inside = CategoryPage.objects.filter(below).values("translation_key")
    further = ProductCategory.objects.filter(category__translation_key__in=inside)
    return below | Q(pk__in=further.values("page"))


def _by_list(batch: PriceBatch) -> Iterable[tuple[int, str, Decimal]]:
    if not batch.price_list:
        return
    written = price_list.parse(batch.price_list, settings.SHOP_CURRENCY).prices
    skus = skus_of_codes(line.code for line in written)
    for line in written:
        if sku := skus.get(line.code.lower()):
            yield *sku, line.amount


def skus_of_codes(codes: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Key and code of the SKU that has each code, by the code in small letters."""
    found: dict[str, tuple[int, str]] = {}
    for chunk in in_chunks(set(codes), 500):
        skus = Sku.objects.with_codes(chunk).values_list("pk", "code")
        found |= {code.lower(): (sku, code) for sku, code in skus}
    return found


def _by_hand(batch: PriceBatch) -> Iterable[tuple[int, str, Decimal]]:
    lines = list(batch.by_hand.all())
    codes = dict(
        Sku.objects.filter(pk__in=[line.sku_id for line in lines]).values_list("pk", "code")
    )
    for line in lines:
        if line.sku_id in codes and line.amount is not None:
            yield line.sku_id, codes[line.sku_id], line.amount
