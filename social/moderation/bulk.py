"""What can be done to many reviews at once: approve or hide them.

Each in a transaction of its own, as it was when its page was shown: what a member has changed
since then is left as it is, and how many those are is said.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction

from catalog.keys import read_keys
from orders.desk.rights import NeedsMixin
from social import reviews
from social.models import Review

from .index import ReviewIndexView, with_products
from .rights import CHANGE, VIEW

MOST_AT_ONCE = 200
# More than these nobody reads on one page.
MOST_SHOWN = 50


class ChosenForm(forms.Form):
    """Carries from the page to the click which reviews the page was about, and how they read."""

    chosen = forms.CharField(required=False, widget=forms.HiddenInput)


class ReviewAction(NeedsMixin, BulkAction):
    """On the reviews that were ticked, or on all that the list has found."""

    needed = (VIEW, CHANGE)
    models: ClassVar[list[type[Review]]] = [Review]
    template_name = "social/admin/review_bulk.html"
    icon_name = "comment"
    form_class = ChosenForm
    explanation: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.has_perms(self.needed) and (problem := self.problem()):
            messages.error(request, problem)
            return redirect("shop_reviews:index")
        return super().dispatch(request, *args, **kwargs)

    def problem(self) -> str:
        """Why nothing can be done with what was chosen; empty where something can."""
        if not self.selected:
            return _("No review was chosen. Nothing was changed.")
        if len(self.selected) <= MOST_AT_ONCE:
            return ""
        return _(
            "These are more than %(most)s reviews, and at most that many can be dealt with at "
            "once. Nothing was changed. Narrow the list down by its filters first."
        ) % {"most": intcomma(MOST_AT_ONCE)}

    @cached_property
    def selected(self) -> Mapping[int, str]:
        """Keys of the chosen reviews, each with the version that the page was about."""
        if self.request.method == "POST":
            return _read_chosen(self.request.POST.get("chosen", ""))
        asked = self.request.GET.getlist("id")
        found: QuerySet
        if "all" in asked:
            # The list itself is asked again, by the filters and words that it was shown with.
            view = ReviewIndexView()
            view.setup(self.request)
            found = view.get_queryset()[: MOST_AT_ONCE + 1]
        else:
            found = Review.objects.filter(pk__in=read_keys(asked))[: MOST_AT_ONCE + 1]
        return {review.pk: reviews.version(review) for review in found}

    def get_initial(self) -> dict[str, Any]:
        chosen = ",".join(f"{pk}-{version}" for pk, version in self.selected.items())
        return {**super().get_initial(), "chosen": chosen}

    def get_actionable_objects(self) -> tuple[list[Review], dict[str, list]]:
        found = Review.objects.select_related("user").prefetch_related("pictures")
        shown = found.in_bulk(list(self.selected)[:MOST_SHOWN])
        named = with_products([shown[key] for key in self.selected if key in shown])
        return named, {"items_with_no_access": []}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        count = len(self.selected)
        return {**context, "action": self, "count": count, "more": max(count - MOST_SHOWN, 0)}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        done = left = 0
        # Two moderators at the same work take the products in the same turn.
        found = Review.objects.filter(pk__in=list(self.selected)).order_by("product", "pk")
        for review in found:
            try:
                self.act(review, by=self.request.user, seen=self.selected[review.pk])
            except reviews.ChangedMeanwhileError:
                left += 1
            else:
                done += 1
        if done:
            messages.success(self.request, self.done(done))
        if left:
            messages.warning(self.request, _left_sentence(left))
        return redirect(self.next_url)

    def act(self, review: Review, **options: Any) -> Review:
        raise NotImplementedError

    def done(self, count: int) -> str:
        raise NotImplementedError


def _read_chosen(text: str) -> dict[int, str]:
    chosen = {}
    for part in text.split(",")[: MOST_AT_ONCE + 1]:
        key, _dash, version = part.partition("-")
        for pk in read_keys([key]):
            chosen[pk] = version or "-"
    return chosen


def _left_sentence(left: int) -> str:
    sentence = ngettext(
        "%(count)s review stays as it is, for its author has changed it meanwhile.",
        "%(count)s reviews stay as they are, for their authors have changed them meanwhile.",
        left,
    )
    return sentence % {"count": intcomma(left)}


class ApproveMany(ReviewAction):
    display_name = gettext_lazy("Approve")
    aria_label = gettext_lazy("Approve the selected reviews")
    action_type = "approve"
    action_priority = 10
    explanation = gettext_lazy("Everybody can read them then, and they count in the average.")

    def act(self, review: Review, **options: Any) -> Review:
        return reviews.approve(review, **options)

    def done(self, count: int) -> str:
        sentence = ngettext(
            "%(count)s review is approved.", "%(count)s reviews are approved.", count
        )
        return sentence % {"count": intcomma(count)}


class HideMany(ReviewAction):
    display_name = gettext_lazy("Hide")
    aria_label = gettext_lazy("Hide the selected reviews")
    action_type = "hide"
    action_priority = 20
    explanation = gettext_lazy("Only their authors can read them then. They count no longer.")

    def act(self, review: Review, **options: Any) -> Review:
        return reviews.hide(review, **options)

    def done(self, count: int) -> str:
        sentence = ngettext("%(count)s review is hidden.", "%(count)s reviews are hidden.", count)
        return sentence % {"count": intcomma(count)}


ACTIONS = [ApproveMany, HideMany]
