"""What can be done with a launch: schedule it, call it off, carry it out when it is due."""

import logging
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from catalog.models import Launch, LaunchBatch, LaunchPage

from . import parts
from .carrying_out import (
    PASSING,
    LaunchError,
    batches_of,
    carry_out,
    check,
    obstacles,
    pages_of,
    seen,
)

logger = logging.getLogger(__name__)

LOG_SCHEDULE = "catalog.launch.schedule"
LOG_UNSCHEDULE = "catalog.launch.unschedule"
LOG_LIVE = "catalog.launch.live"
LOG_FAIL = "catalog.launch.fail"


def locked(launch: Launch, *states: str) -> Launch:
    """The launch as it is now, its row locked; refused unless it is in one of the states."""
    now = Launch.objects.select_for_update().filter(pk=launch.pk).first()
    if now is None or now.state not in states:
        raise LaunchError.because(
            _("Somebody changed the launch meanwhile. Please look at it again.")
        )
    return now


@transaction.atomic
def schedule(launch: Launch, *, user: Any, as_seen: str | None = None) -> Launch:
    """Let it go live at its moment, with the drafts as they are now; LaunchError says why not.

    ``as_seen`` is what ``seen()`` said when the person looked: other drafts are refused.
    """
    launch = locked(launch, *Launch.OPEN)
    _expect(launch, as_seen)
    if launch.moment <= timezone.now():
        raise LaunchError.because(_("Its moment has passed. Choose a later one, or launch it now."))
    _take_drafts(launch, user)
    data = {"moment": launch.moment.isoformat()}
    log(launch, LOG_SCHEDULE, user=user, data=data)
    return launch


def _expect(launch: Launch, as_seen: str | None) -> None:
    if as_seen is not None and as_seen != seen(launch):
        raise LaunchError.because(
            _("A draft was changed since you looked. Please look at it again.")
        )


def _take_drafts(launch: Launch, user: Any) -> None:
    """Check everything, keep copies of the drafts, and make the launch a scheduled one."""
    if problems := check(launch, user):
        raise LaunchError(problems)
    for part in pages_of(launch):
        copy = parts.copied(parts.draft_of(part))
        LaunchPage.objects.filter(pk=part.pk).update(
            revision=copy, was_live=None, previous_revision=None
        )
    for part in batches_of(launch):
        LaunchBatch.objects.filter(pk=part.pk).update(seen=parts.fingerprint(part.batch))
    launch.scheduled_by = user
    launch.went_live = launch.rolled_back = None
    launch.problem = ""
    launch.state = Launch.State.SCHEDULED
    launch.save()


@transaction.atomic
def unschedule(launch: Launch, *, user: Any) -> Launch:
    """Keep a scheduled launch from going live, so that it can be changed."""
    launch = locked(launch, Launch.State.SCHEDULED)
    _let_go_of_drafts(launch)
    launch.state = Launch.State.DRAFT
    launch.save()
    log(launch, LOG_UNSCHEDULE, user=user)
    return launch


def _let_go_of_drafts(launch: Launch) -> None:
    for part in pages_of(launch).exclude(revision=None):
        part.revision.delete()
    LaunchBatch.objects.filter(launch=launch).update(seen="")


@transaction.atomic
def take_newest(launch: Launch, *, user: Any, part: LaunchPage | None = None) -> Launch:
    """Take the newest draft of this part or of all; a scheduled launch is scheduled anew."""
    launch = locked(launch, *Launch.OPEN, Launch.State.SCHEDULED)
    rows = LaunchPage.objects.filter(launch=launch)
    (rows.filter(pk=part.pk) if part else rows).update(chosen=None)
    if launch.is_open:
        return launch
    if part is None:
        return schedule(unschedule(launch, user=user), user=user)
    return _take_newest_of(launch, pages_of(launch).get(pk=part.pk), user)


def _take_newest_of(launch: Launch, part: LaunchPage, user: Any) -> Launch:
    """The other parts of a scheduled launch keep the drafts they have."""
    if part.page is None or part.page.latest_revision is None:
        raise LaunchError.because(_("There is no draft of this page any more."))
    old = part.revision
    copy = parts.copied(part.page.latest_revision)
    LaunchPage.objects.filter(pk=part.pk).update(revision=copy)
    if old is not None:
        old.delete()
    if problems := check(launch, user):
        raise LaunchError(problems)
    launch.scheduled_by = user
    launch.save()
    log(launch, LOG_SCHEDULE, user=user, data={"moment": launch.moment.isoformat()})
    return launch


@transaction.atomic
def launch_now(launch: Launch, *, user: Any, as_seen: str | None = None) -> Launch:
    """Carry it out at once; LaunchError says why that cannot be, and nothing was changed."""
    launch = locked(launch, *Launch.OPEN, Launch.State.SCHEDULED)
    _expect(launch, as_seen)
    launch.moment = timezone.now()
    if launch.is_open:
        _take_drafts(launch, user)
    problems = [*obstacles(launch, user), *carry_out(launch, user=user, at=launch.moment)]
    if problems:
        raise LaunchError(problems)
    launch.scheduled_by = user
    _has_gone_live(launch)
    return launch


def run_due() -> int:
    """Carry out the scheduled launches whose moment has come; return how many went live."""
    due = Launch.objects.filter(state=Launch.State.SCHEDULED, moment__lte=timezone.now())
    went_live = 0
    for pk in list(due.order_by("moment", "pk").values_list("pk", flat=True)):
        try:
            went_live += _run(pk)
        except PASSING:
            logger.exception("launch %d: will be tried again", pk)
    return went_live


@transaction.atomic
def _run(pk: int) -> bool:
    now = timezone.now()
    due = Launch.objects.filter(pk=pk, state=Launch.State.SCHEDULED, moment__lte=now)
    skip = connection.features.has_select_for_update_skip_locked
    launch = due.select_for_update(skip_locked=skip).first()
    if launch is None:
        # A rival carries it out now, or has just done so.
        return False
    try:
        with transaction.atomic():
            user = launch.scheduled_by
            # No price is written into the past: a late launch's prices begin when they do.
            at = now if launch.late else launch.moment
            problems = [*obstacles(launch, user), *carry_out(launch, user=user, at=at)]
            if problems:
                raise LaunchError(problems)
            _has_gone_live(launch)
    except PASSING:
        raise
    except LaunchError as error:
        _has_failed(pk, str(error))
    except Exception as error:
        logger.exception("launch %d", pk)
        _has_failed(pk, f"{type(error).__name__}: {error}")
    else:
        return True
    return False


def _has_gone_live(launch: Launch) -> None:
    launch.state = Launch.State.LIVE
    launch.went_live = timezone.now()
    launch.problem = ""
    launch.save()
    late = int(launch.late.total_seconds()) if launch.late else 0
    log(launch, LOG_LIVE, user=launch.scheduled_by, data={"late": late})
    logger.info("launch %d, %s, is live, %d seconds late", launch.pk, launch, late)


def _has_failed(pk: int, problem: str) -> None:
    launch = Launch.objects.get(pk=pk)
    _let_go_of_drafts(launch)
    launch.state = Launch.State.FAILED
    launch.problem = problem
    launch.save()
    log(launch, LOG_FAIL, data={"problem": problem})
    logger.error("launch %d, %s, did not go live: %s", launch.pk, launch, problem)
