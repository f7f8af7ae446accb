"""Attributes and products' answers to them: found by name, or made as a text."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from catalog import answers
from catalog.models import Attribute, AttributeChoice, ProductAttribute

from .drafts import AttributeDraft, Draft
from .dry import Difference, pretend
from .report import Report

NAME_LENGTH = 100


class Attributes:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.is_dry = False
        # What a dry run would have written.
        self.differences: list[Difference] = []
        self._by_name: dict[str, Attribute] | None = None
        # What each answer means, for most products say the same few things.
        self._understood: dict[tuple[int, str], str | ValidationError] = {}

    def define(self, drafts: Iterable[AttributeDraft]) -> None:
        """Make the attributes of a file, or bring them to what it says."""
        for draft in drafts:
            attribute = self._find(draft.name)
            if attribute is None:
                attribute = self._create(draft.name, draft.kind)
                if self.is_dry:
                    self.differences.append(Difference(draft.line, attribute))
                self._describe(attribute, draft, is_new=True)
                self.report.others["attributes created"] += 1
            elif attribute.kind != draft.kind:
                reason = f"“{attribute.name}” is of kind {attribute.kind} here; change it first."
                self.report.bad_row(draft.line, "Kind", reason)
            elif self._describe(attribute, draft):
                self.report.others["attributes updated"] += 1

    def answers(self, draft: Draft) -> list[tuple[Attribute, str]] | None:
        """Each answer in its one spelling; bad ones go to the report."""
        if draft.attributes is None:
            return None
        found = []
        for name, text in draft.attributes:
            attribute = self._find(name) or self._create(name, Attribute.Kind.TEXT)
            try:
                found.append((attribute, self._answer(attribute, text)))
            except ValidationError as error:
                column = f"Attribute: {attribute.name}"
                self.report.bad_row(draft.line, column, " ".join(error.messages))
        return found

    def _answer(self, attribute: Attribute, text: str) -> str:
        key = attribute.pk, text
        if key not in self._understood:
            try:
                value = attribute.understood(text)
                ProductAttribute._meta.get_field("value").run_validators(value)
                self._understood[key] = value
            except ValidationError as error:
                self._understood[key] = error
        found = self._understood[key]
        if isinstance(found, ValidationError):
            raise found
        return found

    def _find(self, name: str) -> Attribute | None:
        if self._by_name is None:
            # The spelling itself comes last and so is the one that is kept.
            found = list(Attribute.objects.prefetch_related("choices"))
            self._by_name = {attribute.name.casefold(): attribute for attribute in reversed(found)}
            self._by_name |= {attribute.name: attribute for attribute in found}
        return self._by_name.get(name) or self._by_name.get(name.casefold())

    def _create(self, name: str, kind: str) -> Attribute:
        last = Attribute.objects.aggregate(last=Max("position"))["last"]
        attribute = Attribute(name=name, kind=kind, position=0 if last is None else last + 1)
        if self.is_dry:
            pretend(attribute)
        else:
            attribute = self._saved(attribute)
        assert self._by_name is not None  # noqa: S101 - whoever creates has looked first
        self._by_name[name] = attribute
        self._by_name.setdefault(name.casefold(), attribute)
        return attribute

    def _saved(self, attribute: Attribute) -> Attribute:
        """Saved, or the one of this name that somebody else saved at the same moment."""
        try:
            with transaction.atomic():
                attribute.save()
        except IntegrityError:
            return Attribute.objects.get(name=attribute.name)
        return attribute

    def _describe(
        self, attribute: Attribute, draft: AttributeDraft, *, is_new: bool = False
    ) -> bool:
        """Whether anything was to be changed; choices are added and put in order, never taken."""
        wanted = {"unit": draft.unit, "is_facet": draft.is_facet, "position": draft.position}
        changed = {
            name: value
            for name, value in wanted.items()
            if value is not None and value != getattr(attribute, name)
        }
        names = [choice.name for choice in attribute.choices.all()]
        order = list(dict.fromkeys([*(draft.choices or names), *names]))
        if not changed and order == names:
            return False
        if self.is_dry and not is_new:
            self._tell(attribute, draft.line, changed, names, order)
        for name, value in changed.items():
            setattr(attribute, name, value)
        by_name = {choice.name: choice for choice in attribute.choices.all()}
        choices = [by_name.get(name) or AttributeChoice(name=name) for name in order]
        for place, choice in enumerate(choices):
            choice.sort_order = place
        attribute.choices = choices
        if not self.is_dry:
            attribute.save()
        return True

    def _tell(
        self,
        attribute: Attribute,
        line: int,
        changed: dict[str, Any],
        names: list[str],
        order: list[str],
    ) -> None:
        told = [(name, getattr(attribute, name), value) for name, value in changed.items()]
        if order != names:
            told.append(("choices", ", ".join(names), ", ".join(order)))
        self.differences += [Difference(line, attribute, *each) for each in told]


def rows(answered: Iterable[tuple[Attribute, str]]) -> list[ProductAttribute]:
    """The rows of a page for these answers, with the numbers that ``save`` would write."""
    return [
        ProductAttribute(
            attribute=attribute, value=value, number=answers.number(value), sort_order=place
        )
        for place, (attribute, value) in enumerate(answered)
    ]
