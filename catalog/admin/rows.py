"""The rows of a page in its form: what they refer to is read together, not row by row."""

from typing import Any

from django import forms
from django.db.models import Model, prefetch_related_objects
from modelcluster.forms import BaseChildFormSet
from modelcluster.models import ClusterableModel, get_all_child_relations
from taggit.models import ItemBase
from wagtail.admin.panels import MultipleChooserPanel

# Of so many digits a number may be none that the database knows.
LONG = 10


def hold(page: ClusterableModel) -> None:
    """Read what belongs to the page once; formsets ask for it again and again."""
    for relation in get_all_child_relations(page):
        found = getattr(page, relation.get_accessor_name()).get_object_list()
        if issubclass(relation.related_model, ItemBase):
            # The field asks each row for its tag.
            prefetch_related_objects(found, "tag")


class RowsFormSet(BaseChildFormSet):
    """Takes what was chosen from one query for each field, and rows from those at hand."""

    def full_clean(self) -> None:
        if self.is_bound and self.forms:
            key = self.model._meta.pk.name
            rows = [form.instance for form in self.forms if form.instance.pk]
            self._answer_for(key, {str(row.pk): row for row in rows})
            for name, field in self.forms[0].fields.items():
                if type(field) is forms.ModelChoiceField and name != key:
                    self._answer_for(name, self._chosen(name, field))
        super().full_clean()

    def _chosen(self, name: str, field: forms.ModelChoiceField) -> dict[str, Model]:
        """What all rows together refer to by a field; what is no key is left to the field."""
        sent = {str(form[name].data) for form in self.forms if form[name].data}
        keys = [key for key in sent if key.isascii() and key.isdigit() and len(key) < LONG]
        by = field.to_field_name or "pk"
        found = field.queryset.filter(**{f"{by}__in": keys}) if keys else ()
        return {str(row.serializable_value(by)): row for row in found}

    def _answer_for(self, name: str, known: dict[str, Model]) -> None:
        for form in self.forms:
            if field := form.fields.get(name):
                # Each form has fields of its own.
                field.to_python = _Known(known, field.to_python)


class _Known:
    """Turns what was sent into a row: one that is known, or one that the field finds itself."""

    def __init__(self, known: dict[str, Model], find: Any) -> None:
        self._known, self._find = known, find

    def __call__(self, value: Any) -> Any:
        return self._known.get(str(value)) or self._find(value)


class ChosenPanel(MultipleChooserPanel):
    """Rows that were chosen together."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = RowsFormSet
        return options
