"""A field that no person sees; programs that fill in forms do not leave it empty.

It is said aloud: a browser that fills in too much must not cost anybody their words, nor let
them wait for a mail that never comes. The field comes back empty, so sending once more works.
"""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class TrapForm(forms.Form):
    """Forms that anybody may send begin with it."""

    website = forms.CharField(required=False)

    # The field at which it is said; none where the form shows what concerns the whole of it.
    said_at: ClassVar[str | None] = None

    def clean(self) -> Any:
        values = super().clean()
        if self.cleaned_data.get("website"):
            self.add_error(self.said_at, trapped())
        return values


def trapped() -> ValidationError:
    sentence = _("This looked as if a program had filled it in. Please send it once more.")
    return ValidationError(sentence, code="trapped")
