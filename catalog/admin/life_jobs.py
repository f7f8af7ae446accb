"""Tell an editor that what they asked for is done in the background, and where to watch it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from catalog.models import Job


def tell(request: HttpRequest, job: Job) -> None:
    """A message, with the way to the job for those who may see it."""
    may_see = request.user.is_superuser or job.user_id == request.user.pk
    messages.info(
        request,
        _("%(job)s: this is done in the background.") % {"job": job.title},
        buttons=[messages.button(job_url(job), _("See how far it is"))] if may_see else [],
    )


def see_job(request: HttpRequest, job: Job) -> HttpResponse:
    """Go and watch it."""
    return redirect(job_url(job))


def job_url(job: Job) -> str:
    return reverse("catalog_jobs:detail", args=[job.pk])
