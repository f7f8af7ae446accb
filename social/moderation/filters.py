"""How reviews are narrowed down and searched."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from catalog.admin.filters import MAX_WORDS, YesNoFilter
from catalog.models import ProductPage
from social.models import Review, ReviewPicture
from social.review_forms import in_words
from social.review_lists import EVERY_NUMBER_OF_STARS


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
    bought = YesNoFilter(label=_("Bought here"), method="by_bought")
    pictures = YesNoFilter(label=_("With pictures"), method="by_pictures")
    answered = YesNoFilter(label=_("Answered"), method="by_answered")
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
