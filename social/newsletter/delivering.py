"""Send what a sending owes, one mail after another: nobody gets the same issue twice.

A mail is claimed, and the claim committed, before the mail server hears of it. A worker that
dies in between leaves one row claimed of which nobody can know whether it left: it becomes
UNKNOWN, is reported, and is not sent again. So a lost mail is possible, a second one is not.
"""

import logging
import secrets
import smtplib
import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.mails.line import is_alive
from orders.models import Outbox
from social.models import Delivery, Sending, Subscriber
from social.newsletter import issue, replies
from social.newsletter.pace import Pace

logger = logging.getLogger(__name__)

# Seconds for which one turn goes on; the next ring continues.
BUDGET = 20.0
# Longer than a task may run (60 s): after it no worker is at a row any more.
LEASE = timedelta(seconds=90)
# So many rows are read at once.
CHUNK = 20
# How often a mail server may say "later" of an address, and how long each time.
MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(minutes=5)
# So many in a row that end so say that something is wrong with the server or the issue.
MOST_IN_A_ROW = {Delivery.State.UNKNOWN: 3, Delivery.State.FAILED: 20}
# A mail of an order that is due for longer waits for a worker: the newsletter lets it pass.
PATIENCE = timedelta(seconds=5)

State = Delivery.State


class HeldError(Exception):
    """Nothing can be sent now; the message says why. ``is_lasting`` where waiting is no help."""

    def __init__(self, problem: str, *, is_lasting: bool = False) -> None:
        super().__init__(problem[:255])
        self.is_lasting = is_lasting


def work(budget: float = BUDGET) -> int:
    """Send what has begun for ``budget`` seconds; return how many mails left.

    Any number of workers may call it: one sends, the others return at once.
    """
    end = time.monotonic() + budget
    own = _lease()
    if own is None:
        return 0
    turn = Turn(own, end)
    try:
        turn.run()
    except HeldError as held:
        _hold(own, held)
    else:
        Sending.objects.filter(pk=own.pk, lease=own.lease).exclude(problem="").update(problem="")
    finally:
        turn.close()
        _release(own, turn.pace)
    return turn.count


def _lease() -> Sending | None:
    """The first sending that has something due, for this worker alone; None while one sends."""
    now = timezone.now()
    with transaction.atomic():
        # All of them, in one order, so that no two workers choose at the same time.
        locked = Sending.objects.select_for_update().filter(state=Sending.State.RUNNING)
        running = list(locked.order_by("pk"))
        if any(_is_leased(one, now) for one in running):
            return None
        _give_up_cut_off()
        _finish()
        for one in running:
            if one.deliveries.filter(state=State.WAITING, next_at__lte=now).exists():
                one.lease, one.leased_until = secrets.token_hex(16), now + LEASE
                one.save(update_fields=["lease", "leased_until"])
                return one
    return None


def _is_leased(own: Sending, now: datetime) -> bool:
    """No lease is longer than that, unless the clock has been set back since."""
    return own.leased_until is not None and now < own.leased_until <= now + LEASE


def _give_up_cut_off() -> int:
    """Rows whose worker died with them: whether the mail left, nobody can know."""
    begun = Sending.objects.exclude(state__in=[Sending.State.PLANNED, Sending.State.DONE])
    cut_off = Delivery.objects.filter(
        sending__in=begun, state=State.SENDING, claimed__lt=timezone.now() - LEASE
    )
    return cut_off.update(state=State.UNKNOWN, error="the worker that sent it has died")


def _finish() -> None:
    """What has nothing left to do is done."""
    left = Delivery.objects.filter(sending=OuterRef("pk"), state__in=[State.WAITING, State.SENDING])
    running = Sending.objects.filter(state=Sending.State.RUNNING)
    running.exclude(Exists(left)).update(state=Sending.State.DONE, ended=timezone.now(), problem="")


def _hold(own: Sending, held: HeldError) -> None:
    logger.warning("newsletter %d: %s", own.pk, held)
    values: dict[str, Any] = {"problem": str(held)}
    if held.is_lasting:
        values["state"] = Sending.State.PAUSED
    Sending.objects.filter(pk=own.pk, lease=own.lease, state=Sending.State.RUNNING).update(**values)


def _release(own: Sending, pace: Pace) -> None:
    """Let the next turn begin when its first mail may leave."""
    if pace.pause < 1:
        time.sleep(pace.pause)
    free_from = timezone.now() + timedelta(seconds=pace.pause)
    Sending.objects.filter(pk=own.pk, lease=own.lease).update(lease="", leased_until=free_from)
    _finish()


class Turn:
    """One worker's turn: a connection to the mail server, and the issue as it is sent."""

    def __init__(self, own: Sending, end: float) -> None:
        self.sending = own
        self.end = end
        self.pace = Pace(settings.NEWSLETTER_MAILS_PER_MINUTE)
        self.count = 0
        self._connection: Any = None
        self._in_a_row: dict[str, int] = {}

    def run(self) -> None:
        """Send until there is nothing due, the time is over, or somebody says stop."""
        rendered = self._render()
        while rows := self._next_rows():
            for row in rows:
                if not self.pace.wait(self.end):
                    return
                self._connect()
                message = issue.message(rendered, self.sending.page_id, row.subscriber)
                if claim(row, self.sending):
                    self._send(row, message)
                elif not self._goes_on():
                    return
                else:
                    _skip(row)
            if _others_wait():
                return

    def close(self) -> None:
        if self._connection is not None:
            with suppress(OSError):
                self._connection.close()
        self._connection = None

    def _render(self) -> issue.Rendered:
        """The words as they were when it began; prices as they are now."""
        if not self.sending.page.live:
            raise HeldError(_("The issue is not published any more."), is_lasting=True)
        try:
            revision = self.sending.revision
            page = revision.as_object() if revision else self.sending.page
            return issue.render(page)
        except Exception as error:
            logger.exception("newsletter %d cannot be made", self.sending.pk)
            raise HeldError(f"{type(error).__name__}: {error}", is_lasting=True) from error

    def _next_rows(self) -> list[Delivery]:
        due = self.sending.deliveries.filter(state=State.WAITING, next_at__lte=timezone.now())
        # As its index has them: in any finer order all that wait would be sorted for each chunk.
        return list(due.select_related("subscriber").order_by("next_at")[:CHUNK])

    def _connect(self) -> None:
        """Have a connection that answers, before anything is claimed for it."""
        if self._connection is not None and not is_alive(self._connection):
            self.close()
        if self._connection is None:
            connection = mail.get_connection()
            try:
                connection.open()
            except OSError as error:
                raise HeldError(f"{type(error).__name__}: {error}") from error
            self._connection = connection

    def _goes_on(self) -> bool:
        """Whether the sending is still running, and this worker's."""
        mine = Sending.objects.filter(pk=self.sending.pk, lease=self.sending.lease)
        return mine.filter(state=Sending.State.RUNNING).exists()

    def _send(self, row: Delivery, message: EmailMultiAlternatives) -> None:
        try:
            self._connection.send_messages([message])
        except smtplib.SMTPSenderRefused as error:
            # Nothing is wrong with the address: it is the server, or the shop's own sender.
            _end(row, State.WAITING, attempts=row.attempts)
            raise HeldError(str(error), is_lasting=error.smtp_code >= 500) from error
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            self._refused(row, error)
        except (ValueError, smtplib.SMTPNotSupportedError) as error:
            self._count(row, State.FAILED, error)
        except Exception as error:  # noqa: BLE001 - each kind of mail server breaks off its own way
            # Whether the server has taken it, nobody can know.
            logger.warning("newsletter %d to %d: %r", row.sending_id, row.subscriber_id, error)
            self.close()
            self._count(row, State.UNKNOWN, error)
        else:
            self.count += 1
            self._in_a_row = {}
            _end(row, State.SENT, sent=timezone.now())

    def _refused(self, row: Delivery, error: Exception) -> None:
        if replies.is_for_good(error) or row.attempts + 1 >= MOST_ATTEMPTS:
            self._count(row, State.FAILED, error)
            return
        pause = FIRST_PAUSE * 2**row.attempts
        _end(row, State.WAITING, error=replies.said(error), next_at=timezone.now() + pause)

    def _count(self, row: Delivery, state: str, error: Exception) -> None:
        _end(row, state, error=replies.said(error))
        self._in_a_row[state] = self._in_a_row.get(state, 0) + 1
        if self._in_a_row[state] >= MOST_IN_A_ROW[state]:
            raise HeldError(replies.said(error), is_lasting=True)


def claim(row: Delivery, own: Sending) -> bool:
    """Take one row, once, while its sending runs and its subscriber wants it; committed at once.

    All conditions are on the row itself or on rows of other tables, so that of two workers
    PostgreSQL lets one find it waiting.
    """
    waiting = Delivery.objects.filter(
        pk=row.pk,
        state=State.WAITING,
        subscriber__in=Subscriber.objects.confirmed().filter(pk=row.subscriber_id),
        sending__in=Sending.objects.filter(pk=own.pk, lease=own.lease, state=Sending.State.RUNNING),
    )
    return bool(
        waiting.update(state=State.SENDING, claimed=timezone.now(), attempts=row.attempts + 1)
    )


def _skip(row: Delivery) -> None:
    """Whoever unsubscribed meanwhile gets nothing."""
    wanted = Subscriber.objects.confirmed().filter(pk=row.subscriber_id)
    waiting = Delivery.objects.filter(pk=row.pk, state=State.WAITING)
    waiting.exclude(Exists(wanted)).update(state=State.SKIPPED)


def _end(row: Delivery, state: str, **values: Any) -> None:
    """Write how it ended, also where another worker has given it up for cut off."""
    ours = Delivery.objects.filter(pk=row.pk, state__in=[State.SENDING, State.UNKNOWN])
    ours.filter(attempts=row.attempts + 1).update(state=state, **{"error": "", **values})


def _others_wait() -> bool:
    return Outbox.objects.due(timezone.now() - PATIENCE).exists()
