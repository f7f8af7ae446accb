"""The form of a price batch, worded for those who decide about prices."""

from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
)

from catalog.models import Price, PriceBatch
from catalog.money import DECIMAL_PLACES, MAX_DIGITS, quantize
from catalog.price_batches import price_list
from catalog.price_batches.working_out import skus_of_codes, work_out

from .collections import ChooseSeveral
from .price_batch_compare import LinesPanel, ProductsPanel
from .price_batch_fields import ProductsField, SignedField, TagsField, text_of
from .price_columns import name_time_zone
from .price_sku_chooser import sku_choosers

Change = PriceBatch.Change
HIGHEST_PERCENT = Decimal(1000)
# More of them are a price list.
MOST_BY_HAND = 300
# More problems of a list than this help nobody at once.
MOST_PROBLEMS = 20


class PriceBatchForm(WagtailAdminModelForm):
    """Works the prices out when it is saved, unless nothing that they come from was changed.

    ``works_out`` has them worked out in any case: a batch that is only saved follows the
    prices of today, one that is approved stays what was looked at.
    """

    any_of_tags = TagsField(
        required=False,
        label=gettext_lazy("With one of the tags"),
        help_text=gettext_lazy("Tags that products have. One of them is enough."),
    )
    value = SignedField(
        required=False,
        max_digits=MAX_DIGITS,
        decimal_places=DECIMAL_PLACES,
        label=gettext_lazy("By or to"),
        help_text=PriceBatch._meta.get_field("value").help_text,
    )
    products = ProductsField(
        required=False,
        label=gettext_lazy("These products"),
        help_text=PriceBatch._meta.get_field("products").help_text,
    )
    price_file = forms.FileField(
        required=False,
        label=gettext_lazy("Fill the price list from a CSV file"),
        help_text=gettext_lazy(
            "With the columns “SKU” and “Price”, or with code and price in the first two. "
            "It takes the place of what stands in the list."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )
    works_out = True

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        self.file_error: ValidationError | None = None
        if files and (file := files.get("price_file")):
            data = data.copy()
            try:
                data["price_list"] = text_of(file)
            except ValidationError as error:
                self.file_error = error
        super().__init__(data, files, **kwargs)
        # With what the last draft says, its prices were worked out.
        self.worked_out_from = inputs(self.instance) if self.instance.pk else None
        if field := self.fields.get("price_list"):
            # Else empty lines before the first one would not count in what is said of a line.
            field.strip = False
        for name in {"starts_at", "ends_at"} & set(self.fields):
            name_time_zone(self.fields[name])
        if field := self.fields.get("categories"):
            field.queryset = field.queryset.order_by("path")
            # Indented by its depth below the home page.
            field.label_from_instance = lambda page: "– " * (page.depth - 3) + page.title
        if get_currency_precision(settings.SHOP_CURRENCY) < 2 and "rounding" in self.fields:
            kept = {PriceBatch.Rounding.NONE, PriceBatch.Rounding.WHOLE}
            field = self.fields["rounding"]
            field.choices = [choice for choice in field.choices if choice[0] in kept]

    def clean_price_list(self) -> str:
        text = self.cleaned_data["price_list"].replace("\r\n", "\n").rstrip()
        found = price_list.parse(text, settings.SHOP_CURRENCY)
        known = skus_of_codes(written.code for written in found.prices)
        unknown = [
            (written.line, _("No SKU has the code “%(code)s”.") % {"code": written.code})
            for written in found.prices
            if written.code.lower() not in known
        ]
        if problems := sorted([*found.problems, *unknown]):
            raise ValidationError("\n".join(_spelled_out(problems)))
        return text

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.file_error:
            self.add_error("price_file", self.file_error)
        self._clean_window()
        self._clean_rule()
        self._clean_by_hand()
        return self.cleaned_data

    def _clean_window(self) -> None:
        start, end = (self.cleaned_data.get(name) for name in ("starts_at", "ends_at"))
        if end is None:
            return
        if start is not None and end <= start:
            self.add_error("ends_at", _("Must be after “From”."))
        elif end <= timezone.now():
            self.add_error("ends_at", _("This is past already."))

    def _clean_rule(self) -> None:
        change, value = self.cleaned_data.get("change"), self.cleaned_data.get("value")
        if {"change", "value"} & set(self.errors):
            return
        if not change:
            if value is not None:
                self.add_error("change", _("Choose what the number beside this means."))
            return
        if value is None:
            self.add_error("value", _("Say by how much, or to which price."))
            return
        if problem := self._problem_of(change, value):
            self.add_error("value", problem)
        names = ("categories", "brands", "any_of_tags", "products")
        if not any(self.cleaned_data.get(name) for name in names) and not (
            set(names) & set(self.errors)
        ):
            message = _("Say which products the rule is for: categories, brands, tags or products.")
            self.add_error("categories", message)

    def _problem_of(self, change: str, value: Decimal) -> str:
        is_sale = self.cleaned_data.get("kind") == Price.Kind.SALE
        if change == Change.PRICE and value < 0:
            return _("A price cannot be below zero.")
        if change != Change.PRICE and value == 0:
            return _("Nothing would change.")
        if change != Change.PRICE and is_sale and value > 0:
            example = f"−{value.normalize():f}"
            return _("A sale lowers prices. Write %(example)s.") % {"example": example}
        if change == Change.PERCENT and not -100 <= value <= HIGHEST_PERCENT:
            return _("Write a number between −100 and 1000.")
        if change != Change.PERCENT and value != quantize(value, settings.SHOP_CURRENCY):
            return _("%(currency)s has fewer digits after the point.") % {
                "currency": settings.SHOP_CURRENCY
            }
        return ""

    def _clean_by_hand(self) -> None:
        formset = self.formsets.get("by_hand")
        if formset is None:
            return
        formset.is_valid()
        seen = set()
        for form in formset.forms:
            values = getattr(form, "cleaned_data", {})
            if form in formset.deleted_forms or not (sku := values.get("sku")):
                continue
            if sku.pk in seen:
                form.add_error("sku", _("This SKU has a price above already."))
            seen.add(sku.pk)
            amount = values.get("amount")
            if amount is not None and amount != quantize(amount, settings.SHOP_CURRENCY):
                form.add_error(
                    "amount",
                    _("%(currency)s has fewer digits after the point.")
                    % {"currency": settings.SHOP_CURRENCY},
                )

    def save(self, commit: bool = True) -> PriceBatch:
        batch = super().save(commit=False)
        if self.works_out or inputs(batch) != self.worked_out_from:
            work_out(batch)
        if commit:
            batch.save()
            self._save_m2m()
        return batch


def inputs(batch: PriceBatch) -> tuple[Any, ...]:
    """All that the prices of a batch come from."""
    related = (batch.categories, batch.brands, batch.any_of_tags)
    return (
        batch.kind,
        batch.starts_at,
        batch.change,
        batch.value,
        batch.rounding,
        batch.products,
        batch.price_list,
        *(sorted(thing.pk for thing in relation.all()) for relation in related),
        sorted((line.sku_id, line.amount) for line in batch.by_hand.all()),
    )


def _spelled_out(problems: list[tuple[int, str]]) -> list[str]:
    sentences = [
        _("Line %(line)s: %(problem)s")
        % {"line": f"{line:,}", "problem": problem if problem.endswith(".") else f"{problem}."}
        for line, problem in problems[:MOST_PROBLEMS]
    ]
    if (rest := len(problems) - MOST_PROBLEMS) > 0:
        message = ngettext("And %(count)s more line.", "And %(count)s more lines.", rest)
        sentences.append(message % {"count": f"{rest:,}"})
    return sentences


def price_batch_panels() -> ObjectList:
    """What, when, by rule, from a list, by hand."""
    return ObjectList(
        [
            FieldPanel("name"),
            MultiFieldPanel(
                [
                    FieldPanel("kind", widget=forms.RadioSelect),
                    FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                    HelpPanel(
                        gettext_lazy(
                            "Sunday 24:00 is Monday 00:00. When the prices end, those count "
                            "again that would have counted without them. Nothing has to run then."
                        )
                    ),
                ],
                heading=gettext_lazy("What and when"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [FieldPanel("change"), FieldPanel("value"), FieldPanel("rounding")]
                    ),
                    HelpPanel(
                        gettext_lazy(
                            "The rule is for products that meet every condition you set here, "
                            "and for those you choose one by one. Retired products are left out."
                        )
                    ),
                    FieldPanel("categories", widget=ChooseSeveral),
                    FieldPanel("brands", widget=ChooseSeveral),
                    FieldPanel("any_of_tags"),
                    ProductsPanel("products"),
                ],
                heading=gettext_lazy("By rule"),
            ),
            MultiFieldPanel(
                [FieldPanel("price_file"), FieldPanel("price_list", widget=_price_list_input())],
                heading=gettext_lazy("From a price list"),
            ),
            MultipleChooserPanel(
                "by_hand",
                chooser_field_name="sku",
                panels=[FieldPanel("sku", widget=sku_choosers.widget_class), FieldPanel("amount")],
                heading=gettext_lazy("By hand"),
                label=gettext_lazy("Price"),
                max_num=MOST_BY_HAND,
                help_text=gettext_lazy("What stands here counts more than the list and the rule."),
            ),
            LinesPanel(),
        ],
        base_form_class=PriceBatchForm,
    )


def _price_list_input() -> forms.Textarea:
    return forms.Textarea(
        attrs={
            "rows": 6,
            "class": "price-list",
            "placeholder": "ABC-1; 12.95",
            "spellcheck": "false",
        }
    )
