"""The form of a collection: what belongs to it, worded for those who arrange a shop."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.models import Tag
from taggit.utils import parse_tags
from wagtail.admin.forms.pages import WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.widgets import AdminTagWidget
from wagtail.models import Page

from .answers import AttributeSelect

# A longer list is a category; and the keys of so many pages still fit into one query.
MOST = 1000


class KnownTagsField(forms.Field):
    """Tags that some product has, typed as tags are elsewhere; gives the list of them."""

    widget = AdminTagWidget(free_tagging=False)

    def clean(self, value: str) -> list[Tag]:
        found, unknown = [], []
        for name in parse_tags(value or ""):
            tag = Tag.objects.filter(name=name).first()
            tag = tag or Tag.objects.filter(name__iexact=name).first()
            if tag is None:
                unknown.append(f"“{name}”")
            elif tag not in found:
                found.append(tag)
        if unknown:
            message = _("No product has the tag %(tags)s.") % {"tags": ", ".join(unknown)}
            raise ValidationError(message)
        return found


class ChooseSeveral(forms.CheckboxSelectMultiple):
    """Boxes to tick, in a space of their own however many there are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.attrs["class"] = "choose-several"

    @property
    def media(self) -> forms.Media:
        return forms.Media(css={"all": [versioned_static("admin/css/collections.css")]})


class CollectionPageForm(WagtailAdminPageForm):
    any_of_tags = KnownTagsField(
        required=False,
        label=gettext_lazy("With one of the tags"),
        help_text=gettext_lazy("Tags that products have. One of them is enough."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("categories"):
            chosen = [category.pk for category in self.instance.categories.all()]
            field.queryset = field.queryset.filter(
                Q(locale=self.instance.locale_id) | Q(pk__in=chosen)
            ).order_by("path")
            # Indented by its depth below the home page.
            field.label_from_instance = lambda page: "– " * (page.depth - 3) + page.title
        self._say_plainly()

    def _say_plainly(self) -> None:
        """What a number may be, in other words than a programmer's."""
        below_zero = _("A price cannot be below zero.")
        no_number = _("Write a number from 1 to %(most)d, or leave it empty for all.")
        no_number %= {"most": MOST}
        for name, said in [
            ("price_from", {"min_value": below_zero}),
            ("price_to", {"min_value": below_zero}),
            ("most", {"min_value": no_number, "max_value": no_number}),
        ]:
            if field := self.fields.get(name):
                field.error_messages |= said

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_deferred_validation:
            return cleaned
        if cleaned.get("gathered") == self.instance.Gathered.BY_HAND and not self._picked():
            self.add_error(
                "gathered", _("Pick at least one product below, or let a rule gather them.")
            )
        attribute, value = cleaned.get("attribute"), cleaned.get("attribute_value")
        if attribute and not value and "attribute_value" not in self.errors:
            self.add_error("attribute_value", _("Say what the attribute must be."))
        if value and not attribute:
            self.add_error("attribute", _("Choose the attribute that this is a value of."))
        return cleaned

    def _picked(self) -> list[forms.ModelForm]:
        formset = self.formsets["picked"]
        formset.is_valid()
        return [
            form
            for form in formset.forms
            if form not in formset.deleted_forms
            and getattr(form, "cleaned_data", {}).get("product_page")
        ]


def collection_tabs() -> TabbedInterface:
    """Story, Products, Promote."""
    story = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("picture"),
        FieldPanel("above"),
        FieldPanel("below"),
    ]
    promote = [*Page.promote_panels, *Page.settings_panels]
    return TabbedInterface(
        [
            ObjectList(story, heading=gettext_lazy("Story")),
            ObjectList(_product_panels(), heading=gettext_lazy("Products")),
            ObjectList(promote, heading=gettext_lazy("Promote")),
        ]
    )


def _product_panels() -> list[Any]:
    return [
        FieldPanel("gathered", widget=forms.RadioSelect),
        MultiFieldPanel(
            [
                HelpPanel(
                    gettext_lazy("A product belongs here if it meets every condition you set.")
                ),
                FieldPanel("categories", widget=ChooseSeveral),
                FieldPanel("brands", widget=ChooseSeveral),
                FieldPanel("any_of_tags"),
                FieldRowPanel(
                    [
                        FieldPanel("attribute", widget=AttributeSelect("attribute_value")),
                        FieldPanel("attribute_value"),
                    ]
                ),
                FieldRowPanel([FieldPanel("price_from"), FieldPanel("price_to")]),
                FieldPanel("only_on_sale"),
            ],
            heading=gettext_lazy("Rule"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("sort"), FieldPanel("most")])],
            heading=gettext_lazy("Order and number"),
        ),
        MultipleChooserPanel(
            "picked",
            chooser_field_name="product_page",
            heading=gettext_lazy("Picked by hand"),
            label=gettext_lazy("Product"),
            help_text=gettext_lazy(
                "With a rule, these stand first whether or not they meet it. "
                "Gathered by hand, these are all there is, in this order."
            ),
        ),
    ]
