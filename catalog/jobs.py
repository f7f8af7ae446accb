"""Long work beside the requests: the row is what is owed, Celery only rings.

An app registers what it can do under a name; a view enqueues a row in its own
transaction. A worker leases the row and renews the lease whenever it tells how far
it is. A worker that died lets the lease run out, and the next sweep begins again, so
what a job does must be safe to do twice.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from catalog import bell
from catalog.models.jobs import Job

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
# A job that took its worker with it so many times is not begun again.
MOST_ATTEMPTS = 3
# How long what came of a job can be read.
KEPT = timedelta(days=90)
# What touches more pages than this is work for a job, not for a request.
MOST_PAGES_AT_ONCE = 200
# Progress is written no more often: each write is a transaction.
PAUSE = timedelta(seconds=0.5)

_kinds: dict[str, Callable[["Progress"], Mapping[str, Any] | None]] = {}


class JobError(Exception):
    """The job cannot be done; the message is a sentence for whoever asked for it."""


class CancelledError(Exception):
    """Somebody cancelled the job, or it was begun again elsewhere."""


class Progress:
    """What a running job has in hand: its row, and the way to say how far it is."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.done = 0
        self.total = 0
        self._told = timezone.now()

    def advance(self, done: int = 1, *, total: int | None = None) -> None:
        """Count ``done`` more; raise CancelledError where the job is no longer this worker's."""
        self.done += done
        if total is not None:
            self.total = total
        if total is not None or timezone.now() - self._told >= PAUSE:
            self.tell()

    def tell(self) -> None:
        self._told = timezone.now()
        mine = Job.objects.filter(
            pk=self.job.pk, state=Job.State.RUNNING, attempts=self.job.attempts
        )
        if not mine.update(done=self.done, total=self.total, leased_until=timezone.now() + LEASE):
            raise CancelledError

    def keep(self, report: Callable[[], Mapping[str, Any]]) -> None:
        """What came of a job until somebody cancelled it; nothing where it was begun again."""
        cancelled = Job.objects.filter(
            pk=self.job.pk, state=Job.State.CANCELLED, attempts=self.job.attempts
        )
        if cancelled.exists():
            cancelled.update(report=report(), done=self.done)


def register(kind: str):
    """Let the decorated function do jobs of this kind; what it returns is their report.

    Of a report the job's page shows ``sentences``, a list, and offers ``file``, a name in
    the default storage, for download; a template ``catalog/admin/job_reports/<kind>.html``
    can show the rest.
    """

    def decorate(function):
        _kinds[kind] = function
        return function

    return decorate


def enqueue(
    kind: str,
    title: str,
    *,
    user: Any = None,
    arguments: Mapping[str, Any] | None = None,
    file: File | None = None,
) -> Job:
    """Owe this work, as part of the caller's transaction, and ring after its commit."""
    job = Job(kind=kind, title=title[:255], user=user, arguments=dict(arguments or {}))
    if file is not None:
        job.file = file
    job.save()
    transaction.on_commit(ring, robust=True)
    return job


def ring() -> None:
    """Tell a worker to look. May fail: the beat rings too."""
    from catalog.tasks import run_jobs

    bell.ring(run_jobs, expires=300)


def run_due() -> int:
    """Do the jobs that wait or were lost, one after another; return how many."""
    count = 0
    while job := _claim():
        _run(job)
        count += 1
    return count


def cancel(job: Job) -> bool:
    """Stop a job that is not finished; False if it is. What is written already stays."""
    unfinished = Job.objects.filter(pk=job.pk, state__in=[Job.State.WAITING, Job.State.RUNNING])
    return bool(unfinished.update(state=Job.State.CANCELLED, finished=timezone.now()))


def forget_old(moment: datetime | None = None) -> int:
    """Remove the jobs that ended 90 days before ``moment`` with their files; return how many."""
    ended = (moment or timezone.now()) - KEPT
    count = 0
    for job in Job.objects.filter(finished__lt=ended).iterator():
        for name in filter(None, (job.file.name, job.report.get("file"))):
            default_storage.delete(name)
        job.delete()
        count += 1
    return count


def _claim() -> Job | None:
    now = timezone.now()
    due = Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, leased_until__lte=now)
    with transaction.atomic():
        # One at a time, so that a long one leaves workers to the mail.
        if Job.objects.filter(state=Job.State.RUNNING, leased_until__gt=now).exists():
            return None
        skip = connection.features.has_select_for_update_skip_locked
        job = Job.objects.select_for_update(skip_locked=skip).filter(due).order_by("pk").first()
        if job is None:
            return None
        job.state, job.leased_until = Job.State.RUNNING, now + LEASE
        job.started = job.started or now
        job.attempts += 1
        job.save(update_fields=["state", "leased_until", "started", "attempts"])
        return job


def _run(job: Job) -> None:
    progress = Progress(job)
    try:
        if job.attempts > MOST_ATTEMPTS:
            raise JobError("Each worker that tried this has died.")
        report = _kinds[job.kind](progress)
    except CancelledError:
        return
    except JobError as error:
        _end(progress, state=Job.State.FAILED, problem=str(error))
    except Exception as error:
        logger.exception("job %d, %s", job.pk, job.kind)
        _end(progress, state=Job.State.FAILED, problem=f"{type(error).__name__}: {error}"[:2000])
    else:
        _end(progress, state=Job.State.DONE, report=report or {})


def _end(progress: Progress, **values: Any) -> None:
    Job.objects.filter(
        pk=progress.job.pk, state=Job.State.RUNNING, attempts=progress.job.attempts
    ).update(
        done=progress.done,
        total=progress.total,
        leased_until=None,
        finished=timezone.now(),
        **values,
    )
