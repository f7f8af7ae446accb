"""Approve a price batch, which writes the ledger, and end it, which writes it again."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from catalog import prices
from catalog.models import Price, PriceBatch, PriceBatchRun, Sku
from catalog.models.price_batches import AlreadyApprovedError
from catalog.money import TOO_MUCH
from catalog.price_history import in_chunks

from .working_out import starts

ENDED = "catalog.price_batch.end"
WRITTEN_AT_ONCE = 2_000


class CannotApproveError(Exception):
    """Something about the batch stands in the way; ``problems`` says what, in sentences."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class CannotEndError(Exception):
    """There is nothing to end; the message says why."""


def approve(batch: PriceBatch, *, user: Any, at: datetime | None = None) -> PriceBatchRun:
    """Approve the latest draft of a batch as of ``at`` (default: now); the run says what came.

    Its prices count from its own start, or from ``at`` where that is later. The caller has
    seen to it that the user may. Raises AlreadyApprovedError or CannotApproveError, and
    writes nothing then.
    """
    with transaction.atomic():
        revision = batch.get_latest_revision()
        if revision is None:
            revision = batch.save_revision(user=user, clean=False)
        batch.publish(revision, user=user, skip_permission_checks=True, at=at)
    return PriceBatchRun.objects.get(batch=batch)


@transaction.atomic
def write(batch: PriceBatch, *, user: Any, at: datetime | None = None) -> PriceBatchRun:
    """Write the lines of a batch into the ledger, in one transaction and once."""
    # Rivals wait here, and the second one finds what the first has written.
    PriceBatch.objects.select_for_update().filter(pk=batch.pk).values_list("pk").first()
    if batch.is_approved:
        raise AlreadyApprovedError
    moment = at or timezone.now()
    if problems := obstacles(batch, moment):
        raise CannotApproveError(problems)
    start = starts(batch, moment)
    products = _products([sku for sku, _code, amount in batch.lines if amount is not None])
    now = timezone.now()
    rows = [
        Price(
            sku_id=sku,
            kind=batch.kind,
            amount=Decimal(amount),
            currency=settings.SHOP_CURRENCY,
            valid_from=start,
            valid_until=batch.ends_at,
            created=now,
            user=user,
            reason=batch.name[:255],
            batch_id=batch.pk,
        )
        for sku, _code, amount in batch.lines
        # A SKU that was deleted since is sold at no price.
        if amount is not None and sku in products
    ]
    run = PriceBatchRun.objects.create(
        batch_id=batch.pk,
        starts_at=start,
        ends_at=batch.ends_at,
        approved_by=user,
        entries=len(rows),
    )
    Price.objects.bulk_create(rows, batch_size=WRITTEN_AT_ONCE)
    prices.refresh(products.values())
    return run


def obstacles(batch: PriceBatch, at: datetime) -> list[str]:
    """Why a batch cannot be approved at a moment, in sentences; empty if nothing."""
    problems = []
    amounts = [Decimal(amount) for _sku, _code, amount in batch.lines if amount is not None]
    if not amounts:
        problems.append(_("It changes no price. Say which products shall cost what."))
    if batch.ends_at is not None and batch.ends_at <= starts(batch, at):
        problems.append(_("It would be over before it begins. Change “until”."))
    if below := sum(amount < 0 for amount in amounts):
        message = ngettext(
            "%(count)s price is below zero.", "%(count)s prices are below zero.", below
        )
        problems.append(message % {"count": below})
    if above := sum(amount >= TOO_MUCH for amount in amounts):
        message = ngettext(
            "%(count)s price is too large.", "%(count)s prices are too large.", above
        )
        problems.append(message % {"count": above})
    return problems


@transaction.atomic
def end(batch: PriceBatch, *, user: Any) -> int:
    """From now on it is as if the batch had not been; return how many prices that ends.

    Whatever would count without it counts again. One that has not begun is withdrawn.
    Raises CannotEndError where it was not approved, has ended, or is over.
    """
    run = PriceBatchRun.objects.select_for_update().filter(batch=batch.pk).first()
    now = timezone.now()
    if run is None:
        raise CannotEndError(_("It was not approved, so there is nothing to end."))
    if run.ended is not None:
        raise CannotEndError(_("It has been ended already."))
    if run.ends_at is not None and run.ends_at <= now:
        raise CannotEndError(_("It is over already."))
    # Asked for and written in one condition: of two who end it at once one does.
    done = PriceBatchRun.objects.filter(pk=run.pk, ended=None).update(ended=now, ended_by=user)
    if not done:
        raise CannotEndError(_("It has been ended already."))
    rows = Price.objects.filter(batch=batch.pk).only("pk", "sku_id", "valid_until")
    count = prices.withdraw(rows, user=user, reason=_("Price batch ended early"), at=now)
    log(batch, ENDED, user=user, data={"prices": count})
    return count


def _products(skus: Sequence[int]) -> dict[int, int]:
    """The product of each SKU that there still is."""
    found: dict[int, int] = {}
    for keys in in_chunks(skus):
        found |= dict(Sku.objects.filter(pk__in=keys).values_list("pk", "product"))
    return found
