"""How fast mails leave: a mail server that is given too many at once takes none."""

import time
from collections.abc import Callable


class Pace:
    """So many a minute, evenly; what was slow is not made up for by a crowd. 0 is no limit."""

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = 60 / per_minute if per_minute > 0 else 0.0
        self._clock, self._sleep = clock, sleep
        self._next = clock()

    @property
    def pause(self) -> float:
        """Seconds until the next one may leave."""
        return max(0.0, self._next - self._clock())

    def wait(self, end: float) -> bool:
        """Wait until the next one may leave; False, at once, if that is after ``end``."""
        if self._clock() + self.pause > end:
            return False
        self._sleep(self.pause)
        self._next = self._clock() + self._interval
        return True
