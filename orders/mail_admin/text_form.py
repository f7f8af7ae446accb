"""The form in which a merchant writes the words of a mail."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.mails import filling
from orders.mails.kinds import MailKind
from orders.mails.texts import PARTS, Words
from orders.models import MailText


class MailTextForm(forms.ModelForm):
    """Nothing in braces passes but the words that this kind of mail knows."""

    class Meta:
        model = MailText
        fields = PARTS
        widgets = {
            "text": forms.Textarea(attrs={"rows": 8}),
            "closing": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, kind: MailKind, may_change: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in PARTS:
            self.fields[name].disabled = not may_change

    def _clean_part(self, name: str) -> str:
        text = self.cleaned_data[name]
        if wrong := filling.unknown(text, self.kind.words):
            message = ngettext(
                "%(wrong)s is none of the words that this mail knows: %(known)s",
                "%(wrong)s are none of the words that this mail knows: %(known)s",
                len(wrong),
            )
            known = ", ".join(f"{{{word}}}" for word in self.kind.words)
            raise ValidationError(message % {"wrong": ", ".join(wrong), "known": known})
        return text

    def clean_subject(self) -> str:
        return filling.one_line(self._clean_part("subject"))

    def clean_heading(self) -> str:
        return filling.one_line(self._clean_part("heading"))

    def clean_text(self) -> str:
        return self._clean_part("text")

    def clean_closing(self) -> str:
        return self._clean_part("closing")

    @property
    def words(self) -> Words:
        return Words(*(self.cleaned_data[part] for part in PARTS))

    @property
    def problems(self) -> str:
        """All that is wrong, for a preview that cannot show the fields."""
        lines = [
            f"{self.fields[name].label}: {error}" if name in self.fields else str(error)
            for name, errors in self.errors.items()
            for error in errors
        ]
        return "\n".join([_("This cannot be sent as it is:"), *lines])
