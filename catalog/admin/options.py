"""The options of a product, each named once: two of one name cannot be told apart in a grid."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.panels import InlinePanel

from .rows import RowsFormSet


class OptionsFormSet(RowsFormSet):
    def clean(self, *args: Any, **kwargs: Any) -> None:
        super().clean(*args, **kwargs)
        seen = set()
        for form in self.forms:
            name = getattr(form, "cleaned_data", {}).get("name")
            if not name or form in self.deleted_forms:
                continue
            if name.strip().casefold() in seen:
                message = _("“%(value)s” is there twice.") % {"value": name}
                form.add_error("name", ValidationError(message))
            seen.add(name.strip().casefold())


class OptionsPanel(InlinePanel):
    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = OptionsFormSet
        return options
