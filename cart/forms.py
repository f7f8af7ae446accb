from django import forms
from django.utils.translation import gettext_lazy as _

from cart.cart import MAX_QUANTITY


class QuantityForm(forms.Form):
    code = forms.CharField(max_length=64)
    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=MAX_QUANTITY,
        initial=1,
        error_messages={
            "min_value": _("Choose a quantity from 1 to %(max)d.") % {"max": MAX_QUANTITY},
            "max_value": _("Choose a quantity from 1 to %(max)d.") % {"max": MAX_QUANTITY},
            "invalid": _("A quantity is a whole number."),
            "required": _("Choose a quantity."),
        },
    )
