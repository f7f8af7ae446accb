"""Ring for the workers: Celery carries the bell, never the only copy of what is owed."""

from typing import Any

from catalog.breaker import Breaker

# One for the process: whoever rings asks the same broker, which costs its time once.
_broker = Breaker("Celery's broker", pause=30.0)


def ring(*tasks: Any, expires: int) -> None:
    """Tell a worker to look; not after ``expires`` seconds. May fail: the beat rings too."""
    if _broker.is_open:
        return
    try:
        for task in tasks:
            task.apply_async(expires=expires)
    except Exception as error:  # noqa: BLE001 - each transport has errors of its own; none matters
        _broker.trip(error)
