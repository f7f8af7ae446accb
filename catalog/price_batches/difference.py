"""What a price batch changes: for each SKU the price without it, the price with it, and doubts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from catalog.models import (
    Picture,
    Price,
    PriceBatch,
    PriceBatchRun,
    ProductPage,
    ProductPicture,
    Sku,
)
from catalog.models.prices import PricePoint
from catalog.money import TOO_MUCH, quantize
from catalog.price_history import in_chunks, timelines
from catalog.timeline import BEFORE_A_REDUCTION

from .working_out import starts

# A price that falls by more is looked at twice.
STEEP = Decimal(-70)
TENTH = Decimal("0.1")


class Doubt(models.TextChoices):
    """What somebody should look at before approving."""

    BELOW_ZERO = "below_zero", _("Below zero")
    TOO_LARGE = "too_large", _("Too large")
    NO_PRICE = "no_price", _("No price so far")
    NOT_LOWER = "not_lower", _("No reduction")
    INTERRUPTED = "interrupted", _("Another price begins before it ends")
    STEEP = "steep", _("Reduced by more than 70 percent")
    BELOW_COST = "below_cost", _("Below cost")
    RETIRED = "retired", _("Not on sale")
    GONE = "gone", _("SKU deleted")


@dataclass
class Difference:
    """One line of a batch, as it would be at its start."""

    sku: int
    code: str
    new: Decimal | None
    currency: str
    # What it would cost without the batch; None where it has no price.
    old: PricePoint | None = None
    # What the new price is compared with: a regular price only with another regular one.
    old_amount: Decimal | None = None
    product: int | None = None
    label: str = ""
    cost: Decimal | None = None
    doubts: list[Doubt] = field(default_factory=list)
    # Only where asked for, by ``describe``.
    title: str = ""
    page: ProductPage | None = None
    picture: Picture | None = None
    lowest: Decimal | None = None

    @property
    def percent(self) -> Decimal | None:
        if self.new is None or not self.old_amount:
            return None
        change = (self.new - self.old_amount) / self.old_amount * 100
        return change.quantize(TENTH, ROUND_HALF_UP)

    @property
    def margin(self) -> Decimal | None:
        """The part of the new price that is not cost, in percent; taxes are not looked at."""
        if self.cost is None or not self.new or self.new < 0:
            return None
        return ((self.new - self.cost) / self.new * 100).quantize(TENTH, ROUND_HALF_UP)

    @property
    def doubts_text(self) -> str:
        return ", ".join(str(doubt.label) for doubt in self.doubts)


@dataclass
class Differences:
    """All lines of a batch; ``moment``: when they begin to count."""

    rows: Sequence[Difference]
    moment: datetime
    batch: PriceBatch

    @cached_property
    def doubts(self) -> dict[Doubt, int]:
        """How many lines give cause for each doubt, the gravest first."""
        counts = Counter(doubt for row in self.rows for doubt in row.doubts)
        return {doubt: counts[doubt] for doubt in Doubt if counts[doubt]}

    @cached_property
    def doubtful(self) -> int:
        return sum(bool(row.doubts) for row in self.rows)

    @cached_property
    def written(self) -> int:
        return sum(row.new is not None for row in self.rows)

    @cached_property
    def average(self) -> Decimal | None:
        """By how many percent the prices change on average."""
        changes = [row.percent for row in self.rows if row.percent is not None]
        return (sum(changes) / len(changes)).quantize(TENTH, ROUND_HALF_UP) if changes else None

    def with_doubt(self, doubt: str) -> list[Difference]:
        """Those that give cause for it; "any": for any."""
        if doubt == "any":
            return [row for row in self.rows if row.doubts]
        return [row for row in self.rows if doubt in row.doubts]


def differences(
    batch: PriceBatch, *, with_cost: bool, run: PriceBatchRun | None = None
) -> Differences:
    """Compare every line with what the SKU would cost without the batch when it begins.

    Three queries for 5,000 lines, and one for its launch. Costs are read only ``with_cost``;
    ``describe`` adds what a page of rows needs besides.
    """
    moment = run.starts_at if run else starts(batch)
    currency = settings.SHOP_CURRENCY
    rows = [
        Difference(sku, code, None if amount is None else Decimal(amount), currency)
        for sku, code, amount in batch.lines
    ]
    for chunk in in_chunks(rows):
        _compare(chunk, batch, moment, with_cost=with_cost)
    return Differences(rows, moment, batch)


def _compare(
    rows: Sequence[Difference], batch: PriceBatch, moment: datetime, *, with_cost: bool
) -> None:
    keys = [row.sku for row in rows]
    skus = {sku.pk: sku for sku in Sku.objects.filter(pk__in=keys).select_related("product")}
    in_force = _in_force(keys, moment, batch)
    interrupted = _interrupted(keys, moment, batch)
    for row in rows:
        sku = skus.get(row.sku)
        if sku is None:
            row.doubts = [Doubt.GONE]
            continue
        row.product, row.label, row.code = sku.product_id, sku.label, sku.code
        row.cost = sku.cost if with_cost else None
        regular = in_force.get((row.sku, Price.Kind.REGULAR))
        if regular is not None:
            sale = in_force.get((row.sku, Price.Kind.SALE))
            row.old = PricePoint.of(regular, sale, row.currency)
            is_sale = batch.kind == Price.Kind.SALE
            row.old_amount = row.old.amount if is_sale else regular
        is_sold = sku.is_active and sku.product.retired is None
        is_interrupted = sku.pk in interrupted
        row.doubts = list(_doubts(row, batch.kind, is_sold=is_sold, is_interrupted=is_interrupted))


def _in_force(
    keys: Sequence[int], moment: datetime, batch: PriceBatch
) -> dict[tuple[int, str], Decimal | None]:
    """The amount of each SKU and kind at a moment, as if the batch had not been."""
    others = Price.objects.in_force(moment).filter(_of_others(batch), sku__in=keys)
    # The last one wins.
    rows = others.order_by("valid_from", "pk").values_list("sku", "kind", "amount")
    return {(sku, kind): amount for sku, kind, amount in rows}


def _interrupted(keys: Sequence[int], moment: datetime, batch: PriceBatch) -> set[int]:
    """SKUs that another price of the kind begins for while the batch lasts, and wins then."""
    others = Price.objects.standing().filter(
        _of_others(batch),
        sku__in=keys,
        kind=batch.kind,
        currency=settings.SHOP_CURRENCY,
        valid_from__gt=moment,
    )
    if batch.ends_at is not None:
        others = others.filter(valid_from__lt=batch.ends_at)
    return set(others.values_list("sku", flat=True))


def _of_others(batch: PriceBatch) -> Q:
    return Q(batch__isnull=True) | ~Q(batch=batch.pk)


def _doubts(row: Difference, kind: str, *, is_sold: bool, is_interrupted: bool) -> Iterable[Doubt]:
    if row.new is not None and row.new < 0:
        yield Doubt.BELOW_ZERO
    if row.new is not None and row.new >= TOO_MUCH:
        yield Doubt.TOO_LARGE
    if row.old is None:
        yield Doubt.NO_PRICE
    if row.new is not None and row.old_amount is not None:
        if kind == Price.Kind.SALE and row.new >= row.old_amount:
            yield Doubt.NOT_LOWER
        if is_interrupted:
            yield Doubt.INTERRUPTED
        if row.new < row.old_amount * (100 + STEEP) / 100:
            yield Doubt.STEEP
    if row.new is not None and row.cost is not None and row.new < row.cost:
        yield Doubt.BELOW_COST
    if not is_sold:
        yield Doubt.RETIRED


def describe(found: Differences, rows: Sequence[Difference], *, pictures: bool = True) -> None:
    """Add titles, pages, pictures and the lowest price of the 30 days before: five queries.

    For exports, which show no pictures, without them.
    """
    pages: dict[int, ProductPage] = {}
    for chunk in in_chunks({row.product for row in rows if row.product}):
        # The oldest page comes last and is kept.
        of_products = ProductPage.objects.filter(product__in=chunk, alias_of__isnull=True)
        pages |= {page.product_id: page for page in of_products.order_by("-pk")}
    images = _pictures(page.pk for page in pages.values()) if pictures else {}
    ledgers = timelines((row.sku for row in rows), begun_by=found.moment, without=found.batch)
    for row in rows:
        row.page = pages.get(row.product)
        row.title = row.page.get_admin_display_title() if row.page else row.code
        row.picture = images.get(row.page.pk) if row.page else None
        if ledger := ledgers.get(row.sku):
            lowest = ledger.lowest(found.moment - BEFORE_A_REDUCTION, found.moment)
            row.lowest = None if lowest is None else quantize(lowest, row.currency)


def _pictures(pages: Iterable[int]) -> dict[int, Picture]:
    of_page = ProductPicture.objects.filter(page=OuterRef("page")).order_by("sort_order", "pk")
    first = ProductPicture.objects.filter(
        page__in=list(pages), pk=Subquery(of_page.values("pk")[:1])
    )
    found = first.select_related("image").prefetch_related("image__renditions")
    return {picture.page_id: picture.image for picture in found}
