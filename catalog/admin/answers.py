"""Fields for attributes and their answers, which fit the kind of attribute that is chosen.

Without JavaScript an answer is a line of text that is checked when it is saved. With it,
``static/admin/js/answers.js`` offers the choices and says what is expected.
"""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator, ModelChoiceIteratorValue
from django.utils.translation import gettext as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.admin.staticfiles import versioned_static

from catalog import answers

from .rows import RowsFormSet


class AttributeSelect(forms.Select):
    """All attributes; each option carries what may be answered to it.

    ``answer`` is the name of the field for the answer, in the same form.
    """

    def __init__(self, answer: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.attrs |= {
            "data-controller": "answer",
            "data-action": "answer#fit",
            "data-answer-field-value": answer,
        }

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if isinstance(value, ModelChoiceIteratorValue) and value:
            option["attrs"] |= {
                "data-help": _help(value.instance),
                "data-choices": json.dumps(_choices(value.instance)),
            }
        return option

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        if isinstance(self.choices, ModelChoiceIterator):
            self.choices.queryset = self.choices.queryset.prefetch_related("choices")
        return super().optgroups(name, value, attrs)

    @property
    def media(self) -> forms.Media:
        return forms.Media(js=[versioned_static("admin/js/answers.js")])


def _choices(attribute: Any) -> list[tuple[str, str]]:
    """What can be answered, as it is kept and as it is read; empty where anything may be."""
    if attribute.kind == answers.Kind.YES_NO:
        return [(value, attribute.shown(value)) for value in (answers.YES, answers.NO)]
    if attribute.kind == answers.Kind.CHOICE:
        return [(choice.name, choice.name) for choice in attribute.choices.all()]
    return []


def _help(attribute: Any) -> str:
    if attribute.kind == answers.Kind.NUMBER:
        if attribute.unit:
            return _("A number in %(unit)s, such as 12.5.") % {"unit": attribute.unit}
        return _("A number, such as 12.5.")
    return ""


class AnswersFormSet(RowsFormSet):
    """The answers of one product: at most one to each attribute."""

    def clean(self, *args: Any, **kwargs: Any) -> None:
        super().clean(*args, **kwargs)
        seen = set()
        for form in self.forms:
            attribute = getattr(form, "cleaned_data", {}).get("attribute")
            if attribute is None or form in self.deleted_forms:
                continue
            if attribute in seen:
                message = _("“%(name)s” is answered above already.") % {"name": attribute.name}
                form.add_error("attribute", ValidationError(message))
            seen.add(attribute)


class AnswersPanel(InlinePanel):
    """The attributes of a product with their answers."""

    def __init__(self, relation_name: str, **kwargs: Any) -> None:
        kwargs.setdefault(
            "panels",
            [
                FieldRowPanel(
                    [
                        FieldPanel("attribute", widget=AttributeSelect("value")),
                        FieldPanel("value"),
                    ]
                )
            ],
        )
        super().__init__(relation_name, **kwargs)

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = AnswersFormSet
        return options
