"""The checkout's forms: who orders, where it goes, how it is sent and paid."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from orders import addresses, shipping
from orders.models import AddressFields, InvoiceAddress, Order, OrderSettings, ShippingMethod
from orders.payments.base import Gateway

single_line = RegexValidator(r"^[^\x00-\x1f\x7f]*$", _("Please write this in one line."))
no_control = RegexValidator(
    r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$", _("Please leave out control characters.")
)

# WHATWG names, so that a browser or a phone can fill the form in.
AUTOCOMPLETE = {
    "first_name": "given-name",
    "last_name": "family-name",
    "company": "organization",
    "email": "email",
    "address": "address-line1",
    "address_2": "address-line2",
    "postal_code": "postal-code",
    "city": "address-level2",
    "region": "address-level1",
    "country": "country",
    "phone": "tel",
}


class QuickSelect(forms.Select):
    """A choice among hundreds, written at once: Django renders a template for each of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> str:
        context = self.get_context(name, None, attrs)["widget"]
        chosen = str(value or "")
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (code, mark_safe(" selected") if str(code) == chosen else "", label)
                for code, label in self.choices
            ),
        )
        shown = {"name": name} | {
            key: value for key, value in context["attrs"].items() if value is not False
        }
        return format_html("<select{}>{}</select>", flatatt(shown), options)


class AddressForm(forms.ModelForm):
    """An address, checked by the rules of its country."""

    # What the browser shall fill in: "shipping" or "billing" (WHATWG).
    purpose = "shipping"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.fields["country"]
        choices = self.countries() or list(country.choices)
        country.widget = QuickSelect(attrs=country.widget.attrs)
        # A list would be gone through three times, whether it is shown or not.
        country.choices = lambda: choices
        if "postal_code" in self.fields:
            # Whether it may be left out depends on the country.
            self.fields["postal_code"].is_often_needed = True
        for name, token in AUTOCOMPLETE.items():
            field = self.fields.get(name)
            if field is None:
                continue
            is_place = name not in {"email", "phone"}
            field.widget.attrs["autocomplete"] = f"{self.purpose} {token}" if is_place else token
            if isinstance(field, forms.CharField):
                field.validators.append(single_line)

    def countries(self) -> list[tuple[str, str]]:
        """The countries to choose from, where they are not all there are."""
        return []

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if country := values.get("country"):
            typed = {name: values.get(name, "") for name in AddressFields.FIELDS}
            for name, message in addresses.check(**typed | {"country": str(country)}).items():
                if name in self.fields and name not in self.errors:
                    self.add_error(name, message)
            if "postal_code" in values:
                values["postal_code"] = addresses.clean_postal_code(
                    str(country), values["postal_code"]
                )
        return values


class CheckoutForm(AddressForm):
    """The whole checkout; the hidden fields say which form it is and what it showed."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    method = forms.TypedChoiceField(
        label=_("Shipping"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    payment = forms.ChoiceField(label=_("Payment"), required=False, widget=forms.RadioSelect)
    coupon = forms.CharField(label=_("Coupon"), max_length=40, required=False)
    other_invoice = forms.BooleanField(
        label=_("The invoice goes to another address"), required=False
    )
    keep_address = forms.BooleanField(label=_("Keep this address for next time"), required=False)

    class Meta:
        model = Order
        fields = ["email", *AddressFields.FIELDS, "message"]
        widgets = {"message": forms.Textarea(attrs={"rows": 3})}

    def __init__(
        self,
        *args: Any,
        methods: Iterable[ShippingMethod] = (),
        gateways: Iterable[Gateway] = (),
        rules: OrderSettings | None = None,
        **kwargs: Any,
    ) -> None:
        self.rules = rules
        super().__init__(*args, **kwargs)
        self.fields["message"].validators.append(no_control)
        # Of the country that was chosen: checkout_choices.html.
        self.fields["region"].widget.attrs["list"] = "regions"
        self.fields["coupon"].widget.attrs["autocomplete"] = "off"
        self.fields["coupon"].validators.append(single_line)
        self.offer(methods, gateways)

    def countries(self) -> list[tuple[str, str]]:
        return [("", _("Choose a country")), *shipping.countries(self.rules)]

    def offer(self, methods: Iterable[ShippingMethod], gateways: Iterable[Gateway]) -> None:
        """Let the shopper choose among these; what was chosen and is gone counts as not chosen."""
        self.fields["method"].choices = [(method.pk, method.name) for method in methods]
        self.fields["payment"].choices = [(one.slug, one.label) for one in gateways]


class InvoiceAddressForm(AddressForm):
    purpose = "billing"

    class Meta:
        model = InvoiceAddress
        fields = list(AddressFields.FIELDS)
