"""Ask a dependency that just failed again only after a pause: it costs its time once."""

import logging
import time

logger = logging.getLogger(__name__)


class Breaker:
    """Closed while all is well; after ``trip`` it stays open for ``pause`` seconds.

    With ``first`` it stays open for that long only, and for twice as long each time that the
    dependency fails again before anything has gone well: what was late once, because the machine
    had much to do, is soon asked again.
    """

    def __init__(self, name: str, pause: float, first: float | None = None) -> None:
        self.name = name
        self.pause = pause
        self.first = pause if first is None else first
        self._open_until = 0.0
        self._next = self.first
        # What it failed with last, if nothing has gone well since.
        self.error: BaseException | None = None

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self._open_until

    def trip(self, error: BaseException) -> None:
        if self.is_open:
            # Somebody else has found it out, a moment before.
            return
        self.error = error
        pause, self._next = self._next, min(2 * self._next, self.pause)
        self._open_until = time.monotonic() + pause
        logger.warning("%s unreachable, going on without for %g s: %r", self.name, pause, error)

    def well(self) -> None:
        """The dependency has answered."""
        self._next, self.error = self.first, None
