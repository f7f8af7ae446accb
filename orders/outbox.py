"""Do what is owed after a commit: claim a row, do its work, mark it. One row at a time.

Any number of workers, and the beat, may call ``drain`` at once. A worker that
dies leaves a lease behind that runs out; a mail is then sent again with the
same Message-ID (docs/decisions/0004).
"""

import logging
import random
import smtplib
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, F, PositiveIntegerField, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog import bell
from orders.models import Order, Outbox

logger = logging.getLogger(__name__)

# Mails to the shopper.
ORDER_PLACED = "order_placed"
PAYMENT_RECEIVED = "payment_received"
PAYMENT_FAILED = "payment_failed"
ORDER_PACKED = "order_packed"
ORDER_SHIPPED = "order_shipped"
ORDER_CANCELLED = "order_cancelled"
ORDER_REFUNDED = "order_refunded"
BACK_IN_STOCK = "back_in_stock"
# Mails to the merchant.
NEW_ORDER = "new_order"
LOW_STOCK = "low_stock"
ATTENTION = "attention"
# No mails.
REFUND = "refund"
PAYMENT_MESSAGE = "payment_message"
TELL_OF_STOCK = "tell_of_stock"
# Worked off before all else, so that a mail server that is silent holds up no money. A gateway
# that is silent holds up nothing: a breaker of its own lets these fail at once.
MONEY = (REFUND, PAYMENT_MESSAGE)

Handler = Callable[[Outbox], None]
_handlers: dict[str, Handler] = {}
_given_up: dict[str, Handler] = {}
_dropped: dict[str, Handler] = {}
_around: list[Callable[[], AbstractContextManager[None]]] = []

# Longer than a task may run (60 s), which is longer than SMTP may take (10 s).
LEASE = timedelta(seconds=90)
# Enough to reach over an outage of more than a day.
MAX_ATTEMPTS = 36
FIRST_PAUSE = 15.0
# A longer one would keep mail back for hours after the server has returned.
LONGEST_PAUSE = 3600.0
# Ended rows are kept so long, to answer whoever asks what became of a mail.
KEPT_FOR = timedelta(days=90)
# So many are forgotten at once, so that nobody waits long for the table.
FORGOTTEN_AT_ONCE = 1_000
# Seconds one drain goes on taking rows; the next ring continues.
BUDGET = 20.0

_MONEY_FIRST = Case(When(kind__in=MONEY, then=0), default=1)


class PermanentFailureError(Exception):
    """Trying again would change nothing."""


class NoLongerNeededError(Exception):
    """What the row was about has changed, so that there is nothing to do any more."""


def handles(*kinds: str) -> Callable[[Handler], Handler]:
    """Let the decorated function do the work of rows of these kinds."""

    def register(function: Handler) -> Handler:
        _handlers.update(dict.fromkeys(kinds, function))
        return function

    return register


def when_given_up(kind: str) -> Callable[[Handler], Handler]:
    """Let the decorated function be told of rows of a kind whose last attempt has failed."""

    def register(function: Handler) -> Handler:
        _given_up[kind] = function
        return function

    return register


def when_dropped(kind: str) -> Callable[[Handler], Handler]:
    """Let the decorated function be told of rows of a kind that are no longer needed.

    It runs in the transaction that drops the row.
    """

    def register(function: Handler) -> Handler:
        _dropped[kind] = function
        return function

    return register


def around(context: Callable[[], AbstractContextManager[None]]) -> None:
    """Let this be entered before rows are worked off, and left when there are none for now."""
    _around.append(context)


def enqueue(order: Order, kind: str, about: object = "", **payload: Any) -> Outbox:
    """Owe this for the order, once (once for each thing it is ``about``).

    Part of the caller's transaction. Owed already, it is not owed twice.
    """
    key = f"order:{order.pk}:{kind}" + (f":{about}" if about != "" else "")
    return owe(key, kind, order=order, **payload)


def owe_first(order: Order, *kinds: str) -> None:
    """Owe what follows from an order that was written in this very transaction: one insert."""
    Outbox.objects.bulk_create(
        Outbox(key=f"order:{order.pk}:{kind}", kind=kind, order=order) for kind in kinds
    )


def owe(key: str, kind: str, *, order: Order | None = None, **payload: Any) -> Outbox:
    """Owe something that has this key, once and for ever; part of the caller's transaction."""
    row, _created = Outbox.objects.get_or_create(
        key=key, defaults={"kind": kind, "order": order, "payload": payload}
    )
    return row


def ring() -> None:
    """Tell the workers to look. May fail: the beat rings every ten seconds."""
    from orders.tasks import drain_outbox

    bell.ring(drain_outbox, expires=30)


def drain(budget: float = BUDGET) -> int:
    """Work off due rows until there are none or ``budget`` seconds are over; return how many."""
    end = time.monotonic() + budget
    done = 0
    with ExitStack() as stack:
        for context in _around:
            stack.enter_context(context())
        while time.monotonic() < end and (row := _claim()):
            _work(row)
            done += 1
    return done


def _claim() -> Outbox | None:
    """Lease one due row to this worker, counting the attempt before it is made."""
    now = timezone.now()
    with transaction.atomic():
        # SQLite needs no row lock: the transaction holds the write lock from its start.
        skip = connection.features.has_select_for_update_skip_locked
        due = Outbox.objects.select_for_update(skip_locked=skip).due(now)
        row = due.order_by(_MONEY_FIRST, "next_at", "pk").first()
        if row is None:
            return None
        row.state, row.leased_until = Outbox.State.LEASED, now + LEASE
        row.attempts += 1
        row.save(update_fields=["state", "leased_until", "attempts"])
        return row


def _work(row: Outbox) -> None:
    """Do it outside any transaction, then write how it ended."""
    try:
        if row.attempts > MAX_ATTEMPTS:
            raise PermanentFailureError(row.last_error or "each worker that tried has died")
        _handlers[row.kind](row)
    except NoLongerNeededError as reason:
        _drop(row, str(reason))
    except Exception as error:
        permanent = is_permanent(error) or row.attempts >= MAX_ATTEMPTS
        logger.log(
            logging.ERROR if permanent else logging.WARNING,
            "outbox %s, attempt %d: %r",
            row.key,
            row.attempts,
            error,
            exc_info=not isinstance(error, OSError | PermanentFailureError),
        )
        _end(
            row,
            state=Outbox.State.FAILED if permanent else Outbox.State.QUEUED,
            last_error=f"{type(error).__name__}: {error}"[:2000],
            next_at=timezone.now() + pause_after(row.attempts),
        )
        if permanent and (tell := _given_up.get(row.kind)):
            tell(row)
    else:
        _end(row, state=Outbox.State.SENT, last_error="", sent_at=timezone.now())


@transaction.atomic
def _drop(row: Outbox, reason: str) -> None:
    is_ours = _end(row, state=Outbox.State.DROPPED, last_error=reason[:2000])
    if is_ours and (tell := _dropped.get(row.kind)):
        tell(row)


def _end(row: Outbox, **values: object) -> bool:
    """Write how it ended, only while the lease is ours: a later claim has counted once more."""
    ours = Outbox.objects.filter(pk=row.pk, attempts=row.attempts, state=Outbox.State.LEASED)
    return bool(ours.update(leased_until=None, **values))


def pause_after(attempts: int) -> timedelta:
    """Twice as long after each attempt, up to an hour: together more than a day."""
    pause = min(FIRST_PAUSE * 2**attempts, LONGEST_PAUSE)
    # Spread, so that what failed together does not come back together.
    return timedelta(seconds=pause * random.uniform(0.75, 1.25))  # noqa: S311


def is_permanent(error: Exception) -> bool:
    """Whether the address or the message is refused for good (RFC 5321, 4.2.1: replies 5yz).

    A refused log-in or sender is the shop's own mistake, which an operator mends.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reply in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, PermanentFailureError)


def held(rows: QuerySet[Outbox]) -> QuerySet[Outbox]:
    """Those of the rows that were given up or wait for a later attempt: ``is_held`` of many."""
    waits = Q(state=Outbox.State.QUEUED, next_at__gt=timezone.now())
    return rows.filter(Q(state=Outbox.State.FAILED) | waits)


def is_held(row: Outbox) -> bool:
    """Whether nobody works on it now although it has not ended: an operator may send it again."""
    waits = row.state == Outbox.State.QUEUED and row.next_at > timezone.now()
    return row.state == Outbox.State.FAILED or waits


def send_again(rows: QuerySet[Outbox]) -> int:
    """Try given-up rows anew, and waiting ones at once, as an operator asks; return how many.

    What was given up has all its attempts before it again; what waits goes on counting.
    """
    attempts = Case(
        When(state=Outbox.State.QUEUED, then=F("attempts")),
        default=0,
        output_field=PositiveIntegerField(),
    )
    return held(rows).update(state=Outbox.State.QUEUED, attempts=attempts, next_at=timezone.now())


def forget_old(moment: datetime | None = None) -> int:
    """Delete what ended long ago; return how many rows. What waits or was given up stays.

    Rows of a kind that nobody handles stay as well: they may be an older or newer shop's.
    """
    before = (moment or timezone.now()) - KEPT_FOR
    ended = Outbox.objects.filter(
        state__in=[Outbox.State.SENT, Outbox.State.DROPPED], kind__in=_handlers
    ).annotate(end=Coalesce("sent_at", "next_at"))
    gone = 0
    while keys := list(
        ended.filter(end__lt=before).values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]
    ):
        gone += Outbox.objects.filter(pk__in=keys).delete()[0]
    return gone
