"""Long work in the Wagtail admin: what there is, how far it is, what came of it."""

from typing import Any

import django_filters
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import select_template
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn, UserColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.models import IndexView
from wagtail.permission_policies.base import BasePermissionPolicy

from catalog import jobs
from catalog.models import Job

JOBS_PER_PAGE = 30


class OwnJobsPolicy(BasePermissionPolicy):
    """Somebody sees the jobs they asked for; a superuser sees all. Nobody writes one by hand."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and user.is_active

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet:
        if not user.is_active:
            return Job.objects.none()
        return Job.objects.all() if user.is_superuser else Job.objects.filter(user=user)


policy = OwnJobsPolicy(Job)


class JobFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=Job.State.choices)

    class Meta:
        model = Job
        fields = ["state"]


def how_far(job: Job) -> str:
    """How much is done, as far as it can be counted."""
    if job.state == Job.State.RUNNING and job.total:
        return f"{job.percent} %"
    return ""


class JobIndexView(IndexView):
    model = Job
    permission_policy = policy
    any_permission_required = ["view"]
    index_url_name = "catalog_jobs:index"
    index_results_url_name = "catalog_jobs:results"
    page_title = gettext_lazy("Jobs")
    header_icon = "tasks"
    paginate_by = JOBS_PER_PAGE
    default_ordering = "-pk"
    filterset_class = JobFilterSet
    list_display = [
        TitleColumn(
            "title",
            label=gettext_lazy("Job"),
            get_url=lambda job: reverse("catalog_jobs:detail", args=[job.pk]),
        ),
        StatusTagColumn(
            "state",
            label=gettext_lazy("State"),
            accessor=lambda job: job.get_state_display(),
            primary=lambda job: job.state == Job.State.DONE,
        ),
        Column("how_far", label=gettext_lazy("How far"), accessor=how_far),
        UserColumn("user", blank_display_name="–"),
        DateColumn("created", label=gettext_lazy("Asked for"), sort_key="created"),
        DateColumn("finished", label=gettext_lazy("Finished"), sort_key="finished"),
    ]

    def get_base_queryset(self) -> QuerySet:
        seen = policy.instances_user_has_any_permission_for(self.request.user, {"view"})
        return seen.select_related("user__wagtail_userprofile").defer("report", "arguments")

    def get_list_buttons(self, instance: Job) -> list:
        # The title leads to the job, and there is nothing else to do with it here.
        return []


class _JobView(View):
    @cached_property
    def job(self) -> Job:
        # Somebody else's job is not there at all, as its number tells nothing.
        seen = policy.instances_user_has_any_permission_for(self.request.user, {"view"})
        return get_object_or_404(seen.select_related("user"), pk=self.kwargs["pk"])

    def state(self) -> dict[str, Any]:
        """What the changing part of the page shows."""
        kinds = [f"catalog/admin/job_reports/{self.job.kind}.html", "catalog/admin/job_report.html"]
        return {"job": self.job, "report_template": select_template(kinds)}


class JobView(WagtailAdminTemplateMixin, _JobView):
    """One job. While it is unfinished, a script loads its state again and again."""

    template_name = "catalog/admin/job.html"
    page_title = gettext_lazy("Job")
    header_icon = "tasks"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**self.state()))

    def get_page_subtitle(self) -> str:
        return self.job.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("catalog_jobs:index"), "label": _("Jobs")},
            {"url": "", "label": self.job.title},
        ]


class JobStateView(WagtailAdminTemplateMixin, _JobView):
    """Only the part of the page that changes."""

    template_name = "catalog/admin/job_state.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        response = self.render_to_response(self.state())
        response["Cache-Control"] = "no-store"
        return response


class CancelJobView(_JobView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if jobs.cancel(self.job):
            messages.success(request, _("The job was cancelled."))
        else:
            messages.info(request, _("The job had ended already."))
        return redirect("catalog_jobs:detail", pk)


class JobFileView(_JobView):
    """The file that came of a job, to keep."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        name = self.job.report.get("file")
        if not name or not default_storage.exists(name):
            raise Http404
        return FileResponse(default_storage.open(name), as_attachment=True)
