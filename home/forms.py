"""The forms that editors put together: how a shopper fills them in, and what they refuse.

A form stands on a public page, which is the same for everybody and sets no cookie: it has no
token, and nobody's name in it.
"""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.contrib.forms.forms import BaseForm, FormBuilder

from orders.traps import trapped

# Of ``orders.traps``. No field that an editor adds can have this name, for theirs have no dash.
TRAP = "your-website"

LONGEST_LINE = 255
LONGEST_TEXT = 10_000
LONGEST_HIDDEN = 1_000
LONGEST_URL = 2_000
LONGEST_EMAIL = 254
MOST_DIGITS = 30


class _FirstInGroup:
    """A group of buttons whose first one is meant where the whole group is pointed to."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index or "0")  # type: ignore[misc]


class RadioButtons(_FirstInGroup, forms.RadioSelect):
    pass


class Checkboxes(_FirstInGroup, forms.CheckboxSelectMultiple):
    pass


def has_usual_year(moment: date) -> None:
    """Near either end of the calendar no other time zone can be reckoned."""
    if not 1000 <= moment.year <= 9998:
        raise ValidationError(forms.DateField.default_error_messages["invalid"], code="invalid")


class PageForm(BaseForm):
    def clean(self) -> dict[str, Any]:
        if self.data.get(TRAP):
            raise trapped()
        return super().clean()


class PageFormBuilder(FormBuilder):
    """Fields with limits, and with what phones need to show the right keyboard."""

    def get_form_class(self) -> type[PageForm]:
        return type("PageForm", (PageForm,), self.formfields)

    def create_singleline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.CharField(max_length=LONGEST_LINE, **options)

    def create_multiline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        widget = forms.Textarea(attrs={"rows": 6})
        return forms.CharField(max_length=LONGEST_TEXT, widget=widget, **options)

    def create_email_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        widget = forms.EmailInput(attrs={"autocomplete": "email"})
        return forms.EmailField(max_length=LONGEST_EMAIL, widget=widget, **options)

    def create_url_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return forms.URLField(max_length=LONGEST_URL, assume_scheme="https", **options)

    def create_number_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
        return forms.DecimalField(max_digits=MOST_DIGITS, widget=widget, **options)

    def create_date_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(widget=widget, validators=[has_usual_year], **options)

    def create_datetime_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        return forms.DateTimeField(widget=widget, validators=[has_usual_year], **options)

    def create_dropdown_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        choices = self.get_formatted_field_choices(field)
        if not field.default_value:
            # Else the first one would be the answer of whoever overlooks the field.
            choices = [("", _("Please choose")), *choices]
        return forms.ChoiceField(choices=choices, **options)

    def create_multiselect_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        options["initial"] = self.get_formatted_field_initial(field)
        return super().create_multiselect_field(field, options)

    def create_radio_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return super().create_radio_field(field, {**options, "widget": RadioButtons})

    def create_checkboxes_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return super().create_checkboxes_field(field, {**options, "widget": Checkboxes})

    def create_hidden_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        # Nobody could fill it in, so it is asked of nobody.
        options = {**options, "required": False, "widget": forms.HiddenInput}
        return forms.CharField(max_length=LONGEST_HIDDEN, **options)
