"""Ask a dependency that just failed again only after a pause: it costs its time once."""

import logging
import time

logger = logging.getLogger(__name__)


class Breaker:
    """Closed while all is well; after ``trip`` it stays open for ``pause`` seconds."""

    def __init__(self, name: str, pause: float) -> None:
        self.name = name
        self.pause = pause
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self._open_until

    def trip(self, error: BaseException) -> None:
        self._open_until = time.monotonic() + self.pause
        logger.warning(
            "%s unreachable, going on without for %g s: %r", self.name, self.pause, error
        )
