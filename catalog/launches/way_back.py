"""Roll a launch back as one: pages and prices return to what they were; stock and orders stay."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from catalog.models import Launch, LaunchBatch, LaunchPage

from . import parts
from .carrying_out import LaunchError, lock, pages_of
from .parts import Part, Problem
from .states import locked

LOG_ROLL_BACK = "catalog.launch.roll_back"


def changed_since(launch: Launch) -> list[LaunchPage]:
    """The pages that somebody published, unpublished or deleted after the launch."""
    return [
        part
        for part in pages_of(launch)
        if part.page is None or not part.page.live or part.page.live_revision_id != part.revision_id
    ]


@transaction.atomic
def roll_back(launch: Launch, *, user: Any, anyway: bool = False) -> Launch:
    """Bring pages and prices back to before the launch, all of them or none.

    Pages that were changed since are only brought back if told to do so ``anyway``.
    """
    launch = locked(launch, Launch.State.LIVE)
    rows, things = lock(launch)
    problems = [
        Problem(part, sentence)
        for part in rows
        for sentence in parts.obstacles(part, things.of(part), user)
    ]
    if not anyway:
        sentence = _("It was changed after the launch.")
        problems += [Problem(part, sentence) for part in changed_since(launch)]
    if problems:
        raise LaunchError(problems)
    # A page after those below it, which may have come with it.
    for part in reversed(rows):
        problems += [Problem(part, why) for why in _take_back(part, things.of(part), user)]
    if problems:
        raise LaunchError(problems)
    LaunchPage.objects.filter(launch=launch).update(revision=None)
    LaunchBatch.objects.filter(launch=launch).update(seen="")
    launch.state = Launch.State.ROLLED_BACK
    launch.rolled_back = timezone.now()
    launch.save()
    log(launch, LOG_ROLL_BACK, user=user)
    return launch


def _take_back(part: Part, thing: Any, user: Any) -> list[str]:
    if thing is None:
        # Deleted since: there is nothing to bring back.
        return []
    if isinstance(part, LaunchPage) and part.was_live and part.previous_revision is None:
        return [_("What was live before has been deleted from its history.")]
    try:
        with transaction.atomic():
            if isinstance(part, LaunchPage):
                parts.take_page_back(part, thing, user)
            else:
                parts.end_batch(thing, user)
    except ValidationError as error:
        return list(parts.spelled_out(error, thing))
    except PermissionDenied as error:
        return [str(error)]
    return []
