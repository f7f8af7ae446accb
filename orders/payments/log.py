"""Keep every word with a gateway: what was asked, what it said, how long it took."""

import json
import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from orders.models import Payment, PaymentEvent

logger = logging.getLogger(__name__)

# Of a long answer the beginning tells enough.
LONGEST = 20_000
# What was about no payment, such as the proof of a message.
KEPT_FOR = timedelta(days=30)
# Where an order can be opened: whoever reads the books is not its shopper.
ADDRESS = re.compile(r"(/orders/)[\w-]{32}(?=/)")

Log = Callable[..., None]


def for_payment(gateway: str, payment: Payment | None = None) -> Log:
    """A function that writes one call to the gateway down; never the reason a call fails.

    ``body`` and ``answer`` are what JSON can hold, without secrets; ``status`` is HTTP's.
    """

    def log(
        action: str,
        *,
        body: Any = None,
        status: int | None = None,
        answer: Any = None,
        error: str = "",
        seconds: float | None = None,
    ) -> None:
        try:
            PaymentEvent.objects.create(
                gateway=gateway,
                payment=payment,
                direction=PaymentEvent.Direction.CALL,
                action=action[:100],
                body=kept(body),
                status=status,
                answer=kept(answer),
                error=error[:500],
                milliseconds=None if seconds is None else round(seconds * 1000),
            )
        except DatabaseError:
            # The money matters more than the note about it.
            logger.exception("a call to %s could not be logged", gateway)

    return log


def forget_strangers(moment: datetime | None = None) -> int:
    """Delete old calls that were about no payment of ours; return how many.

    Anybody may send a message that has to be proven with the gateway: what that left behind
    is no part of the books.
    """
    before = (moment or timezone.now()) - KEPT_FOR
    call = PaymentEvent.Direction.CALL
    old = PaymentEvent.objects.filter(payment=None, direction=call, created__lt=before)
    return old.delete()[0]


def kept(value: Any) -> Any:
    """The value as JSON, or the beginning of its text where it is too long to keep."""
    if value is None:
        return {}
    # PostgreSQL keeps no NUL.
    text = ADDRESS.sub(r"\1…", json.dumps(value, default=str)).replace("\\u0000", "")
    return json.loads(text) if len(text) <= LONGEST else {"beginning": text[:LONGEST]}
