"""Processes that end with the one that started them, however that one ends.

All of a ``Group`` share one process group of the system, so the terminal's
Ctrl-C reaches only the runner, which then ends them in order. The group is led
by a guard, a fork of the runner that does nothing but wait for the runner's
end: even ``kill -9`` of the runner leaves no child behind, nor a child's child.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Together under the 5 seconds that Ctrl-C may take.
PATIENCE = 2.5
PATIENCE_WITH_FIRST = 1.0
LARGEST_LOG = 5_000_000
# A service that ends more often than this many times in so many seconds is not started again.
MOST_ENDS = 3
WITHIN = 60.0


@dataclass
class Child:
    """A process, and the place in its log where this run begins."""

    name: str
    process: asyncio.subprocess.Process
    log: Path
    begin: int

    def how_it_ended(self) -> str:
        code = self.process.returncode
        if code is not None and code < 0:
            return f"was killed by signal {-code}"
        return f"has ended with code {code}"

    def last_lines(self, count: int = 12) -> list[str]:
        with self.log.open("rb") as file:
            file.seek(self.begin)
            return file.read().decode(errors="replace").splitlines()[-count:]


class Group:
    """Children that are started one by one, watched, and stopped together."""

    def __init__(
        self,
        folder: Path,
        log_dir: Path,
        environment: Mapping[str, str],
        notice: Callable[[str], None],
    ) -> None:
        self.hurry = asyncio.Event()
        # The first child that ended without being asked to.
        self.ended: asyncio.Future[Child] = asyncio.get_running_loop().create_future()
        self._notice = notice
        self._folder = folder
        self._log_dir = log_dir
        self._environment = environment
        self._children: dict[str, Child] = {}
        self._stopping = False
        self._watches: set[asyncio.Task[None]] = set()
        self._guard = _start_guard()

    async def run(self, name: str, *arguments: str, **options: Any) -> Child:
        """Run ``python arguments`` to its end; what it prints goes to its log by default."""
        child = await self._start(name, arguments, options)
        await child.process.wait()
        return child

    async def start(self, name: str, *arguments: str, again: bool = False, **options: Any) -> Child:
        """Start ``python arguments`` as a service, which is not expected to end.

        If it does, it is started again where ``again`` says so and it has not just been.
        """

        async def begin() -> Child:
            return await self._start(name, arguments, options)

        child = await begin()
        watch = asyncio.create_task(self._watch(child, begin if again else None))
        self._watches.add(watch)
        return child

    async def _start(self, name: str, arguments: Sequence[str], options: dict[str, Any]) -> Child:
        log = self._log_dir / f"{name}.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as file:
            begin = file.tell()
            streams = {"stdin": subprocess.DEVNULL, "stdout": file, "stderr": file}
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                cwd=self._folder,
                env=self._environment,
                process_group=self._guard,
                **streams | options,
            )
        self._children[name] = child = Child(name, process, log, begin)
        return child

    async def _watch(self, child: Child, again: Callable[[], Awaitable[Child]] | None) -> None:
        ends: deque[float] = deque(maxlen=MOST_ENDS)
        while True:
            await child.process.wait()
            now = time.monotonic()
            often = len(ends) == MOST_ENDS and now - ends[0] < WITHIN
            if self._stopping or again is None or often:
                break
            ends.append(now)
            self._notice(f"The {child.name} process {child.how_it_ended()}; it is started again.")
            child = await again()
        if not self.ended.done():
            self.ended.set_result(child)

    async def stop(self) -> None:
        """End the last started first; the very first, which the others use, when they are gone."""
        self._stopping = True
        first, *others = self._children.values() or [None]
        for children, patience in (
            (others[::-1], PATIENCE),
            ([first] if first else [], PATIENCE_WITH_FIRST),
        ):
            await self._terminate(children, patience)
        # The guard is one of them, and somebody may have ended it already.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._guard, signal.SIGKILL)
        os.waitpid(self._guard, 0)
        await _all_ended(list(self._children.values()))

    async def _terminate(self, children: Sequence[Child], patience: float) -> None:
        for child in children:
            if child.process.returncode is None:
                child.process.terminate()
        ended = asyncio.create_task(_all_ended(children))
        hurried = asyncio.create_task(self.hurry.wait())
        await asyncio.wait({ended, hurried}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        ended.cancel()


async def _all_ended(children: Sequence[Child]) -> None:
    for child in children:
        await child.process.wait()


def _start_guard() -> int:
    """Fork the leader of the group and return its id, which is also the group's."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(reading)
        # In both processes, because either may run first.
        os.setpgid(pid, pid)
        return pid
    os.setpgid(0, 0)
    os.close(writing)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    # Nobody writes: this returns when the runner, the only holder of the other end, is gone.
    os.read(reading, 1)
    os.killpg(0, signal.SIGTERM)
    time.sleep(PATIENCE)
    os.killpg(0, signal.SIGKILL)
    os._exit(1)
