"""The list of jobs in the admin, and a job's page."""

from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from catalog.admin import jobs

urls = [
    path("", jobs.JobIndexView.as_view(), name="index"),
    path("results/", jobs.JobIndexView.as_view(results_only=True), name="results"),
    path("<int:pk>/", jobs.JobView.as_view(), name="detail"),
    path("<int:pk>/state/", jobs.JobStateView.as_view(), name="state"),
    path("<int:pk>/cancel/", jobs.CancelJobView.as_view(), name="cancel"),
    path("<int:pk>/file/", jobs.JobFileView.as_view(), name="file"),
]


@hooks.register("register_admin_urls")
def jobs_urls() -> list[URLResolver]:
    return [path("jobs/", include((urls, "catalog_jobs")))]


@hooks.register("register_reports_menu_item")
def jobs_menu_item() -> MenuItem:
    return MenuItem(
        _("Jobs"), reverse_lazy("catalog_jobs:index"), name="jobs", icon_name="tasks", order=900
    )
