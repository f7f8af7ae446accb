"""An import as two jobs: a trial that says what would change, then the import itself."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from wagtail.models import Page

from catalog import jobs
from catalog.models import Job

TRIAL = "import_trial"
IMPORT = "import_products"
# Changes shown on the page of a trial; the file beside it has all.
SHOWN = 500


def enqueue_trial(user: Any, file: File, parent: Page) -> Job:
    """Owe a look at what importing this file would change; nothing is written to the shop."""
    name = Path(file.name).name
    return jobs.enqueue(
        TRIAL,
        _("Trial import of %(name)s") % {"name": name},
        user=user,
        arguments={"name": name, "parent": parent.pk},
        file=file,
    )


def enqueue_import(user: Any, trial: Job) -> Job:
    """Owe the import that a trial has shown; the file is copied, for each job keeps its own."""
    name = trial.arguments["name"]
    with trial.file.open("rb") as file:
        return jobs.enqueue(
            IMPORT,
            _("Import of %(name)s") % {"name": name},
            user=user,
            arguments=trial.arguments,
            file=ContentFile(file.read(), name=name),
        )


@jobs.register(TRIAL)
def run_trial(progress: jobs.Progress) -> dict[str, Any]:
    """What the file would change, with the first changes to be shown and all in a file."""
    from .trial import changes_file

    with _opened(progress) as (work, report):
        rows = work.trial(lambda: progress.advance())
        with tempfile.TemporaryDirectory() as folder:
            shown, name = changes_file(rows, Path(folder), SHOWN)
            with name.open("rb") as file:
                progress.job.file.storage.save(f"jobs/{name.name}", File(file))
    return {"rows": shown, **report.as_json()}


@jobs.register(IMPORT)
def run_import(progress: jobs.Progress) -> dict[str, Any]:
    """Import the file; what became of it is the job's report, and a text to keep."""
    with _opened(progress) as (work, report):
        work.run(lambda: progress.advance())
    name = f"import-{progress.job.pk}.txt"
    kept = progress.job.file.storage.save(f"jobs/{name}", ContentFile(str(report).encode()))
    return {"file": kept, **report.as_json()}
