"""The form of one variant: its code, options, prices and stock. A row of every grid."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Picture, Sku, Stock, TaxClass

from .fields import MOST, count_field, in_shop_currency, money_field
from .rights import Rights

OPTIONS = ("option1", "option2", "option3")
# The order in which a row shows them; options stand behind the code.
ORDER = (
    "code",
    *OPTIONS,
    "price",
    "compare_at",
    "cost",
    "on_hand",
    "low_at",
    "when_sold_out",
    "back_order_text",
    "weight",
    "barcode",
    "tax_class",
    "picture",
    "is_active",
)
# What one of them says can be wrong beside another.
PRICE_GROUP = frozenset({"price", "compare_at", "is_active"})


class PictureInput(forms.HiddenInput):
    """Carries a picture's number; the row shows the picture and a button to choose another."""

    # It stands in a cell of its own, among the visible fields.
    is_hidden = False

    def __init__(self, attrs: Mapping[str, str] | None = None) -> None:
        super().__init__({"data-picture": "", **(attrs or {})})


def tax_choices() -> list[tuple[Any, str]]:
    """Read once for all rows of a grid."""
    return [("", _("standard")), *TaxClass.objects.values_list("pk", "name")]


class VariantForm(forms.ModelForm):
    """A SKU read ``with_facts()``, with its prices and stock as the fields of one form.

    Others change what it shows while it is open: shops sell, colleagues reprice. So it
    carries what it showed, and only what this editor changed is written. ``columns``
    names the options that can be filled in; what ``rights`` does not allow is shown only.
    """

    code = forms.CharField(
        label=gettext_lazy("SKU code"),
        widget=forms.TextInput(
            attrs={"maxlength": Sku._meta.get_field("code").max_length, "autocomplete": "off"}
        ),
        validators=Sku._meta.get_field("code").validators,
        error_messages={"required": gettext_lazy("Give this variant a code.")},
    )
    on_hand = count_field(
        gettext_lazy("On hand"), gettext_lazy("Stock cannot be below zero."), initial=0
    )
    low_at = count_field(
        gettext_lazy("Low at"), gettext_lazy("Stock cannot be below zero."), required=False
    )
    when_sold_out = forms.ChoiceField(
        label=gettext_lazy("When sold out"),
        choices=Stock.WhenSoldOut.choices,
        initial=Stock.WhenSoldOut.STOP,
    )
    back_order_text = forms.CharField(
        label=gettext_lazy("Text on back order"),
        required=False,
        max_length=Stock._meta.get_field("back_order_text").max_length,
    )
    weight = count_field(
        gettext_lazy("Weight (g)"),
        gettext_lazy("A weight cannot be below zero."),
        initial=0,
        required=False,
    )
    tax_class = forms.TypedChoiceField(
        label=gettext_lazy("Tax class"), required=False, coerce=int, empty_value=None
    )
    picture = forms.IntegerField(label=gettext_lazy("Picture"), required=False, widget=PictureInput)

    class Meta:
        model = Sku
        fields = ["code", "option1", "option2", "option3", "weight", "barcode", "is_active"]
        labels = {"barcode": gettext_lazy("Barcode")}

    def __init__(
        self,
        *args: Any,
        columns: Mapping[str, str],
        rights: Rights,
        tax_classes: Sequence[tuple[Any, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in OPTIONS:
            if name in columns:
                self.fields[name].label = columns[name]
            else:
                del self.fields[name]
        self._add_money(rights)
        self.fields["is_active"].label = _("On sale")
        self.fields["tax_class"].choices = tax_choices() if tax_classes is None else tax_classes
        for name, field in self.fields.items():
            field.show_hidden_initial = True
            field.disabled = not rights.allow(name)
        self.order_fields(ORDER)
        if self.instance.pk:
            self.initial.update(facts(self.instance))

    def _add_money(self, rights: Rights) -> None:
        below_zero = _("A price cannot be below zero.")
        self.fields["price"] = money_field(
            _("Price (%(currency)s)") % {"currency": settings.SHOP_CURRENCY}, below_zero
        )
        self.fields["compare_at"] = money_field(_("Earlier price"), below_zero)
        if rights.cost:
            self.fields["cost"] = money_field(_("Cost"), _("A cost cannot be below zero."))

    def cells(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name in ORDER]

    def remembered(self) -> SafeString:
        """The hidden fields that carry what the form showed."""
        names = (name for name in ORDER if name in self.fields)
        hidden = (self[name].as_hidden(only_initial=True) for name in names)
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

    def clean_picture(self) -> int | None:
        number = self.cleaned_data["picture"]
        if (
            number is not None
            and number != self.instance.picture_id
            and not Picture.objects.filter(pk=number).exists()
        ):
            raise forms.ValidationError(_("This picture is gone. Choose another."))
        return number

    def _get_validation_exclusions(self) -> set[str]:
        # Whether a code is free only the whole grid knows, since rows may exchange theirs;
        # the field above has all the other rules of a code.
        return {*super()._get_validation_exclusions(), "code"}

    def clean(self) -> None:
        if self.instance.pk and not PRICE_GROUP & set(self.changed_data):
            return
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

    def _post_clean(self) -> None:
        super()._post_clean()
        values = self.cleaned_data
        self.instance.tax_class_id = values.get("tax_class", self.instance.tax_class_id)
        self.instance.picture_id = values.get("picture", self.instance.picture_id)
        self.instance.cost = values.get("cost", self.instance.cost)


def facts(sku: Sku) -> dict[str, Any]:
    """What the form shows of a SKU beside its own columns."""
    stock = getattr(sku, "stock", None) or Stock(sku=sku)
    price = sku.price
    return {
        "price": in_shop_currency(price.amount) if price else None,
        "compare_at": in_shop_currency(price.compare_at) if price else None,
        "cost": in_shop_currency(sku.cost),
        "on_hand": stock.on_hand,
        "low_at": stock.low_at,
        "when_sold_out": stock.when_sold_out,
        "back_order_text": stock.back_order_text,
        "tax_class": sku.tax_class_id,
        "picture": sku.picture_id,
    }
