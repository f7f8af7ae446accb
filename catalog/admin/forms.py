"""The form in which a merchandiser keeps a product's variants, prices and stock: a row for each."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Lower
from django.forms import BaseModelFormSet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.formsets import BaseFormSetMixin

from catalog.models import Product, Sku, Stock
from catalog.money import DECIMAL_PLACES, MAX_DIGITS, quantize

EXTRA_ROWS = 3
# With 23 fields in a row, about as many as DATA_UPLOAD_MAX_NUMBER_FIELDS lets through.
MOST_ROWS = 400
# Far above any warehouse, and far enough below what the column holds that no sum of two overflows.
MOST = 999_999_999

# What others change while the form is open: shops sell, colleagues reprice. Of these only what
# this editor changed is written, so the form carries what it showed.
REMEMBERED = (
    "code",
    "option1",
    "option2",
    "option3",
    "price",
    "compare_at",
    "on_hand",
    "when_sold_out",
    "weight",
    "barcode",
    "is_active",
)


class MoneyField(forms.DecimalField):
    """Digits with a point; Python would also take "1e9", "1_0" and "sNaN" for numbers."""

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str) and not re.fullmatch(r"\s*(-?[0-9]+(\.[0-9]*)?)?\s*", value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def _money_field(label: str, below_zero: str) -> MoneyField:
    places = get_currency_precision(settings.SHOP_CURRENCY)
    too_large = _("This is too large.")
    return MoneyField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_digits=MAX_DIGITS - DECIMAL_PLACES + places,
        decimal_places=places,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "invalid": _("Write a number with a point, such as %(example)s.")
            % {"example": quantize(Decimal("12.5"), settings.SHOP_CURRENCY)},
            "min_value": below_zero,
            "max_digits": too_large,
            "max_whole_digits": too_large,
        },
    )


def _count_field(label: str, below_zero: str, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": gettext_lazy("Write a whole number."),
            "min_value": below_zero,
            "max_value": gettext_lazy("This is too large."),
            "required": gettext_lazy("Write how many are on hand, 0 if none."),
        },
        **options,
    )


class VariantForm(forms.ModelForm):
    code = forms.CharField(
        label=gettext_lazy("SKU code"),
        widget=forms.TextInput(attrs={"maxlength": Sku._meta.get_field("code").max_length}),
        validators=Sku._meta.get_field("code").validators,
        error_messages={"required": gettext_lazy("Give this variant a code.")},
    )
    on_hand = _count_field(
        gettext_lazy("On hand"), gettext_lazy("Stock cannot be below zero."), initial=0
    )
    when_sold_out = forms.ChoiceField(
        label=gettext_lazy("When sold out"),
        choices=Stock.WhenSoldOut.choices,
        initial=Stock.WhenSoldOut.STOP,
    )
    weight = _count_field(
        gettext_lazy("Weight (g)"),
        gettext_lazy("A weight cannot be below zero."),
        initial=0,
        required=False,
    )

    class Meta:
        model = Sku
        fields = ["code", "option1", "option2", "option3", "weight", "barcode", "is_active"]
        labels = {"barcode": gettext_lazy("Barcode")}

    def __init__(self, *args: Any, columns: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("option1", "option2", "option3"):
            if name in columns:
                self.fields[name].label = columns[name]
            else:
                del self.fields[name]
        below_zero = _("A price cannot be below zero.")
        self.fields["price"] = _money_field(
            _("Price (%(currency)s)") % {"currency": settings.SHOP_CURRENCY}, below_zero
        )
        self.fields["compare_at"] = _money_field(_("Earlier price"), below_zero)
        self.fields["is_active"].label = _("On sale")
        for name in self.remembered_fields():
            self.fields[name].show_hidden_initial = True
        self.order_fields(
            ["code", *columns, "price", "compare_at", "on_hand", "when_sold_out", "weight"]
        )
        if self.instance.pk:
            self.initial.update(_facts(self.instance))

    def remembered_fields(self) -> list[str]:
        return [name for name in REMEMBERED if name in self.fields]

    def cells(self) -> list[forms.BoundField]:
        return self.visible_fields()

    def remembered(self) -> SafeString:
        """The hidden fields that carry what the form showed."""
        hidden = (self[name].as_hidden(only_initial=True) for name in self.remembered_fields())
        return mark_safe("".join(hidden))  # noqa: S308

    @property
    def is_left_empty(self) -> bool:
        return not self.instance.pk and not self.has_changed()

    def on_hand_shown(self) -> int:
        """The number the editor saw when writing another one."""
        field = self.fields["on_hand"]
        try:
            shown = field.to_python(self.data.get(self["on_hand"].html_initial_name))
        except forms.ValidationError:
            shown = None
        if shown is not None and not 0 <= shown <= MOST:
            shown = None
        return self.get_initial_for_field(field, "on_hand") if shown is None else shown

    def clean_weight(self) -> int:
        return self.cleaned_data["weight"] or 0

    def _get_validation_exclusions(self) -> set[str]:
        # Whether a code is free only the formset knows, since rows may exchange theirs;
        # the field above has all the other rules of a code.
        return {*super()._get_validation_exclusions(), "code"}

    def clean(self) -> None:
        price = self.cleaned_data.get("price")
        compare_at = self.cleaned_data.get("compare_at")
        if price is None and "price" not in self.errors:
            if self.cleaned_data.get("is_active"):
                self.add_error("price", _("Give a price, or untick “On sale”."))
            elif compare_at is not None:
                self.add_error("price", _("Give the price now as well."))
        elif price is not None and compare_at is not None and compare_at <= price:
            message = _("Must be above the price. Leave it empty if there is no reduction.")
            self.add_error("compare_at", message)


def _facts(sku: Sku) -> dict[str, Any]:
    """Price and stock of a SKU read ``with_prices()``, as its row shows them."""
    stock = getattr(sku, "stock", None) or Stock(sku=sku)
    price = sku.price

    def shown(amount: Decimal | None) -> Decimal | None:
        return None if amount is None else quantize(amount, settings.SHOP_CURRENCY)

    return {
        "price": shown(price.amount) if price else None,
        "compare_at": shown(price.compare_at) if price else None,
        "on_hand": stock.on_hand,
        "when_sold_out": stock.when_sold_out,
    }


class BaseVariantFormSet(BaseFormSetMixin, BaseModelFormSet):
    """All variants of a product, those not on sale too, and a few empty rows."""

    def __init__(
        self, *args: Any, product: Product, columns: Mapping[str, str], **kwargs: Any
    ) -> None:
        skus = product.skus.with_facts()
        super().__init__(*args, queryset=skus, form_kwargs={"columns": columns}, **kwargs)
        self.product = product
        self.columns = columns
        if not columns:
            # Without options there is nothing by which two variants could differ.
            self.extra = 0 if self.get_queryset() else 1

    def filled(self) -> Iterator[VariantForm]:
        return (form for form in self.forms if not form.is_left_empty)

    def clean(self) -> None:
        # Not super().clean(): rows are compared here, without regard to case.
        shown = [form.instance.pk for form in self.forms if form.instance.pk]
        others = Sku.objects.exclude(pk__in=shown)
        self._refuse_used_codes(others)
        self._refuse_equal_options(others)

    def _refuse_used_codes(self, others: Any) -> None:
        rows = {form: form.cleaned_data.get("code") for form in self.filled()}
        rows = {form: code for form, code in rows.items() if code}
        # Lowered by the database, as its constraint does it.
        wanted = [Lower(Value(code)) for code in rows.values()]
        taken = others.alias(lowered=Lower("code")).filter(lowered__in=wanted)
        used = {sku.code.lower(): _used_by(sku, self.product) for sku in taken}
        for form, code in rows.items():
            if message := used.get(code.lower()):
                form.add_error("code", message)
            used.setdefault(code.lower(), _("Another row of this form has this code."))

    def _refuse_equal_options(self, others: Any) -> None:
        used = {_options(sku): sku.code for sku in others.filter(product=self.product)}
        for form in self.filled():
            options = _options(form.instance)
            if options not in used:
                used[options] = form.instance.code
            elif self.columns:
                message = _("%(code)s already has these options.") % {"code": used[options]}
                form.add_error(next(iter(self.columns)), message)
            else:
                message = _(
                    "The product already has a variant, %(code)s. To have several, "
                    "first give the page an option, such as Size."
                )
                form.add_error("code", message % {"code": used[options]})


def _options(sku: Sku) -> tuple[str, ...]:
    return (sku.option1.lower(), sku.option2.lower(), sku.option3.lower())


def _used_by(sku: Sku, product: Product) -> str:
    """Say which product has the code, with the way to it."""
    if sku.product_id == product.pk:
        return _("This product has this code already; somebody just added it. Load the page again.")
    page = sku.product.pages.first()
    if page is None:
        return _("This code belongs to a product whose page was deleted. Choose another.")
    return format_html(
        _("{} already has this code."),
        format_html(
            '<a href="{}">{}</a>', reverse("catalog_variants", args=[page.pk]), page.draft_title
        ),
    )


VariantFormSet = forms.modelformset_factory(
    Sku,
    form=VariantForm,
    formset=BaseVariantFormSet,
    extra=EXTRA_ROWS,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS,
)
