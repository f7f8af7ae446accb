"""Fields for money and counts: plain text boxes that take what people write and refuse the rest."""

import re
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.money import DECIMAL_PLACES, MAX_DIGITS, quantize

# Far above any warehouse, and far enough below what the column holds that no sum of two overflows.
MOST = 999_999_999


class MoneyField(forms.DecimalField):
    """Digits with a point; Python would also take "1e9", "1_0" and "sNaN" for numbers."""

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str) and not re.fullmatch(r"\s*(-?[0-9]+(\.[0-9]*)?)?\s*", value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def money_field(label: str, below_zero: str) -> MoneyField:
    """An amount in the shop's currency, which may be left empty."""
    places = get_currency_precision(settings.SHOP_CURRENCY)
    too_large = _("This is too large.")
    return MoneyField(
        label=label,
        required=False,
        min_value=Decimal(0),
        max_digits=MAX_DIGITS - DECIMAL_PLACES + places,
        decimal_places=places,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Write a number with a point, such as %(example)s.")
            % {"example": quantize(Decimal("12.5"), settings.SHOP_CURRENCY)},
            "min_value": below_zero,
            "max_digits": too_large,
            "max_whole_digits": too_large,
        },
    )


def in_shop_currency(amount: Decimal | None) -> Decimal | None:
    """The amount with as many digits after the point as the currency has."""
    return None if amount is None else quantize(amount, settings.SHOP_CURRENCY)


class CountField(forms.IntegerField):
    def to_python(self, value: Any) -> int | None:
        # int() would also take "1_0", and digits that no keyboard of an editor has.
        if isinstance(value, str) and not re.fullmatch(r"\s*(-?[0-9]+)?\s*", value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def count_field(label: str, below_zero: str, **options: Any) -> CountField:
    """A whole number from 0 on."""
    return CountField(
        label=label,
        min_value=0,
        max_value=MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": gettext_lazy("Write a whole number."),
            "min_value": below_zero,
            "max_value": gettext_lazy("This is too large."),
            "required": gettext_lazy("Write how many are on hand, 0 if none."),
        },
        **options,
    )
