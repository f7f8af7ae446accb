"""Retire many products: a worker's job, product by product."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import jobs, retiring
from catalog.models import Job, ProductPage

RETIRE = "retire"


def may_retire(page: ProductPage, user: Any) -> bool:
    """Retiring takes a product off sale at once, as unpublishing does."""
    return page.permissions_for_user(user).can_publish()


def later(keys: list[int], *, user: Any) -> Job:
    """Owe the retirement of the products of these pages; the rights are asked again then."""
    title = ngettext("Retire %(count)d product", "Retire %(count)d products", len(keys))
    return jobs.enqueue(RETIRE, title % {"count": len(keys)}, user=user, arguments={"pages": keys})


@jobs.register(RETIRE)
def work(progress: jobs.Progress) -> Mapping[str, Any]:
    """Do a job of the kind "retire"; what is retired already stays as it is."""
    user = progress.job.user
    if user is None:
        raise jobs.JobError(_("Whoever asked for this is no longer a user."))
    keys = progress.job.arguments["pages"]
    progress.advance(0, total=len(keys))
    retired, refused = 0, 0
    for key in keys:
        if page := ProductPage.objects.filter(pk=key).first():
            if may_retire(page, user):
                retired += len(retiring.retire([page], user=user))
            else:
                refused += 1
        progress.advance()
    return {"sentences": sentences(retired, refused)}


def sentences(retired: int, refused: int = 0) -> list[str]:
    """What came of it, for whoever asked for it."""
    told = [
        ngettext("%(count)d product was retired.", "%(count)d products were retired.", retired)
        % {"count": retired}
    ]
    if refused:
        told.append(
            ngettext(
                "%(count)d product was left, because you may not retire it.",
                "%(count)d products were left, because you may not retire them.",
                refused,
            )
            % {"count": refused}
        )
    return told
