"""Grids of variants, whose rows are saved one by one: what they show, and to whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Product, ProductPage, Sku, StockMovement, StockState

from .forms import OPTIONS, ORDER, VariantForm, tax_choices
from .rights import Rights, rights

LOG_ACTION = "catalog.variants.edit"
ROWS_PER_PAGE = 50
# Why stock is changed by hand; orders and imports say so themselves.
Reason = StockMovement.Reason
REASONS = [Reason.ADJUSTMENT, Reason.RECEIVED, Reason.COUNTED, Reason.RETURNED, Reason.DAMAGED]
# No form has this id, so what belongs to it is never sent with the page around the grid.
FORM_ID = "variant-grid"
# Columns that can be hidden together.
GROUPS = {
    "price": "prices",
    "compare_at": "prices",
    "cost": "prices",
    "on_hand": "stock",
    "low_at": "stock",
    "when_sold_out": "back_order",
    "back_order_text": "back_order",
    "weight": "details",
    "barcode": "details",
    "tax_class": "details",
}


@dataclass(frozen=True)
class Row:
    """A line of a grid; one without a SKU is there to become one."""

    sku: Sku | None
    page: ProductPage | None
    form: VariantForm
    columns: Sequence[str]
    address: str = ""

    def cells(self) -> list[tuple[forms.BoundField, str]]:
        return [(self.form[name], GROUPS.get(name, "")) for name in self.columns]

    @property
    def state(self) -> StockState | None:
        if self.sku is None:
            return None
        return StockState(self.sku.stock_state)


def groups() -> list[tuple[str, str, bool]]:
    """The groups of columns of a product's own grid, and whether they are shown at first."""
    return [
        ("prices", _("Prices"), True),
        ("stock", _("Stock"), True),
        ("back_order", _("When sold out"), False),
        ("details", _("Details"), False),
    ]


def reasons() -> list[tuple[str, str]]:
    return [(reason.value, str(reason.label)) for reason in REASONS]


def asked_reason(data: Mapping[str, Any]) -> tuple[str, str]:
    """Why stock is changed, and the note to it, as a form or a grid says."""
    reason, note = data.get("reason"), data.get("note")
    known = reason if reason in REASONS else Reason.ADJUSTMENT
    return str(known), str(note or "").strip()[:255]


def option_columns(story: ProductPage, product: Product) -> dict[str, str]:
    """The options to fill in, headed as the page's latest draft names them.

    One that has values but no name is shown too: hidden, nobody could take them away.
    """
    names = dict(enumerate(story.option_names, 1))
    rows = list(product.skus.values_list(*OPTIONS))
    return {
        field: names.get(number) or _("Option %(number)d") % {"number": number}
        for number, field in enumerate(OPTIONS, 1)
        if number in names or any(row[number - 1] for row in rows)
    }


def count_again(left: int) -> str:
    """What to say where sales have overtaken a count."""
    message = ngettext(
        "Some were sold meanwhile and %(count)d is left. Please write how many are on hand now.",
        "Some were sold meanwhile and %(count)d are left. Please write how many are on hand now.",
        left,
    )
    return message % {"count": left}


def main_pages(product_ids: Iterable[int]) -> dict[int, ProductPage]:
    """For each product the page on which its facts are edited and logged: no alias, the oldest."""
    pages = ProductPage.objects.filter(product__in=set(product_ids), alias_of__isnull=True)
    found: dict[int, ProductPage] = {}
    for page in pages.order_by("pk"):
        found.setdefault(page.product_id, page)
    return found


def readable(skus: Any) -> Any:
    """Read with SKUs all that a grid shows of them."""
    return (
        skus.with_facts()
        .with_stock_state()
        .select_related("picture", "product")
        .prefetch_related("picture__renditions")
    )


def rows(
    skus: Iterable[Sku], user: Any, columns: Sequence[str], options: Mapping[str, str]
) -> list[Row]:
    """Rows for SKUs that were read ``readable``; ``options`` names those that can be edited."""
    known = list(skus)
    pages = main_pages(sku.product_id for sku in known)
    classes = tax_choices()
    granted = {product: rights(user, page) for product, page in pages.items()}
    nobodys = rights(user, None)
    addresses = {product: _address(page, user) for product, page in pages.items()}
    return [
        Row(
            sku,
            pages.get(sku.product_id),
            row_form(sku, granted.get(sku.product_id, nobodys), options, classes),
            columns,
            addresses.get(sku.product_id, ""),
        )
        for sku in known
    ]


def _address(page: ProductPage, user: Any) -> str:
    """Where a row leads to: its page's editor, or its stock's history for who may not edit."""
    # can_edit() would look up the workflow of each page.
    may_edit = user.is_superuser or "change" in page.permissions_for_user(user).permissions
    name = "wagtailadmin_pages:edit" if may_edit else "catalog_movements"
    return reverse(name, args=[page.pk])


def row_form(
    sku: Sku | None,
    granted: Rights,
    options: Mapping[str, str],
    classes: Sequence[tuple[Any, str]],
    data: Mapping[str, Any] | None = None,
) -> VariantForm:
    """The form of one row; its boxes belong to no form of the page they stand in."""
    form = VariantForm(
        data,
        instance=sku,
        columns=options,
        rights=granted,
        tax_classes=classes,
        prefix=f"sku-{sku.pk}" if sku else "sku-new",
    )
    for name, field in form.fields.items():
        label = f"{field.label}: {sku.code}" if sku else str(field.label)
        # The browser's own memory of it would be sent with the page around the grid.
        field.show_hidden_initial = data is not None
        field.widget.attrs |= {"form": FORM_ID, "data-name": name, "aria-label": label}
    return form


def shown_columns(granted: Rights, options: Mapping[str, str]) -> list[str]:
    """The columns of a product's own grid, in their order."""
    hidden = set(OPTIONS) - set(options) | (set() if granted.cost else {"cost"})
    return ["picture", *(name for name in ORDER if name not in {*hidden, "picture"})]


def values(form: VariantForm) -> dict[str, Any]:
    """What the boxes of an unbound form show, as a browser holds it."""
    shown = {}
    for name in ORDER:
        if name in form.fields:
            value = form[name].value()
            shown[name] = value if isinstance(value, bool) else "" if value is None else str(value)
    return shown
