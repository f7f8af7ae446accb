"""An export as a job: asked for in a request, done by a worker, with progress."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import jobs
from catalog.models import CategoryPage, Job

KIND = "export_products"
FORMATS = ("xlsx", "csv")


def enqueue(
    user: Any,
    format_: str = FORMATS[0],
    *,
    category: CategoryPage | None = None,
    with_cost: bool = False,
) -> Job:
    """Owe an export to this user; the job's ``file`` holds it once the job is done."""
    if format_ not in FORMATS:
        raise ValueError(f"{format_} is no format of an export")
    arguments = {
        "format": format_,
        "category": category.pk if category else None,
        "with_cost": with_cost,
    }
    what = category.title if category else _("all products")
    return jobs.enqueue(
        KIND, _("Export of %(what)s") % {"what": what}, user=user, arguments=arguments
    )


@jobs.register(KIND)
def run_job(progress: jobs.Progress) -> dict[str, Any]:
    """Write the file and keep it with the job."""
    arguments = progress.job.arguments
    category = None
    if arguments["category"]:
        category = CategoryPage.objects.filter(pk=arguments["category"]).first()
        if category is None:
            raise jobs.JobError(_("The category is not there any more."))
    # Workers know the kinds of jobs from their start; what does this one, they need not.
    from .run import default_root, export

    root = default_root()
    if root is None:
        raise jobs.JobError(_("There is no default site."))
    name = f"products-{timezone.localdate():%Y-%m-%d}.{arguments['format']}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        exported = export(
            path,
            root,
            category,
            with_cost=arguments["with_cost"],
            done=lambda count, total: progress.advance(count, total=total),
        )
        with path.open("rb") as file:
            progress.job.file.save(name, File(file), save=False)
    # Only the file: the worker keeps the rest of the row.
    Job.objects.filter(pk=progress.job.pk).update(file=progress.job.file.name)
    return {
        "file": progress.job.file.name,
        "sentences": [
            ngettext(
                "%(count)d product was written.",
                "%(count)d products were written.",
                exported.products,
            )
            % {"count": exported.products}
        ],
        "products": exported.products,
        "rows": exported.rows,
    }
