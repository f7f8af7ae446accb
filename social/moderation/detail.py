"""One review: all that was written, what can be done with it, and what was done."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import registry

from catalog.keys import read_keys
from orders.desk.rights import NeedsMixin
from orders.forms import no_control
from social import reviews
from social.models import Review
from social.review_forms import LinesField

from .index import with_products
from .rights import CHANGE, DELETE, VIEW

MOST_LOGGED = 50


class ReplyForm(forms.Form):
    reply = LinesField(
        label=gettext_lazy("The shop's reply"),
        max_length=Review._meta.get_field("reply").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[no_control],
        help_text=gettext_lazy(
            "Shown below the review. The member gets a mail about a new reply, once the review "
            "is shown. Leave it empty to take a reply back."
        ),
    )


class OfReviewMixin(NeedsMixin):
    """A view of one review, by its key."""

    @cached_property
    def review(self) -> Review:
        found = Review.objects.select_related("user__profile").prefetch_related("pictures")
        review = get_object_or_404(found, pk__in=read_keys([self.kwargs["pk"]]))
        return with_products([review])[0]

    @property
    def url(self) -> str:
        return reverse("shop_reviews:review", args=[self.review.pk])

    def crumbs(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("shop_reviews:index"), "label": _("Reviews")},
            {"url": self.url, "label": str(self.review.drawn)},
        ]


class ReviewView(OfReviewMixin, WagtailAdminTemplateMixin, FormView):
    """The review in full; its form is the reply."""

    needed = (VIEW,)
    template_name = "social/admin/review.html"
    form_class = ReplyForm
    page_title = gettext_lazy("Review")
    header_icon = "comment"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"reply": self.review.reply}

    def form_valid(self, form: ReplyForm) -> HttpResponse:
        text = form.cleaned_data["reply"]
        try:
            reviews.reply(
                self.review, text, by=self.request.user, seen=self.request.POST.get("seen", "-")
            )
        except reviews.ChangedMeanwhileError:
            form.add_error(None, changed_meanwhile())
            return self.form_invalid(form)
        messages.success(
            self.request, _("The reply is saved.") if text else _("There is no reply.")
        )
        return HttpResponseRedirect(self.url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        log = registry.get_logs_for_instance(self.review).select_related("user")
        return super().get_context_data(
            review=self.review,
            seen=reviews.version(self.review),
            may_change=user.has_perm(CHANGE),
            may_delete=user.has_perm(DELETE),
            log=log.order_by("-timestamp", "-pk")[:MOST_LOGGED],
            **kwargs,
        )

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *self.crumbs()]


class StateView(OfReviewMixin, View):
    """Say that the review, as it was seen, is shown or is not; from a button beside it."""

    needed = (VIEW, CHANGE)
    http_method_names: ClassVar[list[str]] = ["post"]
    done: ClassVar[str | Promise]

    def act(self, review: Review, **options: Any) -> Review:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.act(self.review, by=request.user, seen=request.POST.get("seen", "-"))
        except reviews.ChangedMeanwhileError:
            messages.warning(request, changed_meanwhile())
            return HttpResponseRedirect(self.url)
        again = messages.button(self.url, _("Look at it again"))
        messages.success(request, self.done, buttons=[again])
        return HttpResponseRedirect(reverse("shop_reviews:index"))


class ApproveView(StateView):
    done = gettext_lazy("The review is approved: everybody can read it.")

    def act(self, review: Review, **options: Any) -> Review:
        return reviews.approve(review, **options)


class HideView(StateView):
    done = gettext_lazy("The review is hidden: only its author can read it.")

    def act(self, review: Review, **options: Any) -> Review:
        return reviews.hide(review, **options)


class DeleteView(OfReviewMixin, WagtailAdminTemplateMixin, TemplateView):
    needed = (VIEW, DELETE)
    template_name = "social/admin/review_delete.html"
    page_title = gettext_lazy("Delete review")
    header_icon = "bin"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reviews.delete(self.review, by=request.user)
        messages.success(request, _("The review is deleted."))
        return HttpResponseRedirect(reverse("shop_reviews:index"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(review=self.review, url=self.url, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.page_title}
        return [*self.breadcrumbs_items, *self.crumbs(), here]


def changed_meanwhile() -> str:
    return _("Nothing was done: the member has changed the review since you looked at it.")
