from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cart.cart import MAX_QUANTITY

OUT_OF_RANGE = format_lazy(_("Choose a quantity from 1 to {most}."), most=MAX_QUANTITY)


class QuantityForm(forms.Form):
    code = forms.CharField(max_length=64)
    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=MAX_QUANTITY,
        initial=1,
        error_messages={
            "min_value": OUT_OF_RANGE,
            "max_value": OUT_OF_RANGE,
            "invalid": _("A quantity is a whole number."),
            "required": _("Choose a quantity."),
        },
    )
