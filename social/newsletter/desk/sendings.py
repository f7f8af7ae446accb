"""All sendings, how far one is, and what can be done with it."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn, UserColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permission_policies import ModelPermissionPolicy

from catalog.admin.price_columns import MomentColumn
from orders.desk.rights import NeedsMixin
from social.models import Delivery, Sending
from social.newsletter import sending
from social.newsletter.desk.forms import MomentForm
from social.newsletter.desk.rights import CHANGE, VIEW, VIEW_SUBSCRIBERS

PER_PAGE = 50


class SendingFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=Sending.State.choices
    )

    class Meta:
        model = Sending
        fields = ["state"]


class SendingIndexView(NeedsMixin, IndexView):
    needed = (VIEW,)
    model = Sending
    permission_policy = ModelPermissionPolicy(Sending)
    any_permission_required = ["view"]
    index_url_name = "newsletter_desk:index"
    index_results_url_name = "newsletter_desk:results"
    page_title = gettext_lazy("Sendings of newsletters")
    header_icon = "mail"
    paginate_by = PER_PAGE
    filterset_class = SendingFilterSet
    verbose_name_plural = gettext_lazy("sendings")
    default_ordering = "-pk"
    list_display = [
        TitleColumn(
            "page",
            label=gettext_lazy("Issue"),
            accessor="page.title",
            get_url=lambda one: reverse("newsletter_desk:sending", args=[one.pk]),
        ),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor="get_state_display",
            sort_key="state",
            primary=lambda one: one.state == Sending.State.RUNNING,
        ),
        Column("segment", label=gettext_lazy("To whom"), accessor="get_segment_display"),
        MomentColumn("begins", label=gettext_lazy("Begins"), sort_key="begins"),
        MomentColumn("ended", label=gettext_lazy("Ended"), sort_key="ended"),
        UserColumn("created_by", label=gettext_lazy("By"), blank_display_name="–"),
        Column("problem", label=gettext_lazy("Problem"), accessor=lambda one: one.problem or "–"),
    ]

    def get_base_queryset(self) -> QuerySet:
        found = super().get_base_queryset().select_related("page")
        return found.select_related("created_by__wagtail_userprofile")

    def get_list_buttons(self, instance: Sending) -> list:
        # The title leads to it, and what can be done with it stands there.
        return []


class _OneSendingView(NeedsMixin, View):
    needed = (VIEW,)

    @cached_property
    def sending(self) -> Sending:
        rows = Sending.objects.select_related("page", "category", "created_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def state(self) -> dict[str, Any]:
        """What the changing part of the page shows."""
        user = self.request.user
        return {
            "sending": self.sending,
            "figures": sending.figures(self.sending),
            "may_change": user.has_perm(CHANGE),
            "may_read": user.has_perm(VIEW_SUBSCRIBERS),
        }

    def back(self) -> HttpResponse:
        return redirect("newsletter_desk:sending", self.sending.pk)


class SendingView(WagtailAdminTemplateMixin, _OneSendingView):
    """One sending. While it is under way, a script loads its state again and again."""

    template_name = "social/newsletter/admin/sending.html"
    page_title = gettext_lazy("Sending")
    header_icon = "mail"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**self.state()))

    def get_page_subtitle(self) -> str:
        return self.sending.page.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("newsletter_desk:index"), "label": _("Sendings of newsletters")},
            {"url": "", "label": self.get_page_subtitle()},
        ]


class SendingStateView(WagtailAdminTemplateMixin, _OneSendingView):
    """Only the part of the page that changes."""

    template_name = "social/newsletter/admin/sending_state.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        response = self.render_to_response(self.state())
        response["Cache-Control"] = "no-store"
        return response


# What a press of a button does, and what is said then.
ACTIONS: dict[str, tuple[Callable[[Sending], bool], Promise]] = {
    "pause": (sending.pause, gettext_lazy("The sending is paused.")),
    "go-on": (sending.go_on, gettext_lazy("The sending goes on.")),
    "cancel": (sending.cancel, gettext_lazy("The sending is cancelled.")),
}


class SendingActionView(_OneSendingView):
    needed = (VIEW, CHANGE)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        if action not in ACTIONS:
            raise Http404
        act, done = ACTIONS[action]
        if act(self.sending):
            messages.success(request, done)
        else:
            messages.warning(request, _("It is in another state by now. Nothing was changed."))
        return self.back()


class SendingCancelView(SendingView):
    """Ask before what cannot be taken back."""

    needed = (VIEW, CHANGE)
    template_name = "social/newsletter/admin/cancel.html"
    page_title = gettext_lazy("Cancel the sending")


class SendingMomentView(SendingView):
    """Another moment for a sending that has not begun."""

    needed = (VIEW, CHANGE)
    template_name = "social/newsletter/admin/moment.html"
    page_title = gettext_lazy("Plan anew")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(MomentForm(initial={"begins": self.sending.begins}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = MomentForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        if sending.plan_anew(self.sending, form.cleaned_data["begins"]):
            messages.success(request, _("The sending is planned anew."))
        else:
            messages.warning(request, _("It is in another state by now. Nothing was changed."))
        return self.back()

    def _show(self, form: MomentForm) -> HttpResponse:
        context = self.get_context_data(sending=self.sending, form=form)
        return self.render_to_response(context)


class DeliveryFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("State"), choices=Delivery.State.choices
    )

    class Meta:
        model = Delivery
        fields = ["state"]


class DeliveryIndexView(NeedsMixin, IndexView):
    """What became of a sending for each address, and why."""

    needed = (VIEW, VIEW_SUBSCRIBERS)
    model = Delivery
    index_url_name = "newsletter_desk:deliveries"
    index_results_url_name = "newsletter_desk:deliveries_results"
    page_title = gettext_lazy("Recipients")
    header_icon = "mail"
    paginate_by = PER_PAGE
    filterset_class = DeliveryFilterSet
    verbose_name_plural = gettext_lazy("recipients")
    default_ordering = "pk"
    # Says that there is a search; search_queryset does it.
    search_fields = ["subscriber__email"]
    list_display = [
        Column("email", label=gettext_lazy("Email"), accessor="subscriber.email"),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor="get_state_display",
            primary=lambda row: row.state == Delivery.State.SENT,
        ),
        Column("attempts", label=gettext_lazy("Attempts")),
        DateColumn("sent", label=gettext_lazy("Sent")),
        Column("error", label=gettext_lazy("Why not"), accessor=lambda row: row.error or "–"),
    ]

    def get_index_url(self) -> str:
        return reverse(self.index_url_name, args=[self.kwargs["pk"]])

    def get_index_results_url(self) -> str:
        return reverse(self.index_results_url_name, args=[self.kwargs["pk"]])

    def get_base_queryset(self) -> QuerySet:
        get_object_or_404(Sending, pk=self.kwargs["pk"])
        rows = Delivery.objects.filter(sending=self.kwargs["pk"])
        return rows.select_related("subscriber")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        words = (self.search_query or "").strip().replace("\x00", "")
        return queryset.filter(subscriber__email__icontains=words) if words else queryset

    def get_list_buttons(self, instance: Delivery) -> list:
        return []
