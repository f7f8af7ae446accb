"""An import as two jobs: a trial that says what would change, then the import itself."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from wagtail.models import Page

from catalog import jobs
from catalog.models import Job

if TYPE_CHECKING:
    from .whole import WholeImport

TRIAL = "import_trial"
IMPORT = "import_products"
# Changes shown on the page of a trial; the file beside it has all.
SHOWN = 500
# Of a name; a letter may be four bytes, and a file system takes 255.
LONGEST_NAME = 50
BEGUN_AGAIN = (
    "The worker died while it imported, and the import was begun again: what it had written "
    "until then counts as unchanged."
)


def enqueue_trial(user: Any, file: File, parent: Page) -> Job:
    """Owe a look at what importing this file would change; nothing is written to the shop."""
    given = Path(file.name)
    name = f"{given.stem[:LONGEST_NAME]}{given.suffix}"
    return jobs.enqueue(
        TRIAL,
        _("Trial import of %(name)s") % {"name": name},
        user=user,
        arguments={"name": name, "parent": parent.pk},
        file=File(file, name=name),
    )


def enqueue_import(user: Any, trial: Job) -> Job:
    """Owe the import that a trial has shown; the file is copied, for each job keeps its own."""
    name = trial.arguments["name"]
    with trial.file.open("rb") as file:
        return jobs.enqueue(
            IMPORT,
            _("Import of %(name)s") % {"name": name},
            user=user,
            arguments={**trial.arguments, "trial": trial.pk},
            file=ContentFile(file.read(), name=name),
        )


@jobs.register(TRIAL)
def run_trial(progress: jobs.Progress) -> dict[str, Any]:
    """What the file would change: the first changes to be shown, and all of them in a file."""
    from .trial import changes, changes_file

    with _opened(progress) as work:
        path = work.path.with_name(f"trial-{progress.job.pk}.csv")
        report = work.whole.report
        found = changes(work.whole, progress.advance)
        shown, count = changes_file(found, path, SHOWN, report)
        kept = _keep(path)
    return {"file": kept, "changes": shown, "change_count": count, **report.as_json()}


@jobs.register(IMPORT)
def run_import(progress: jobs.Progress) -> dict[str, Any]:
    """Import the file; what became of it is the job's report, and a text to keep."""
    with _opened(progress) as work:
        if progress.job.attempts > 1:
            work.whole.report.remarks.append(BEGUN_AGAIN)
        try:
            work.whole.run(progress.advance)
        except jobs.CancelledError:
            progress.keep(lambda: _report(work, progress.job))
            raise
        return _report(work, progress.job)


def _report(work: "_Work", job: Job) -> dict[str, Any]:
    path = work.path.with_name(f"import-{job.pk}.txt")
    path.write_text(str(work.whole.report), encoding="utf-8")
    return {"file": _keep(path), **work.whole.report.as_json()}


@dataclass(frozen=True)
class _Work:
    whole: "WholeImport"
    path: Path


@contextmanager
def _opened(progress: jobs.Progress) -> Iterator[_Work]:
    """The job's file, read and ready to be imported, in a folder that is gone afterwards."""
    # Workers know the kinds of jobs from their start; what does these, they need not.
    from . import detect
    from .report import Report
    from .whole import WholeImport

    job = progress.job
    parent = Page.objects.filter(pk=job.arguments["parent"]).first()
    if parent is None:
        raise jobs.JobError(_("The page for new categories is not there any more."))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / job.arguments["name"]
        with job.file.open("rb") as source, path.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        try:
            table = detect.read(path)
        except detect.UnusableFileError as error:
            raise jobs.JobError(str(error)) from error
        whole = WholeImport(table, Report(path.name), parent.specific)
        progress.advance(0, total=len(whole.contents.products))
        yield _Work(whole, path)


def _keep(path: Path) -> str:
    """Into the storage, by the name under which it is found again."""
    with path.open("rb") as file:
        return default_storage.save(f"jobs/{path.name}", File(file))
