"""Whether pages cost the same with many more products: two shops in turns, each in its process."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.pages import shops
from bench.pages.servers import ROOT, redis

# Asked for is less than this many times the CPU and the database's CPU together.
MOST = 1.3
# Below so many ms nothing can be told of a ratio.
LEAST = 1.0

Reading = tuple[float, float, int]
# By the page's name: of each round the readings of the first time and of again.
Rounds = dict[str, list[tuple[Reading, Reading]]]


def run(sizes: list[int], rounds: int) -> int:
    """Print a table; 1 if something grows that must not."""
    found: dict[int, Rounds] = {size: {} for size in sizes}
    with ExitStack() as stack:
        running = {size: stack.enter_context(_shop(size)) for size in sizes}
        for number in range(rounds):
            for size, process in running.items():
                for name, readings in _round(process).items():
                    found[size].setdefault(name, []).append(readings)
            shops.say(f"round {number + 1} of {rounds} is measured")
    small, *_between, large = sizes
    grown = list(_rows(found[small], found[large]))
    sys.stdout.write(f"## Flat: {small:,} and {large:,} products\n\n")
    for line in _table(grown, small, large):
        sys.stdout.write(f"{line}\n")
    failed = [row for row in grown if max(row[2], row[4]) >= MOST]
    sys.stdout.write(f"\n{len(grown) - len(failed)} of {len(grown)} grow by less than {MOST}.\n")
    return int(bool(failed))


Row = tuple[str, str, float, str, float]


def _rows(small: Rounds, large: Rounds) -> Iterator[Row]:
    for name in large:
        cells: list[str | float] = [name]
        for turn in (0, 1):
            few = [readings[turn] for readings in small[name]]
            many = [readings[turn] for readings in large[name]]
            cells.append(f"{_words(few)} → {_words(many)}")
            pairs = zip(few, many, strict=True)
            cells.append(
                statistics.median(
                    max(sum(more[:2]), LEAST) / max(sum(less[:2]), LEAST) for less, more in pairs
                )
            )
        yield tuple(cells)


def _words(readings: list[Reading]) -> str:
    cpu, sql, queries = (statistics.median(column) for column in zip(*readings, strict=True))
    return f"{cpu:.1f} + {sql:.1f} ({queries:.0f})"


def _table(rows: list[Row], small: int, large: int) -> Iterator[str]:
    yield (
        "CPU ms + the database's CPU ms (queries); “first” after a product that the page shows "
        f"was given another price. {small:,} → {large:,} products."
    )
    yield ""
    yield "| page | first | ratio | again | ratio |"
    yield "|---|---|---|---|---|"
    for name, first, ratio, again, its_ratio in rows:
        yield f"| {name} | {first} | {ratio:.2f} | {again} | {its_ratio:.2f} |"


@contextmanager
def _shop(size: int) -> Iterator[subprocess.Popen[str]]:
    """A process with a shop of this size, and with a Redis of its own."""
    with (
        TemporaryDirectory(prefix="bench-") as name,
        redis(Path(name)) as services,
        shops.copied(shops.filled(size)) as own,
    ):
        url = shops.url_of(own)
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.pages.flat_shop"],
            cwd=ROOT,
            env=os.environ | services | {"DATABASE_URL": url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def _round(process: subprocess.Popen[str]) -> dict[str, tuple[Reading, Reading]]:
    process.stdin.write("round\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise SystemExit("A shop has ended.")
    return json.loads(line)
