"""Make the variants that a product's option values leave open, each with a code of its own."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product as every
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import listing, prices, stock
from catalog.models import Product, Sku, Stock

from . import codes
from .forms import OPTIONS
from .formsets import MOST_ROWS
from .variants import Changes


class RefusedError(Exception):
    """What is wrong with the values of which option; None: with all of them together."""

    def __init__(self, errors: dict[int | None, str]) -> None:
        self.errors = errors
        super().__init__(errors)


def cleaned(values: Sequence[Sequence[str]]) -> list[list[str]]:
    """The values of each option without the spaces around them; raises RefusedError."""
    lists = [[value.strip() for value in option if value.strip()] for option in values]
    errors: dict[int | None, str] = {}
    for number, option in enumerate(lists):
        twice = [value for value, count in Counter(map(str.lower, option)).items() if count > 1]
        if not option:
            errors[number] = _("Give at least one value.")
        elif twice:
            again = next(value for value in reversed(option) if value.lower() == twice[0])
            errors[number] = _("“%(value)s” is there twice.") % {"value": again}
        elif any(len(value) > 255 for value in option):
            errors[number] = _("A value has at most 255 characters.")
    if not 0 < len(lists) <= len(OPTIONS):
        errors[None] = _("A product has one, two or three options.")
    if errors:
        raise RefusedError(errors)
    return lists


@transaction.atomic
def make_missing(
    product: Product, values: Sequence[Sequence[str]], *, slug: str, user: Any
) -> Changes:
    """Make a variant for each combination that has none; return what was made, by code.

    ``values`` holds the values of each option in turn; ``slug`` is what codes begin with
    where the product has none yet. New variants cost what most of the others cost, and
    none is on hand. Those that exist are left as they are, whatever their options.
    """
    lists = cleaned(values)
    stock.lock(product)
    # Two editors who press the button at once must not both find the same ones missing.
    Product.objects.select_for_update().get(pk=product.pk)
    existing = list(product.skus.with_prices())
    missing = list(_missing(lists, existing))
    if len(existing) + len(missing) > MOST_ROWS:
        raise RefusedError({None: _too_many(len(missing), MOST_ROWS)})
    skus = _unsaved(product, missing, existing, slug)
    with listing.refresh_once():
        listing.refresh([product.pk])
        made = Sku.objects.bulk_create(skus)
        Stock.objects.bulk_create(Stock(sku=sku) for sku in made)
        _price_as_siblings(made, existing, user)
    return {sku.code: {"new": ["", sku.label]} for sku in made}


def _missing(lists: list[list[str]], existing: list[Sku]) -> Iterator[tuple[str, ...]]:
    known = {codes.options(sku) for sku in existing}
    blank = ("",) * (len(OPTIONS) - len(lists))
    for values in every(*lists):
        if tuple(value.lower() for value in (*values, *blank)) not in known:
            yield values


def _too_many(count: int, most: int) -> str:
    message = ngettext(
        "This would make %(count)d variant more; a product has at most %(most)d.",
        "This would make %(count)d variants more; a product has at most %(most)d.",
        count,
    )
    return message % {"count": count, "most": most}


def _unsaved(
    product: Product, missing: list[tuple[str, ...]], existing: list[Sku], slug: str
) -> list[Sku]:
    begin = codes.beginning(product, slug)
    # Shortening a code for its number never goes as far as this.
    free = codes.FreeCodes(begin[:40])
    last = max((sku.position for sku in existing), default=0)
    return [
        Sku(
            product=product,
            code=codes.suggest(begin, values, free.take),
            position=position,
            weight=_common([sku.weight for sku in existing]) or 0,
            tax_class_id=_common([sku.tax_class_id for sku in existing]),
            **dict(zip(OPTIONS, values, strict=False)),
        )
        for position, values in enumerate(missing, last + 1)
    ]


def _common(values: list[Any]) -> Any:
    """What most of them have; None where there are none."""
    return Counter(values).most_common(1)[0][0] if values else None


def _price_as_siblings(made: list[Sku], existing: list[Sku], user: Any) -> None:
    known: list[tuple[Decimal, Decimal | None]] = [
        (sku.price.amount, sku.price.compare_at) for sku in existing if sku.price
    ]
    if not known:
        return
    amount, compare_at = _common(known)
    unpriced = Sku.objects.filter(pk__in=[sku.pk for sku in made]).with_prices()
    prices.set_prices(
        [prices.NewPrice(sku, amount, compare_at) for sku in unpriced],
        user=user,
        reason=_("as the other variants"),
    )
