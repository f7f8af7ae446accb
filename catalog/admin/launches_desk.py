"""The page of one launch: what it consists of, whether each part is ready, and what to do."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.models import InspectView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Revision
from wagtail.permission_policies import ModelPermissionPolicy

from catalog import launches
from catalog.launches import LaunchError, parts
from catalog.launches.carrying_out import batches_of, pages_of
from catalog.launches.states import locked
from catalog.models import Launch, LaunchPage

policy = ModelPermissionPolicy(Launch)
DRAFTS_TO_CHOOSE = 20


@dataclass
class Row:
    """A part as its launch's page shows it."""

    part: Any
    draft: Revision | None = None
    newer: bool = False
    problems: list[str] = field(default_factory=list)
    changed_since: bool = False
    compare_url: str = ""
    prices: int | None = None


def rows_of(launch: Launch) -> tuple[list[Row], list[Row]]:
    """Rows for pages and for price batches."""
    pages = []
    changed = set(launches.changed_since(launch)) if launch.state == Launch.State.LIVE else set()
    for part in pages_of(launch).select_related("revision__user", "chosen__user"):
        draft = parts.draft_of(part)
        row = Row(part, draft, parts.has_newer_draft(part), changed_since=part in changed)
        if draft and part.page.live and launch.state != Launch.State.LIVE:
            row.compare_url = reverse(
                "wagtailadmin_pages:revisions_compare", args=[part.page_id, "live", draft.pk]
            )
        pages.append(row)
    batches = [
        Row(part, prices=part.batch and part.batch.prices_planned) for part in batches_of(launch)
    ]
    return pages, batches


class LaunchView(InspectView):
    """Everything about one launch, and the buttons for what can be done with it."""

    page_title = gettext_lazy("Launch")

    @cached_property
    def header_more_buttons(self) -> list:
        return super().header_more_buttons if self.object.is_open else []

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        preview = reverse("launches:preview", args=[self.object.pk])
        return [HeaderButton(_("Preview"), url=preview, icon_name="view")]

    def get_fields(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        launch: Launch = self.object
        pages, batches = rows_of(launch)
        general = []
        if launch.is_open or launch.state == Launch.State.SCHEDULED:
            user = self.request.user if launch.is_open else launch.scheduled_by
            rows = {row.part: row for row in (*pages, *batches)}
            for problem in launches.check(launch, user):
                into = rows[problem.part].problems if problem.part in rows else general
                into.append(problem.sentence)
        ready = not general and not any(row.problems for row in (*pages, *batches))
        return super().get_context_data(
            launch=launch,
            pages=pages,
            batches=batches,
            general=general,
            ready=ready,
            newer=any(row.newer for row in pages),
            chosen=any(row.part.chosen_id for row in pages),
            has_passed=launch.moment <= timezone.now(),
            as_seen=launches.seen(launch),
            may_change=policy.user_has_permission(self.request.user, "change"),
            history_url=reverse("launches:history", args=[launch.pk]),
            **kwargs,
        )


class _DeskView(View):
    """For those who may change launches."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policy.user_has_permission(request.user, "change"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def launch(self) -> Launch:
        return get_object_or_404(Launch, pk=self.kwargs["pk"])

    def back(self) -> HttpResponse:
        return redirect("launches:inspect", self.launch.pk)


class LaunchActionView(_DeskView):
    """One press of a button: do it, say how it went, show the launch again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        try:
            done = self._do(action)
        except LaunchError as error:
            self._say_why_not(error)
        else:
            messages.success(request, done)
        return self.back()

    def _do(self, action: str) -> str:
        launch, user = self.launch, self.request.user
        as_seen = self.request.POST.get("as_seen")
        if action == "schedule":
            launch = launches.schedule(launch, user=user, as_seen=as_seen)
            return _("Scheduled: everything goes live together on %(moment)s") % {
                "moment": _shown(launch.moment)
            }
        if action == "unschedule":
            launches.unschedule(launch, user=user)
            return _("It is off the schedule and can be changed again.")
        if action == "now":
            launches.launch_now(launch, user=user, as_seen=as_seen)
            return _("Everything is live.")
        if action == "newest":
            part = LaunchPage.objects.filter(launch=launch, pk=self.request.POST.get("part") or 0)
            launches.take_newest(launch, user=user, part=part.first())
            return _("The launch has the newest drafts now.")
        raise Http404

    def _say_why_not(self, error: LaunchError) -> None:
        general = [problem.sentence for problem in error.problems if problem.part is None]
        for sentence in general or [_("Not yet: see below what stands in the way.")]:
            messages.error(self.request, sentence)


def _shown(moment: Any) -> str:
    return localize(timezone.localtime(moment))


class _DeskPage(WagtailAdminTemplateMixin, _DeskView):
    header_icon = "calendar-check"

    def get_page_subtitle(self) -> str:
        return str(self.launch)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        inspect = reverse("launches:inspect", args=[self.launch.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("launches:index"), "label": _("Launches")},
            {"url": inspect, "label": str(self.launch)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(launch=self.launch, **kwargs)


class RollBackView(_DeskPage):
    """Says what will happen to each part, and asks about pages that were changed since."""

    template_name = "catalog/admin/launch_roll_back.html"
    page_title = gettext_lazy("Roll back")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.launch.state != Launch.State.LIVE:
            messages.error(request, _("Only a launch that is live can be rolled back."))
            return self.back()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        anyway = bool(request.POST.get("anyway"))
        try:
            launches.roll_back(self.launch, user=request.user, anyway=anyway)
        except LaunchError as error:
            for problem in error.problems:
                messages.error(request, str(problem))
            return self.get(request)
        messages.success(request, _("Everything is as it was before the launch."))
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages, batches = rows_of(self.launch)
        changed = [row.part for row in pages if row.changed_since]
        return super().get_context_data(pages=pages, batches=batches, changed=changed, **kwargs)


class ChooseDraftView(_DeskPage):
    """Which draft of a page goes live: the newest, or an older one."""

    template_name = "catalog/admin/launch_draft.html"
    page_title = gettext_lazy("Choose the draft")

    @cached_property
    def part(self) -> LaunchPage:
        return get_object_or_404(pages_of(self.launch).exclude(page=None), pk=self.kwargs["part"])

    def drafts(self) -> list[Revision]:
        # Copies that launches made are the same drafts once more.
        copies = LaunchPage.objects.exclude(revision=None).values("revision")
        found = Revision.objects.for_instance(self.part.page.specific).exclude(pk__in=copies)
        return list(found.select_related("user").order_by("-created_at", "-pk")[:DRAFTS_TO_CHOOSE])

    @transaction.atomic
    def post(self, request: HttpRequest, pk: int, part: int) -> HttpResponse:
        asked = request.POST.get("draft")
        chosen = next((draft for draft in self.drafts() if str(draft.pk) == asked), None)
        try:
            locked(self.launch, *Launch.OPEN)
        except LaunchError as error:
            messages.error(request, str(error))
            return self.back()
        LaunchPage.objects.filter(pk=self.part.pk).update(chosen=chosen)
        messages.success(request, _("The launch has this draft now."))
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(part=self.part, drafts=self.drafts(), **kwargs)
