"""Save one row of a grid: what is right is written at once, what is wrong is told at its cell."""

import copy
import uuid
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.log_actions import log

from catalog.models import Product, ProductPage, Sku, Stock, StockState
from catalog.stock import OutOfStockError

from . import codes, variants
from .forms import OPTIONS, PRICE_GROUP, VariantForm, tax_choices
from .formsets import MOST_ROWS
from .grid import LOG_ACTION, count_again, main_pages, readable, row_form, values
from .rights import Rights, rights

Errors = dict[str, list[str]]


@dataclass(frozen=True)
class Asked:
    """What a browser asks: ``typed`` and ``shown`` hold only the boxes that were changed."""

    typed: Mapping[str, Any]
    shown: Mapping[str, Any]
    user: Any
    reason: str
    note: str
    token: str

    @classmethod
    def of(cls, row: Mapping[str, Any], **others: Any) -> "Asked":
        """Raises ValueError where the row is not what the shop's own script sends."""
        typed, shown = row.get("values"), row.get("shown") or {}
        if not isinstance(typed, dict) or not isinstance(shown, dict):
            raise ValueError("a row has values")
        for value in (*typed.values(), *shown.values()):
            if not isinstance(value, str | bool):
                raise ValueError("a box holds text or a tick")
        token = str(row.get("token") or uuid.uuid4().hex)
        return cls(typed=typed, shown=shown, token=token, **others)


@dataclass(frozen=True)
class Forms:
    """Makes the forms of rows: what is allowed, and the choices, are read once."""

    granted: Rights
    classes: Sequence[tuple[Any, str]]

    def of(self, sku: Sku | None, data: Mapping[str, Any] | None = None) -> VariantForm:
        # All three: an option that was named a moment ago may not be in the draft yet.
        options = {
            field: _("Option %(number)d") % {"number": number}
            for number, field in enumerate(OPTIONS, 1)
        }
        return row_form(sku, self.granted, options, self.classes, data)

    def bound(self, sku: Sku | None, asked: Asked, names: set[str]) -> VariantForm:
        """The form as if the row but for these boxes had been sent back as it is."""
        # Cleaning writes what was typed into the row.
        row = copy.copy(sku)
        untouched = self.of(row)
        data: dict[str, Any] = {}
        for name, value in values(untouched).items():
            typed = asked.typed[name] if name in names else value
            shown = asked.shown.get(name, value) if name in names else value
            if typed is not False:
                data[untouched.add_prefix(name)] = typed
            data[untouched.add_initial_prefix(name)] = str(shown)
        return self.of(row, data)

    def refused(self, asked: Asked) -> Errors:
        refusal = [_("You may not change this.")]
        return {name: refusal for name in asked.typed if not self.granted.allow(name)}


def save_row(pk: int, asked: Asked) -> dict[str, Any]:
    """Save what can be saved of a row; return its state, and what is wrong in which box.

    Prices and "on sale" are saved together or not at all, every other box by itself.
    ``unsaved`` of the answer names what was typed in vain: the message may be at another box.
    """
    sku = readable(Sku.objects.filter(pk=pk)).first()
    if sku is None:
        return {"errors": {"": [_("This variant is gone. Load the page again.")]}}
    page = main_pages([sku.product_id]).get(sku.product_id)
    forms = Forms(rights(asked.user, page), tax_choices())
    refused = forms.refused(asked)
    contested = _changed_by_others(forms.of(sku), asked)
    errors = contested | refused
    left = set(asked.typed) - set(errors)
    if PRICE_GROUP & set(contested):
        left -= PRICE_GROUP
    # Once to find what is wrong, then with the rest, which may need what was wrong.
    for _attempt in range(3):
        form = forms.bound(sku, asked, left)
        found = _check(form, sku.product)
        if not found:
            break
        errors |= found
        left -= set(found) | (PRICE_GROUP if PRICE_GROUP & set(found) else set())
    trouble = found or (_write(form, sku.product, page, asked) if left else {})
    saved = set() if trouble else left
    return _answer(pk, forms, asked, errors | trouble, set(asked.typed) - saved)


def _answer(
    pk: int, forms: Forms, asked: Asked, errors: Errors, unsaved: Set[str] = frozenset()
) -> dict[str, Any]:
    sku = readable(Sku.objects).get(pk=pk)
    state = StockState(sku.stock_state)
    answer = {
        "sku": pk,
        "values": values(forms.of(sku)),
        "state": {"name": state.value, "label": str(state.label)},
        "errors": _as_html(errors),
        "unsaved": sorted(unsaved),
    }
    if "picture" in asked.typed:
        answer["picture"] = _thumbnail(sku)
    return answer


def _thumbnail(sku: Sku) -> str:
    if sku.picture is None:
        return ""
    return get_rendition_or_not_found(sku.picture, "max-165x165").url


def add_row(page: ProductPage, asked: Asked) -> dict[str, Any]:
    """Make a variant of what was typed into an empty row: the whole row, or nothing of it."""
    forms = Forms(rights(asked.user, page), tax_choices())
    errors: Errors = {}
    if not forms.granted.every:
        errors[""] = [_("You may not add variants.")]
    elif page.product.skus.count() >= MOST_ROWS:
        errors[""] = [_("A product has at most %(count)d variants.") % {"count": MOST_ROWS}]
    form = forms.bound(None, asked, set(asked.typed))
    errors = errors or _check(form, page.product)
    errors = errors or _write(form, page.product, page, asked)
    if errors:
        return {"errors": _as_html(errors)}
    return _answer(form.instance.pk, forms, asked, {})


def _as_html(errors: Errors) -> Errors:
    """Some lead to another product by a link; what was typed is never one."""
    return {
        name: [str(conditional_escape(error)) for error in told] for name, told in errors.items()
    }


def _changed_by_others(now: VariantForm, asked: Asked) -> Errors:
    """Boxes that a colleague changed since they were shown, to something else than this editor.

    Stock is not among them: it is changed by differences, which all count.
    """
    errors: Errors = {}
    for name, typed in asked.typed.items():
        field = now.fields.get(name)
        if field is None or name == "on_hand" or name not in asked.shown:
            continue
        current = now.get_initial_for_field(field, name)
        if field.has_changed(current, asked.shown[name]) and field.has_changed(current, typed):
            message = _(
                "Somebody changed this to “%(value)s” meanwhile. Press Enter to save yours."
            )
            errors[name] = [message % {"value": values(now)[name]}]
    return errors


def _check(form: VariantForm, product: Product) -> Errors:
    form.full_clean()
    if form.instance.pk is None or {"code", *OPTIONS} & set(form.changed_data):
        others = Sku.objects.exclude(pk=form.instance.pk)
        codes.refuse_used([form], others, product)
        used = [name for name in OPTIONS if any(product.skus.values_list(name, flat=True))]
        named = used or [name for name in OPTIONS if form.cleaned_data.get(name)]
        codes.refuse_equal_options([form], others.filter(product=product), named)
    return dict(form.errors)


def _write(form: VariantForm, product: Product, page: ProductPage | None, asked: Asked) -> Errors:
    if not form.has_changed():
        return {}
    try:
        with transaction.atomic():
            changes = variants.save(
                [form],
                product,
                user=asked.user,
                token=asked.token,
                reason=asked.reason,
                note=asked.note,
            )
            if changes:
                log(page or product, LOG_ACTION, user=asked.user, data={"changes": changes})
    except OutOfStockError as error:
        left = Stock.objects.get(pk=error.sku.pk).on_hand
        return {"on_hand": [count_again(left)]}
    except IntegrityError:
        return {"code": [_("Somebody else saved at the same moment. Please try once more.")]}
    return {}
