"""A process that sends newsletters until it is killed, run by ``python -m``.

As production's worker, but a dead one is given up for dead after seconds. With ``unguarded``
nothing is written down before a mail leaves, and only afterwards that it has left.
"""

import sys
import time
from datetime import timedelta
from typing import Any

# Far longer than the mail server of a test takes for a mail.
LEASE = timedelta(seconds=3)


def prepare(*, unguarded: bool) -> None:
    from social.newsletter import delivering

    delivering.LEASE = LEASE
    if unguarded:
        _without_claim()


def _without_claim() -> None:
    """The control: each worker sends what waits, and says so afterwards."""
    from social.models import Delivery
    from social.newsletter import delivering

    def say_afterwards(row: Delivery, state: str, **values: Any) -> None:
        Delivery.objects.filter(pk=row.pk).update(state=state, **{"error": "", **values})

    delivering.claim = lambda _row, _own: True
    delivering._end = say_afterwards


def main() -> None:
    import django

    django.setup()
    from social.newsletter import delivering, sending

    prepare(unguarded="unguarded" in sys.argv)
    while True:
        sending.begin_due()
        delivering.work()
        time.sleep(0.1)


if __name__ == "__main__":
    main()
