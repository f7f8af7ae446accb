"""Write what the variants form says: SKUs, stock and prices, all of it or nothing."""

from typing import Any

from django.db import transaction
from django.db.models import CharField, Max, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import listing, prices, stock
from catalog.models import Product, Sku, Stock, StockMovement

from .forms import BaseVariantFormSet, VariantForm

IDENTITY = {"code", "option1", "option2", "option3"}
SKU_FIELDS = IDENTITY | {"weight", "barcode", "is_active"}


@transaction.atomic
def save(formset: BaseVariantFormSet, *, user: Any, token: str) -> dict[str, list[str]]:
    """Write a valid formset; return for each changed code the names of what changed.

    Stock is changed by the difference between the number shown and the number
    written, so that what was sold in between stays sold; the ``token`` of the form
    as it was shown keeps a form that is sent twice from counting twice. Raises
    OutOfStockError, and writes nothing, where the difference is more than is left.
    """
    changed = [form for form in formset.filled() if form.has_changed()]
    stock.lock(formset.product)
    if StockMovement.objects.filter(sku__product=formset.product, reference=token).exists():
        return {}
    with listing.refresh_once():
        listing.refresh([formset.product.pk])
        _save_skus(changed, formset.product)
        _save_stock(changed, user, token)
        _save_prices(changed, user)
    return {form.instance.code: form.changed_data for form in changed}


def _save_skus(changed: list[VariantForm], product: Product) -> None:
    existing = [form for form in changed if form.instance.pk]
    # Two rows may exchange codes or options; out of the way first, or the one saved
    # first would meet the other.
    moved = [form.instance.pk for form in existing if IDENTITY & set(form.changed_data)]
    now = Sku.objects.in_bulk(moved)
    parked = Concat(Value("\x7f"), Cast("pk", CharField()))
    Sku.objects.filter(pk__in=moved).update(code=parked, option1=parked)
    for form in existing:
        sku, fields = form.instance, SKU_FIELDS & set(form.changed_data)
        if sku.pk in now:
            # What this editor left alone comes back as it is now, not as the form showed it.
            for name in {"code", "option1"} - fields:
                setattr(sku, name, getattr(now[sku.pk], name))
            fields |= {"code", "option1"}
        sku.save(update_fields=fields)
    last = product.skus.aggregate(last=Max("position"))["last"] or 0
    for position, form in enumerate((form for form in changed if not form.instance.pk), last + 1):
        form.instance.product = product
        form.instance.position = position
        form.instance.save()


def _save_stock(changed: list[VariantForm], user: Any, token: str) -> None:
    differences = {}
    for form in changed:
        sold_out = form.cleaned_data["when_sold_out"]
        row, created = Stock.objects.get_or_create(
            sku=form.instance, defaults={"when_sold_out": sold_out}
        )
        if not created and "when_sold_out" in form.changed_data:
            Stock.objects.filter(pk=row.pk).update(when_sold_out=sold_out)
        differences[form.instance] = form.cleaned_data["on_hand"] - form.on_hand_shown()
    stock.adjust(differences, reason=StockMovement.Reason.ADJUSTMENT, user=user, reference=token)


def _save_prices(changed: list[VariantForm], user: Any) -> None:
    moment = timezone.now()
    wanted = {
        form.instance.pk: form.cleaned_data
        for form in changed
        # The ledger has no "no price": a variant without one is taken off sale.
        if {"price", "compare_at"} & set(form.changed_data)
        and form.cleaned_data["price"] is not None
    }
    skus = Sku.objects.filter(pk__in=wanted).with_prices(moment)
    prices.set_prices(
        [
            prices.NewPrice(sku, wanted[sku.pk]["price"], wanted[sku.pk]["compare_at"])
            for sku in skus
        ],
        at=moment,
        user=user,
        reason=_("edited in the admin"),
    )
