"""Send an issue: plan it, write down who gets it when it begins, hold it, go on, cancel it.

Who sends each mail, and how, is ``social.newsletter.delivering``.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, Count, DateTimeField, IntegerField, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import bell
from catalog.models import CategoryPage
from social.models import Delivery, NewsletterPage, Sending
from social.models.newsletter import Segment
from social.newsletter import segments

logger = logging.getLogger(__name__)

State = Sending.State
# The speed is that of the last minutes, so that a pause does not count.
MEASURED = timedelta(minutes=2)


class SentAlreadyError(Exception):
    """The issue is planned, being sent, or was sent: only a cancelled one is planned anew."""


def plan(
    page: NewsletterPage,
    segment: str,
    *,
    user: Any,
    category: CategoryPage | None = None,
    begins: datetime | None = None,
) -> Sending:
    """Owe the issue to its segment, now or at a moment; once, however often it is asked for."""
    try:
        with transaction.atomic():
            sending = Sending.objects.create(
                page=page,
                segment=segment,
                category=category,
                begins=begins or timezone.now(),
                created_by=user,
            )
            transaction.on_commit(ring, robust=True)
            return sending
    except IntegrityError as error:
        raise SentAlreadyError from error


def ring() -> None:
    """Tell the workers to look. May fail: the beat rings every ten seconds."""
    from social.tasks import begin_newsletters, send_newsletter

    bell.ring(begin_newsletters, send_newsletter, expires=30)


def begin_due(moment: datetime | None = None) -> int:
    """Begin what is planned for now or before; return how many."""
    due = Sending.objects.filter(state=State.PLANNED, begins__lte=moment or timezone.now())
    keys = due.order_by("begins", "pk").values_list("pk", "page__translation_key")
    return sum(_begin_or_say_why_not(pk, issue) for pk, issue in keys)


def _begin_or_say_why_not(pk: int, issue: UUID) -> bool:
    """One that cannot begin keeps no other one waiting; the next ring tries it again."""
    try:
        return _begin(pk, issue)
    except Exception as error:
        logger.exception("newsletter %d cannot begin", pk)
        problem = f"{type(error).__name__}: {error}"[:255]
        Sending.objects.filter(pk=pk, state=State.PLANNED).update(problem=problem)
        return False


@transaction.atomic
def _begin(pk: int, issue: UUID) -> bool:
    """Freeze the words, and write a row for each recipient: all of it, or nothing."""
    sending = _held(issue).get(pk)
    if sending is None:
        return False
    if problem := _why_not(sending):
        _end(sending, State.CANCELLED, problem)
        return False
    # A page that nobody has edited since it was made by a program has no revision yet.
    page = sending.page
    sending.revision = page.live_revision or page.save_revision(changed=False, clean=False)
    sending.state, sending.began, sending.problem = State.RUNNING, timezone.now(), ""
    sending.save(update_fields=["revision", "state", "began", "problem"])
    segments.never_sent(page).delete()
    if not _write_deliveries(sending):
        _end(sending, State.DONE)
    return True


def _held(issue: UUID) -> dict[int, Sending]:
    """What is planned of an issue in all its languages, locked; nothing while somebody has of it.

    Two languages that began at once would both find that a subscriber has got neither.
    """
    planned = Sending.objects.filter(state=State.PLANNED, page__translation_key=issue)
    # Who waited would hold up other work for as long. SQLite has no row locks, and needs none.
    skip = connection.features.has_select_for_update_skip_locked
    rows = planned.select_for_update(of=("self",), skip_locked=skip).order_by("pk")
    held = {one.pk: one for one in rows.select_related("page", "category")}
    return held if len(held) == planned.count() else {}


def _why_not(sending: Sending) -> str:
    """Read by editors of any language, so in the shop's."""
    if not sending.page.live:
        return _("When it was to begin, the issue was not published.")
    if sending.page.alias_of_id:
        return _("This issue is a copy that follows another one: only that one is sent.")
    if sending.segment == Segment.BUYERS and sending.category is None:
        return _("When it was to begin, its category was gone.")
    return ""


def _end(sending: Sending, state: str, problem: str = "") -> None:
    sending.state, sending.problem, sending.ended = state, problem, timezone.now()
    sending.save(update_fields=["state", "problem", "ended"])


def _write_deliveries(sending: Sending) -> int:
    """One statement: the rows never pass through this process, however many they are."""
    now = timezone.now()
    values: dict[str, Any] = {
        "sending_id": Value(sending.pk, IntegerField()),
        "page_id": Value(sending.page_id, IntegerField()),
        "state": Value(Delivery.State.WAITING.value, CharField()),
        "attempts": Value(0, IntegerField()),
        "next_at": Value(now, DateTimeField()),
        "error": Value("", CharField()),
    }
    found = segments.recipients(sending.page, sending.segment, sending.category)
    chosen = found.order_by("pk").values_list("pk", *values.values())
    sql, params = chosen.query.sql_with_params()
    columns = ", ".join(map(connection.ops.quote_name, ["subscriber_id", *values]))
    table = connection.ops.quote_name(Delivery._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) {sql}", params)
        return cursor.rowcount


def pause(sending: Sending) -> bool:
    """Nothing leaves after the mail that is just leaving."""
    return _move(sending, [State.RUNNING], state=State.PAUSED)


def go_on(sending: Sending) -> bool:
    is_moved = _move(sending, [State.PAUSED], state=State.RUNNING, problem="")
    transaction.on_commit(ring, robust=True)
    return is_moved


def cancel(sending: Sending) -> bool:
    """Who has not got it will not get it by this sending."""
    unfinished = [State.PLANNED, State.RUNNING, State.PAUSED]
    return _move(sending, unfinished, state=State.CANCELLED, ended=timezone.now())


def plan_anew(sending: Sending, begins: datetime) -> bool:
    is_moved = _move(sending, [State.PLANNED], begins=begins)
    transaction.on_commit(ring, robust=True)
    return is_moved


def _move(sending: Sending, states: Sequence[str], **values: Any) -> bool:
    """Only out of these states, whatever somebody else has pressed meanwhile."""
    return bool(Sending.objects.filter(pk=sending.pk, state__in=states).update(**values))


@dataclass(frozen=True)
class Figures:
    """How far a sending is."""

    total: int
    sent: int
    waiting: int
    failed: int
    skipped: int
    unknown: int
    per_minute: int

    @property
    def percent(self) -> int:
        return 100 * (self.total - self.waiting) // self.total if self.total else 100

    @property
    def minutes_left(self) -> int:
        """Rounded up; 0 where nobody can say."""
        return -(-self.waiting // self.per_minute) if self.per_minute else 0


def figures(sending: Sending) -> Figures:
    """Two queries, whatever the number of recipients."""
    rows: QuerySet = sending.deliveries.order_by()
    counts = dict(rows.values_list("state").annotate(Count("pk")))
    of = Delivery.State
    return Figures(
        total=sum(counts.values()),
        sent=counts.get(of.SENT, 0),
        waiting=counts.get(of.WAITING, 0) + counts.get(of.SENDING, 0),
        failed=counts.get(of.FAILED, 0),
        skipped=counts.get(of.SKIPPED, 0),
        unknown=counts.get(of.UNKNOWN, 0),
        per_minute=_speed(sending) if sending.state == State.RUNNING else 0,
    )


def _speed(sending: Sending) -> int:
    now = timezone.now()
    since = max(now - MEASURED, sending.began or now)
    lately = sending.deliveries.filter(state=Delivery.State.SENT, sent__gt=since).count()
    seconds = (now - since).total_seconds()
    return round(60 * lately / seconds) if seconds else 0
