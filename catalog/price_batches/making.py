"""New drafts of price batches: from chosen products, and from another batch."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.models import Page

from catalog.models import PriceBatch, PriceBatchLine

from .working_out import work_out

NAME_LENGTH = PriceBatch._meta.get_field("name").max_length
# As many keys as fit into one query of any database with all else that it asks.
MOST_PRODUCTS = 20_000


class TooManyProductsError(ValueError):
    """More products than one batch takes one by one; their category can be chosen instead."""


@transaction.atomic
def for_products(pages: Iterable[Page], user: Any) -> PriceBatch:
    """A draft about these product pages; what they shall cost is left to the editor.

    Raises TooManyProductsError.
    """
    keys = list(dict.fromkeys(page.pk for page in pages))
    if len(keys) > MOST_PRODUCTS:
        message = _("At most %(count)s products can be chosen one by one. Choose their category.")
        raise TooManyProductsError(message % {"count": f"{MOST_PRODUCTS:,}"})
    name = ngettext("Prices of %(count)s product", "Prices of %(count)s products", len(keys))
    batch = PriceBatch(name=name % {"count": f"{len(keys):,}"}, products=keys, live=False)
    return _begin(batch, user)


@transaction.atomic
def copy(batch: PriceBatch, user: Any) -> PriceBatch:
    """A draft that says the same, with prices worked out anew; times that are past stay out."""
    return _begin(unsaved_copy(batch), user)


def unsaved_copy(batch: PriceBatch) -> PriceBatch:
    """The same words in a batch that nobody saved yet."""
    name = _("Copy of %(name)s") % {"name": batch.name}
    new = PriceBatch(
        name=name[:NAME_LENGTH],
        kind=batch.kind,
        starts_at=batch.starts_at if _is_to_come(batch.starts_at) else None,
        ends_at=batch.ends_at if _is_to_come(batch.ends_at) else None,
        change=batch.change,
        value=batch.value,
        rounding=batch.rounding,
        products=batch.products,
        price_list=batch.price_list,
        live=False,
    )
    for relation in ("categories", "brands", "any_of_tags"):
        getattr(new, relation).set(getattr(batch, relation).all())
    new.by_hand.set(
        PriceBatchLine(sku_id=line.sku_id, amount=line.amount, sort_order=line.sort_order)
        for line in batch.by_hand.all()
    )
    return new


def _is_to_come(moment: datetime | None) -> bool:
    return moment is not None and moment > timezone.now()


def _begin(batch: PriceBatch, user: Any) -> PriceBatch:
    work_out(batch)
    batch.save()
    revision = batch.save_revision(user=user, clean=False)
    log(batch, "wagtail.create", user=user, revision=revision, content_changed=True)
    return batch
