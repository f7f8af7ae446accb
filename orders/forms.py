from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from orders.models import Order

single_line = RegexValidator(r"^[^\x00-\x1f\x7f]*$", _("Please write this in one line."))

# WHATWG names, so that a browser or a phone can fill the form in.
AUTOCOMPLETE = {
    "first_name": "given-name",
    "last_name": "family-name",
    "email": "email",
    "address": "address-line1",
    "postal_code": "postal-code",
    "city": "address-level2",
    "country": "country",
}


class CheckoutForm(forms.ModelForm):
    """Who orders and where it goes; the hidden fields say which form it is and what it showed."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)

    class Meta:
        model = Order
        fields = list(AUTOCOMPLETE)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, token in AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = token
            if isinstance(self.fields[name], forms.CharField):
                self.fields[name].validators.append(single_line)
