"""What an editor says before an issue leaves: to whom, and when."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput

from catalog.admin.price_columns import name_time_zone
from catalog.models import CategoryPage
from social.models import NewsletterPage
from social.models.newsletter import Segment
from social.newsletter.trying import MOST_ADDRESSES

NOW, LATER = "now", "later"
# After it, no other time zone can be reckoned.
LAST_YEAR = 9998


class TestForm(forms.Form):
    """Addresses to look at an issue from, apart by commas, spaces or lines."""

    # Nothing for pytest in here, whatever its name says.
    __test__ = False

    addresses = forms.CharField(
        label=gettext_lazy("Addresses"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Up to five, apart by commas or lines."),
    )

    def clean_addresses(self) -> list[str]:
        text = self.cleaned_data["addresses"].replace(",", " ").replace(";", " ")
        addresses = list(dict.fromkeys(text.split()))
        if len(addresses) > MOST_ADDRESSES:
            sentence = _("These are %(count)d addresses; up to %(most)d get a test.")
            raise ValidationError(sentence % {"count": len(addresses), "most": MOST_ADDRESSES})
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError as error:
                sentence = _("“%(address)s” is no email address.") % {"address": address[:100]}
                raise ValidationError(sentence) from error
        return addresses


class CategoryField(forms.ModelChoiceField):
    """By the page's own number: SQLite cannot look for a parent's that is beyond all numbers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, to_field_name="id", **kwargs)

    def label_from_instance(self, category: CategoryPage) -> str:
        # Depth 3 is right below the home page.
        return "– " * max(0, category.depth - 3) + category.title


class MomentForm(forms.Form):
    begins = forms.DateTimeField(label=gettext_lazy("Begins at"), widget=AdminDateTimeInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_time_zone(self.fields["begins"])

    def clean_begins(self) -> Any:
        begins = self.cleaned_data["begins"]
        if begins is not None and begins.year > LAST_YEAR:
            raise ValidationError(self.fields["begins"].error_messages["invalid"])
        if begins is not None and begins <= timezone.now():
            raise ValidationError(_("This moment has passed."))
        return begins


class PlanForm(MomentForm):
    segment = forms.ChoiceField(label=gettext_lazy("To whom"), widget=forms.RadioSelect)
    category = CategoryField(
        CategoryPage.objects.none(),
        label=gettext_lazy("Category"),
        required=False,
        help_text=gettext_lazy(
            "Only for those who bought in a category: also in the categories below it."
        ),
    )
    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[(NOW, gettext_lazy("Now")), (LATER, gettext_lazy("At a moment"))],
        widget=forms.RadioSelect,
    )

    field_order = ["segment", "category", "when", "begins"]

    def __init__(self, *args: Any, page: NewsletterPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["begins"].required = False
        self.fields["segment"].choices = [
            (segment.value, capfirst(segment.label)) for segment in Segment
        ]
        own = CategoryPage.objects.filter(locale=page.locale_id).order_by("path")
        self.fields["category"].queryset = own

    def clean_begins(self) -> Any:
        return super().clean_begins() if self.cleaned_data.get("when") == LATER else None

    def clean(self) -> None:
        said = self.cleaned_data
        if said.get("segment") == Segment.BUYERS and not said.get("category"):
            self.add_error("category", _("Choose the category."))
        if said.get("segment") != Segment.BUYERS:
            said["category"] = None
        if said.get("when") == LATER and not said.get("begins") and "begins" not in self.errors:
            self.add_error("begins", _("Say when it begins."))
