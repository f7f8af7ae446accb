"""How long the database works for something, and how much of its processor time that is."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measured:
    """In ms: the median and the 95th percentile; most queries."""

    median: float
    p95: float
    # Of the server's process alone, whatever else the machine does. 0 where nothing tells.
    cpu: float
    queries: int


class Clock:
    """How long the database worked, and how often it was asked."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.queries = 0
        self.cpu = 0.0

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        start, began = time.perf_counter(), server_cpu()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - start
            self.cpu += server_cpu() - began
            self.queries += 1


def server_cpu() -> float:
    """Seconds of processor time that the database has used for us, if it is on this machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return time.thread_time()
    connection.ensure_connection()
    schedule = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(schedule.read_text().split()[0]) / 1e9 if schedule.exists() else 0.0


def clocked(actions: Iterator[Callable[[], Any]]) -> list[Clock]:
    """What each took but the first, which warms things up."""
    from django.db import connection

    clocks = []
    for action in actions:
        clock = Clock()
        with connection.execute_wrapper(clock):
            action()
        clocks.append(clock)
    return clocks[1:]


def measured(clocks: Sequence[Clock]) -> Measured:
    times = sorted(clock.seconds * 1_000 for clock in clocks)
    return Measured(
        statistics.median(times),
        times[int(len(times) * 0.95) - 1],
        statistics.median(clock.cpu * 1_000 for clock in clocks),
        max(clock.queries for clock in clocks),
    )
