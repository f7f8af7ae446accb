"""Where merchants define attributes: what products can be asked, and what may be answered."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList

from catalog import answers
from catalog.models import Attribute, CollectionPage, ProductAttribute

# A message that names more answers than this is not read.
MOST_NAMED = 5


class AttributeForm(WagtailAdminModelForm):
    confirmed = forms.BooleanField(
        required=False, label=gettext_lazy("Save it all the same"), widget=forms.HiddenInput
    )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = Attribute.objects.filter(name__iexact=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(_("There already is an attribute of this name."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind is None or not self.formsets["choices"].is_valid():
            return cleaned
        choices = self._choices()
        self._refuse_twice(choices)
        if kind == answers.Kind.CHOICE and not choices:
            self.add_error("kind", _("Name at least one choice below."))
        self._remember_former_names(choices)
        if not self.errors and not cleaned.get("confirmed"):
            self._say_what_it_affects()
        return cleaned

    def _choices(self) -> list[forms.ModelForm]:
        formset = self.formsets["choices"]
        return [
            form
            for form in formset.forms
            if form not in formset.deleted_forms and form.cleaned_data.get("name")
        ]

    def _refuse_twice(self, choices: list[forms.ModelForm]) -> None:
        seen = set()
        for form in choices:
            form.instance.name = " ".join(form.cleaned_data["name"].split())
            name = form.instance.name.casefold()
            if name in seen:
                form.add_error("name", _("This choice is there already."))
                self.add_error(None, _("A choice is there twice."))
            seen.add(name)

    def _remember_former_names(self, choices: list[forms.ModelForm]) -> None:
        """A choice keeps the names it had, so that drafts written then are understood."""
        current = {form.instance.name.casefold() for form in choices}
        for form in choices:
            before = form.initial.get("name")
            kept = [*form.instance.former_names, *([before] if before else [])]
            form.instance.former_names = [
                name for name in dict.fromkeys(kept) if name.casefold() not in current
            ]

    def _say_what_it_affects(self) -> None:
        count, misfits = 0, []
        for value, products in _answers_of(self.instance):
            if self._respelled(value) is None:
                count += products
                misfits.append(f"“{value}”")
        if not count:
            return
        named = ", ".join(misfits[:MOST_NAMED]) + (", …" if len(misfits) > MOST_NAMED else "")
        message = ngettext(
            "%(count)d product has an answer that would not fit any more: %(answers)s. "
            "It keeps its answer until somebody edits it. "
            "If that is what you want, tick “Save it all the same” and save again.",
            "%(count)d products have answers that would not fit any more: %(answers)s. "
            "They keep their answers until somebody edits them. "
            "If that is what you want, tick “Save it all the same” and save again.",
            count,
        )
        self.fields["confirmed"].widget = forms.CheckboxInput()
        self.add_error("confirmed", message % {"count": count, "answers": named})

    def _respelled(self, value: str) -> str | None:
        """An answer as the attribute would keep it once saved; None if it would not fit."""
        choices = [(form.instance.name, form.instance.former_names) for form in self._choices()]
        cleaned = self.cleaned_data
        try:
            return answers.understood(
                value, cleaned["kind"], unit=cleaned.get("unit", ""), choices=choices
            )
        except ValidationError:
            return None

    @transaction.atomic
    def save(self, commit: bool = True) -> Attribute:
        """Save it, and write what was answered so far as it is written from now on."""
        attribute = super().save(commit)
        if commit:
            for value, _products in _answers_of(attribute):
                spelled = self._respelled(value)
                if spelled is not None and spelled != value:
                    rows = ProductAttribute.objects.filter(attribute=attribute, value=value)
                    rows.update(value=spelled, number=answers.number(spelled))
                    CollectionPage.objects.filter(
                        attribute=attribute, attribute_value=value
                    ).update(attribute_value=spelled)
        return attribute


def _answers_of(attribute: Attribute) -> list[tuple[str, int]]:
    """Each answer that products give now, and how many do."""
    if attribute.pk is None:
        return []
    rows = ProductAttribute.objects.filter(attribute=attribute).values_list("value")
    return list(rows.annotate(products=Count("page", distinct=True)).order_by("-products", "value"))


class ConfirmationPanel(FieldPanel):
    """A box to tick, which is there only once there is something to confirm."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            return super().is_shown() and not self.bound_field.is_hidden


EDIT_HANDLER = ObjectList(
    [
        ConfirmationPanel("confirmed"),
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("unit")]),
        InlinePanel(
            "choices",
            heading=gettext_lazy("Choices"),
            label=gettext_lazy("Choice"),
            panels=[FieldPanel("name")],
            help_text=gettext_lazy(
                "Only for the kind “choice”. Shoppers see them in this order. "
                "A choice that you rename is renamed in all products."
            ),
        ),
        FieldPanel("is_facet"),
    ],
    base_form_class=AttributeForm,
)
