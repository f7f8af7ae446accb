"""How reviews are narrowed down and searched."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from catalog.models import ProductPage
from social.models import Review, ReviewPicture
from social.review_forms import in_words
from social.review_lists import EVERY_NUMBER_OF_STARS

# A search is a few words; each one costs a condition.
MAX_WORDS = 8
YES_OR_NO = [("yes", _("Yes")), ("no", _("No"))]


class ReviewFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=Review.State.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    stars = django_filters.MultipleChoiceFilter(
        label=_("Stars"),
        choices=lambda: [(stars, in_words(stars)) for stars in EVERY_NUMBER_OF_STARS],
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    bought = django_filters.ChoiceFilter(
        label=_("Bought here"),
        choices=YES_OR_NO,
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="by_bought",
    )
    pictures = django_filters.ChoiceFilter(
        label=_("With pictures"),
        choices=YES_OR_NO,
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="by_pictures",
    )
    answered = django_filters.ChoiceFilter(
        label=_("Answered"),
        choices=YES_OR_NO,
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="by_answered",
    )
    created = django_filters.DateFromToRangeFilter(label=_("Written"), widget=DateRangePickerWidget)

    class Meta:
        model = Review
        fields: list[str] = []

    def by_bought(self, found: QuerySet, name: str, answer: str) -> QuerySet:
        return found.filter(is_bought_here=answer == "yes")

    def by_pictures(self, found: QuerySet, name: str, answer: str) -> QuerySet:
        has = Exists(ReviewPicture.objects.filter(review=OuterRef("pk")))
        return found.filter(has if answer == "yes" else ~has)

    def by_answered(self, found: QuerySet, name: str, answer: str) -> QuerySet:
        return found.exclude(reply="") if answer == "yes" else found.filter(reply="")


def search(found: QuerySet, query: str) -> QuerySet:
    """Reviews in which each word is part of what was written, of a name, or of the product's."""
    for word in query.split()[:MAX_WORDS]:
        pages = ProductPage.objects.filter(product=OuterRef("product"), title__icontains=word)
        wanted = Q(Exists(pages))
        for field in ("title", "text", "reply", "user__username", "user__profile__name"):
            wanted |= Q(**{f"{field}__icontains": word})
        found = found.filter(wanted)
    return found
