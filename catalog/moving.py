"""Move and rename branches of the tree; large ones are a worker's job.

A branch of 100,000 pages takes seconds to move, whoever does it: each page below gets
another path and another address. All of that is one transaction, so a worker that dies in
its midst leaves the tree as it was.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page

from catalog import jobs, redirects
from catalog.models import Job

MOVE, RENAME, DELETE = "move", "rename", "delete"


def is_large(page: Page) -> bool:
    """Whether so much stands below the page that a request should not wait for it."""
    return page.numchild > 0 and page.get_descendant_count() > jobs.MOST_PAGES_AT_ONCE


def move_later(page: Page, destination: Page, *, user: Any) -> Job:
    """Owe the move of a branch to below ``destination``; the rights are asked again then."""
    title = _("Move “%(page)s” to “%(destination)s”") % {
        "page": page.get_admin_display_title(),
        "destination": destination.get_admin_display_title(),
    }
    arguments = {"page": page.pk, "destination": destination.pk}
    return jobs.enqueue(MOVE, title, user=user, arguments=arguments)


@jobs.register(MOVE)
def move(progress: jobs.Progress) -> Mapping[str, Any]:
    """Do a job of the kind "move"; done already, it does nothing."""
    wanted = progress.job.arguments
    page = _page(wanted["page"])
    destination = Page.objects.filter(pk=wanted["destination"]).first()
    if destination is None:
        raise jobs.JobError(_("The place to move it to was deleted."))
    count = page.get_descendant_count()
    if not page.is_child_of(destination):
        if not Page._slug_is_available(page.slug, destination, page=page):
            raise jobs.JobError(_address_taken(page.slug))
        if destination.pk == page.pk or destination.is_descendant_of(page):
            raise jobs.JobError(_("A page cannot be moved below itself."))
        with transaction.atomic():
            try:
                page.move(destination, pos="last-child", user=progress.job.user)
            except PermissionDenied as error:
                raise jobs.JobError(_("You may not move the page there.")) from error
            # Cancelled meanwhile, it must not have happened.
            progress.advance(count + 1, total=count + 1)
    return {"sentences": [_moved(count)]}


def put_off_renaming(page: Page) -> str | None:
    """Give a large branch that is about to be saved its old slug back; return the new one."""
    if page.pk is None or not page.numchild:
        return None
    now = Page.objects.filter(pk=page.pk).values_list("slug", flat=True).first()
    if now == page.slug:
        _forget_renaming(page)
    if now in (None, page.slug) or not is_large(page):
        return None
    wanted, page.slug = page.slug, now
    return wanted


def _forget_renaming(page: Page) -> None:
    waiting = Job.objects.filter(kind=RENAME, state=Job.State.WAITING, arguments__page=page.pk)
    for job in waiting:
        jobs.cancel(job)


def rename_later(page: Page, slug: str) -> Job:
    """Owe a branch its new address; the page keeps the old one until then."""
    _forget_renaming(page)
    title = _("Change the address of “%(page)s” to “%(slug)s”") % {
        "page": page.get_admin_display_title(),
        "slug": slug,
    }
    return jobs.enqueue(
        RENAME,
        title,
        user=get_active_log_context().user,
        arguments={"page": page.pk, "slug": slug},
    )


@jobs.register(RENAME)
def rename(progress: jobs.Progress) -> Mapping[str, Any]:
    """Do a job of the kind "rename"; done already, it does nothing."""
    page, slug = _page(progress.job.arguments["page"]), progress.job.arguments["slug"]
    count = page.get_descendant_count()
    if page.slug != slug:
        before = page.url_path
        page.slug = slug
        with transaction.atomic():
            try:
                # As a plain page: the save() of a category would put it off again.
                page.save()
            except ValidationError as error:
                raise jobs.JobError(_address_taken(slug)) from error
            # With the new address or not at all; the signal says it again after the commit.
            redirects.remember(Page.objects.get(pk=page.pk), before)
            progress.advance(count + 1, total=count + 1)
    return {"sentences": [_moved(count)]}


def under_way(page: Page) -> list[Job]:
    """Unfinished jobs that move, rename or delete the page, what is above it or below it."""
    unfinished = Job.objects.filter(
        kind__in=[MOVE, RENAME, DELETE], state__in=[Job.State.WAITING, Job.State.RUNNING]
    )
    found = []
    for job in unfinished:
        keys = [*job.arguments.get("pages", []), job.arguments.get("page")]
        keys.append(job.arguments.get("destination"))
        paths = Page.objects.filter(pk__in=[key for key in keys if key]).values_list(
            "path", flat=True
        )
        if any(page.path.startswith(path) or path.startswith(page.path) for path in paths):
            found.append(job)
    return found


def _page(key: int) -> Page:
    page = Page.objects.filter(pk=key).first()
    if page is None:
        raise jobs.JobError(_("The page was deleted before its turn came."))
    return page


def _address_taken(slug: str) -> str:
    message = _(
        "Another page there has the address “%(slug)s”. Change one of the two, then try again."
    )
    return message % {"slug": slug}


def _moved(count: int) -> str:
    return ngettext(
        "The page and %(count)d page below it have their new addresses. The old ones lead there.",
        "The page and %(count)d pages below it have their new addresses. The old ones lead there.",
        count,
    ) % {"count": count}
