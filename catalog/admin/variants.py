"""Write what variants forms say: SKUs, stock and prices, all of it or nothing."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import CharField, Max, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import listing, prices, stock
from catalog.models import Product, Sku, Stock, StockMovement

from .fields import in_shop_currency
from .forms import VariantForm

IDENTITY = {"code", "option1", "option2", "option3"}
SKU_FIELDS = IDENTITY | {"weight", "barcode", "tax_class", "picture", "cost", "is_active"}
STOCK_FIELDS = {"when_sold_out", "low_at", "back_order_text"}
# The reference of movements that a form here caused begins so; what follows is the form's token.
FORM = "form:"

# For each changed code the fields that changed, each with what it was and what it is.
Changes = dict[str, dict[str, list[str]]]


@transaction.atomic
def save(
    changed: Sequence[VariantForm],
    product: Product,
    *,
    user: Any,
    token: str,
    reason: str = StockMovement.Reason.ADJUSTMENT,
    note: str = "",
) -> Changes:
    """Write valid forms of one product in which something changed; return what changed.

    Stock is changed by the difference between the number shown and the number
    written, so that what was sold in between stays sold; the ``token`` of the form
    as it was shown keeps a form that is sent twice from counting twice. Raises
    OutOfStockError, and writes nothing, where the difference is more than is left.
    """
    reference = (FORM + token)[:64]
    stock.lock(product)
    if StockMovement.objects.filter(sku__product=product, reference=reference).exists():
        return {}
    changes = {form.instance.code: _what_changed(form) for form in changed}
    with listing.refresh_once():
        listing.refresh([product.pk])
        _save_skus(changed, product)
        _save_stock(changed)
        differences = {
            form.instance: form.cleaned_data["on_hand"] - form.on_hand_shown()
            for form in changed
            if "on_hand" in form.changed_data
        }
        stock.adjust(differences, reason=reason, user=user, reference=reference, note=note)
        _save_prices(changed, user)
    return changes


def set_digital(product: Product, digital: bool) -> Changes:
    """Say whether something is sent when the product is sold; return what changed."""
    others = Product.objects.filter(pk=product.pk, is_digital=not digital)
    if not others.update(is_digital=digital):
        return {}
    return {"": {"is_digital": [str(not digital), str(digital)]}}


def _what_changed(form: VariantForm) -> dict[str, list[str]]:
    """Before and after of each changed field; of what is not for everybody's eyes only its name."""

    def words(name: str, value: Any) -> str:
        if name == "tax_class":
            value = dict(form.fields[name].choices).get(value)
        elif isinstance(value, Decimal):
            value = in_shop_currency(value)
        return "" if value is None else str(value)

    return {
        name: []
        if name == "cost"
        else [words(name, _shown(form, name)), words(name, form.cleaned_data.get(name))]
        for name in form.changed_data
    }


def _shown(form: VariantForm, name: str) -> Any:
    if name == "on_hand":
        return form.on_hand_shown()
    return form.get_initial_for_field(form.fields[name], name)


def _save_skus(changed: Sequence[VariantForm], product: Product) -> None:
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
        if fields:
            sku.save(update_fields=fields)
    last = product.skus.aggregate(last=Max("position"))["last"] or 0
    for position, form in enumerate((form for form in changed if not form.instance.pk), last + 1):
        form.instance.product = product
        form.instance.position = position
        form.instance.save()


def _save_stock(changed: Sequence[VariantForm]) -> None:
    for form in changed:
        values = {name: form.cleaned_data[name] for name in STOCK_FIELDS}
        row, created = Stock.objects.get_or_create(sku=form.instance, defaults=values)
        if not created and (fields := STOCK_FIELDS & set(form.changed_data)):
            Stock.objects.filter(pk=row.pk).update(**{name: values[name] for name in fields})


def _save_prices(changed: Sequence[VariantForm], user: Any) -> None:
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
