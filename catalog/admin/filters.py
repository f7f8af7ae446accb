"""What the lists of the admin are narrowed down with."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

# A search is a few words; each one costs a condition.
MAX_WORDS = 8


class YesNoFilter(django_filters.ChoiceFilter):
    """Those of which something is so, those of which it is not, or all."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            empty_label=_("All"),
            widget=forms.RadioSelect,
            **kwargs,
        )
