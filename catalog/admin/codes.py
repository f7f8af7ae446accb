"""Whose is a code, and which variant has these options: asked of all rows of a form together."""

from collections.abc import Callable, Iterable
from urllib.parse import quote

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

from catalog.models import Product, Sku

from .forms import OPTIONS, VariantForm


def refuse_used(forms: Iterable[VariantForm], others: QuerySet[Sku], product: Product) -> None:
    """Mark the forms whose code another SKU or an earlier form has."""
    rows = {form: form.cleaned_data.get("code") for form in forms}
    rows = {form: code for form, code in rows.items() if code}
    taken = Sku.objects.with_codes(rows.values()).filter(pk__in=others.values("pk"))
    used = {sku.code.lower(): used_by(sku, product) for sku in taken.select_related("product")}
    for form, code in rows.items():
        if message := used.get(code.lower()):
            form.add_error("code", message)
        used.setdefault(code.lower(), _("Another row of this form has this code."))


def refuse_equal_options(
    forms: Iterable[VariantForm], others: QuerySet[Sku], columns: Iterable[str]
) -> None:
    """Mark the forms whose options, as a whole, another variant of the product has."""
    used = {options(sku): sku.code for sku in others}
    columns = list(columns)
    for form in forms:
        own = options(form.instance)
        if own not in used:
            used[own] = form.instance.code
        elif columns:
            # At the one that was just written, where the editor looks.
            written = [name for name in columns if name in form.changed_data]
            message = _("%(code)s already has these options.") % {"code": used[own]}
            form.add_error((written or columns)[0], message)
        else:
            message = _(
                "The product already has a variant, %(code)s. To have several, "
                "first give the page an option, such as Size."
            )
            form.add_error("code", message % {"code": used[own]})


def options(sku: Sku) -> tuple[str, ...]:
    """Its option values as the database compares them."""
    return tuple(getattr(sku, name).lower() for name in OPTIONS)


def used_by(sku: Sku, product: Product | None) -> SafeString | str:
    """Say which product has the code, with the way to it."""
    if product is not None and sku.product_id == product.pk:
        return _("This product has this code already; somebody just added it. Load the page again.")
    page = sku.product.pages.first()
    if page is None:
        return format_html(
            _("This code belongs to {}. Choose another, or delete that product for good."),
            format_html(
                '<a href="{}?q={}">{}</a>',
                reverse("catalog_pageless"),
                quote(sku.code),
                _("a product whose page was deleted"),
            ),
        )
    return format_html(
        _("{} already has this code."),
        format_html(
            '<a href="{}">{}</a>', reverse("catalog_variants", args=[page.pk]), page.draft_title
        ),
    )


def beginning(product: Product, slug: str) -> str:
    """With what the codes of the product's new variants begin: as the others', or its address."""
    stems = sorted({_stem(sku.code, sku.option_values) for sku in product.skus.all()})
    if len(stems) == 1:
        return stems[0]
    # Whole parts only: MUG-RED and MUG-ROSE share MUG, not MUG-R.
    shared = []
    for parts in zip(*(stem.split("-") for stem in stems), strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return "-".join(shared) or slug.upper()[:40]


def _stem(code: str, values: list[str]) -> str:
    """The code without the option values at its end: TEE of TEE-L-BLUE."""
    end = "".join(f"-{_short(value)}" for value in values)
    return code[: -len(end)] if end and code.upper().endswith(end) else code


def suggest(beginning: str, values: Iterable[str], is_free: Callable[[str], bool]) -> str:
    """A code for a variant with these option values, at most 64 characters long."""
    longest = Sku._meta.get_field("code").max_length
    whole = "-".join(filter(None, [beginning, *map(_short, values)]))
    code, number = whole[:longest].rstrip(" -"), 1
    while not is_free(code):
        number += 1
        end = f"-{number}"
        code = whole[: longest - len(end)].rstrip(" -") + end
    return code


def _short(value: str) -> str:
    return slugify(value, allow_unicode=True).upper()


class FreeCodes:
    """Hands out each code once: what SKUs have, and what was handed out, is not free."""

    def __init__(self, beginning: str) -> None:
        # Every code that is asked for begins so, whatever number it then gets.
        found = Sku.objects.filter(code__istartswith=beginning).values_list("code", flat=True)
        self.taken = {code.lower() for code in found}

    def take(self, code: str) -> bool:
        if code.lower() in self.taken:
            return False
        self.taken.add(code.lower())
        return True
