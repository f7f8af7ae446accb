"""One run: servers side by side, asked in turns, each page right after a view of its bytes."""

import json
import math
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.pages import asking, cases, shopping, wire
from bench.pages.cases import ANEW, CACHED, CATEGORY, PRODUCT, Case
from bench.pages.results import Row
from bench.pages.servers import ROOT, Server
from bench.pages.shops import say
from catalog import kept
from storefront.page_cache import pages

CONNECTIONS = 8
WARM_SECONDS = 0.5
PATIENCE = 60.0
TIMES = 4
FINE = {"200", "302"}


@dataclass
class Sample:
    """One reading: ms of processor time a request, what was waited for, requests a second."""

    cpu: float
    took: list[float]
    rate: float


@dataclass
class Measured:
    """A page asked of one server, and the bare view that returns its bytes."""

    name: str
    server: Server
    case: Case | None
    way: str
    requests: list[str]
    bare_path: str
    samples: list[Sample] = field(default_factory=list)
    bares: list[Sample] = field(default_factory=list)
    facts: asking.Answered | None = None
    # How many queries it takes otherwise.
    counts: "Counts | None" = None

    @property
    def times_bare(self) -> float:
        pairs = zip(self.samples, self.bares, strict=True)
        return statistics.median(page.cpu / bare.cpu for page, bare in pairs)


@dataclass(frozen=True)
class Counts:
    """How many queries a page takes in processes that do not know all of it; see ``Row``."""

    first: int
    changed: int | None = None
    new: int | None = None


class Bench:
    """``bodies`` is the folder in which the bare server looks for what it answers."""

    def __init__(self, bare: Server, seconds: float, bodies: Path) -> None:
        self.bare, self.seconds, self.bodies = bare, seconds, bodies
        self.measured: list[Measured] = []

    @property
    def servers(self) -> list[Server]:
        """Those that were measured."""
        return list({one.server.name: one.server for one in self.measured}.values())

    def add(
        self, name: str, server: Server, requests: list[str], body: bytes, **more: Any
    ) -> Measured:
        path = f"{len(self.measured)}"
        (self.bodies / path).write_bytes(body)
        one = Measured(name, server, more.get("case"), more.get("way", ""), requests, path)
        self.measured.append(one)
        return one

    def warm(self) -> None:
        """Ask everything so often that each of the processes has met it, then a moment more."""
        for one in self.measured:
            requests = one.requests or one.case.requests()[:40]
            sampled(one.server, requests * (TIMES if one.requests else 1), PATIENCE, once=True)
            if one.requests:
                sampled(one.server, requests, WARM_SECONDS)

    def round(self) -> None:
        """Each page once more, each after its bare view."""
        for one in self.measured:
            one.bares.append(
                sampled(self.bare, [wire.request("GET", f"/{one.bare_path}")], self.seconds / 2)
            )
            if one.case is not None and not one.case.repeats:
                sample = sampled(one.server, one.case.requests(), self.seconds, once=True)
            else:
                # Orders that came between have made some of it old.
                sampled(one.server, one.requests * 2, PATIENCE, once=True)
                sample = sampled(one.server, one.requests, self.seconds)
            one.samples.append(sample)

    def rows(self) -> Iterator[Row]:
        """The median of all rounds; ratios are of neighbours in the same round."""
        by_name = {one.name: one for one in self.measured}
        bares = [sample for one in self.measured for sample in one.bares]
        yield _row("bare Django view", bares)
        for one in self.measured:
            kind = by_name.get(one.case.kind) if one.case else None
            wagtail = _ratio(one, kind) if kind and one.way == ANEW else None
            ratios = {"bare": one.times_bare, "wagtail": wagtail}
            yield _row(one.name, one.samples, **ratios, **_facts(one), **_asked(one, wagtail))


def _row(name: str, samples: list[Sample], **more: Any) -> Row:
    took = sorted(took for sample in samples for took in sample.took)
    return Row(
        name,
        statistics.median(sample.cpu for sample in samples),
        p50=1_000 * took[len(took) // 2],
        p99=1_000 * took[math.ceil(len(took) * 0.99) - 1],
        rate=statistics.median(sample.rate for sample in samples),
        **more,
    )


def _ratio(one: Measured, other: Measured) -> float:
    pairs = zip(one.samples, other.samples, strict=True)
    return statistics.median(mine.cpu / its.cpu for mine, its in pairs)


def _facts(one: Measured) -> dict[str, Any]:
    if one.facts is None or one.way == CACHED:
        return {}
    return {
        "sql": one.facts.sql,
        "queries": one.facts.queries,
        "changed_queries": one.counts and one.counts.changed,
        "new_queries": one.counts and one.counts.new,
        "first_queries": one.counts and one.counts.first,
    }


def _asked(one: Measured, wagtail: float | None) -> dict[str, Any]:
    if one.case is None or one.case.anew is None:
        return {}
    bar = one.case.cached if one.way == CACHED else one.case.anew
    ratio = one.times_bare if bar.of == "bare" else wagtail
    most_queries = None if one.way == CACHED else one.case.queries
    return {"bar": str(bar), "most": bar.times, "ratio": ratio, "most_queries": most_queries}


def sampled(
    server: Server, requests: Sequence[str], seconds: float, *, once: bool = False
) -> Sample:
    """Send these in turns for so long (``once``: each once); raises if one is not answered."""
    before = server.cpu()
    done = subprocess.run(  # noqa: S603 - this program
        [
            sys.executable,
            "-m",
            "bench.pages.load",
            str(server.port),
            str(seconds),
            str(CONNECTIONS),
        ],
        input=json.dumps({"requests": list(requests), "once": once}),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"The load generator has failed: {done.stderr}")
    after = server.cpu()
    if before.keys() != after.keys():
        raise SystemExit(f"A process of {server.name} has ended: {server.last_words()}")
    found = json.loads(done.stdout)
    if odd := found["answers"].keys() - FINE:
        first = requests[0].split("\r\n", 1)[0]
        raise SystemExit(f"{server.name} answered {odd} to {first}: {server.last_words()}")
    number = sum(found["answers"].values())
    used = sum(after.values()) - sum(before.values())
    return Sample(1_000 * used / number, found["took"], number / found["seconds"])


def plan(bench: Bench, shops: dict[str, Server], bare_wagtail: Server) -> None:
    """All that is measured: of each page first what it says, asked in this process."""
    for name, paths in (
        (PRODUCT, [f"/thing-{number}/thing-1/" for number in range(1, 41)]),
        (CATEGORY, [f"/thing-{number}/" for number in range(1, 41)]),
    ):
        # As large as what is measured; the bytes of a page that says little.
        bench.add(name, bare_wagtail, [wire.request("GET", path) for path in paths], b"x" * 1_400)
    asked = asking.Asked()
    with asking.kept_connection():
        for case in cases.cases():
            facts, counts = _counted(asked, case)
            for way in (CACHED, ANEW) if case.cached else (ANEW,):
                name = f"{case.name}, {way}" if case.cached else case.name
                requests = case.requests() if case.repeats else []
                # The bytes that leave the server: what is kept is compressed.
                body = pages.brotlied(facts.body) if way == CACHED else facts.body
                one = bench.add(name, shops[way], requests, body, case=case, way=way)
                one.facts, one.counts = facts, counts


def _counted(asked: asking.Asked, case: Case) -> tuple[asking.Answered, Counts]:
    """Of several addresses, each asked once before: the middle one, with the most queries.

    And how many queries the last one takes otherwise.
    """
    requests = case.requests()[:21]
    if case.repeats:
        answers = [asked(request) for request in [*requests, *requests]][len(requests) :]
    else:
        answers = [asked(request) for request in requests[:9]][4:]
    changed = [_after(change, asked, requests[-1]) for change in case.changes]
    new = _never_asked(asked, requests) if case.changes else None
    kept.forget()
    last = asked(requests[-1])
    if wrong := [one for one in (*answers, last) if str(one.status) not in FINE]:
        raise SystemExit(f"{case.name}: {wrong[0].status} {wrong[0].body[:2_000]!r}")
    say(f"{case.name}: {last.status}, {len(last.body)} bytes {last.location}")
    middle = sorted(answers, key=lambda one: one.sql)[len(answers) // 2]
    most = max(one.queries for one in answers)
    return replace(middle, queries=most), Counts(last.queries, max(changed, default=None), new)


def _after(change: Callable[[str], None], asked: asking.Asked, request: str) -> int:
    """How many queries an address takes after this was done to what it shows."""
    asked(request)
    change(request.split()[1])
    return asked(request).queries


def _never_asked(asked: asking.Asked, requests: list[str]) -> int:
    """How many the last one takes where only others have been asked."""
    kept.forget()
    *others, last = requests
    for request in (shopping.get("/"), shopping.get("/search/?q=nothing"), *others[:1]):
        if request != last:
            asked(request)
    return asked(last).queries
