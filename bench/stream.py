"""What the stream costs the database, at one size and at ten times as many actions.

    python -m bench.stream                                   # small, on SQLite
    DATABASE_URL=postgres://... python -m bench.stream --members 100000 --actions 1000000 10000000

A database of its own is made for this, filled by ``bench.stream_rows``, and thrown away. Pages
are read by members who follow 1,000 people each, one after the other; what counts is the sum of
the times of all queries, measured at the driver ("whole": with those of the shop around the
stream). CPU is what the server's process for them used, which other programs on the machine hardly
change. "Nothing new" is the question of an open stream. Beside it stand other
ways to find the same actions: the plain query, and a table of feeds that is written for each
follower whenever somebody does something. "Half gone" is with every second product unpublished,
"long quiet" of people whose last action lies in the oldest hundredth.
"""

# ruff: noqa: S608 - all that is put into a statement is a number of its own

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROUNDS = 3
PRODUCTS = 1_000
WINDOW = 60
DATABASE = "bench_stream"

NAIVE = "SELECT id FROM social_action WHERE user_id IN ({followed}) ORDER BY id DESC LIMIT {window}"
FEED = (
    "SELECT action_id FROM bench_feed WHERE user_id = {reader} "
    "ORDER BY action_id DESC LIMIT {window}"
)


@dataclass(frozen=True)
class Measured:
    """Of all times but the first: in ms, the median and the 95th percentile; most queries."""

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


def measured(actions: Iterator[Callable[[], Any]]) -> Measured:
    from django.db import connection

    clocks = []
    for action in actions:
        clock = Clock()
        with connection.execute_wrapper(clock):
            action()
        clocks.append(clock)
    times = sorted(clock.seconds * 1_000 for clock in clocks[1:])
    return Measured(
        statistics.median(times),
        times[int(len(times) * 0.95) - 1],
        statistics.median(clock.cpu * 1_000 for clock in clocks[1:]),
        max(clock.queries for clock in clocks[1:]),
    )


class Bench:
    def __init__(self, people: Any) -> None:
        self.people = people

    def cases(self) -> Iterator[tuple[str, Iterator[Callable[[], Any]]]]:
        from social.stream_sources import NO_END, followed_by

        readers = self.people.readers * ROUNDS
        browsers = clients(self.people.readers)
        for browser in browsers:
            # Pictures are made at the first look, and links are looked up once.
            whole(browser)
        yield "whole first page", (lambda one=one: whole(one) for one in browsers)
        yield "first page", (lambda key=key: self.page(key) for key in readers)
        far = {key: self._page_50(key) for key in self.people.readers}
        yield "page 50", (lambda key=key: self.page(key, far[key]) for key in readers)
        yield from self._polls("nothing new", self.people.readers)
        quiet = [self.people.nostalgic]
        yield "long quiet", (lambda: self.page(quiet[0]) for _round in readers)
        yield from self._polls("long quiet, nothing new", quiet)
        yield "everybody", (lambda key=key: self.page(key, of="everybody") for key in readers)
        with half_gone():
            yield "half gone", (lambda key=key: self.page(key) for key in readers)
        yield from self._ways(NO_END, followed_by)

    def page(self, key: int, before: int | None = None, of: str = "followed") -> Any:
        """What the view asks, with the session's part of it: who that is."""
        from social import stream_reading, stream_sources
        from social.models import User

        user = User.objects.get(pk=key)
        _follows, settled = stream_reading.before_reading(user)
        is_followed = of == "followed"
        source = (stream_sources.followed_by if is_followed else stream_sources.everybody)(user)
        page = stream_reading.read(source, before)
        if len(page.entries) != stream_reading.PER_PAGE:
            raise SystemExit(f"A page of {len(page.entries)} entries.")
        return source, page, page.seen(settled)

    def _page_50(self, key: int) -> int:
        """Where it begins, but for the few that are not shown: each page costs the same."""
        from social.models import Action, Contact

        followed = Contact.objects.filter(user_from=key).values("user_to")
        keys = Action.objects.filter(user__in=list(followed.values_list("user_to", flat=True)))
        return keys.order_by("-pk").values_list("pk", flat=True)[49 * 20]

    def _polls(self, label: str, keys: list[int]) -> Iterator[tuple[str, Iterator]]:
        from social.stream_reading import news

        asked = [self.page(key) for key in keys] * (ROUNDS * len(self.people.readers) // len(keys))

        def poll(source: Any, seen: Any) -> None:
            if news(source, seen) is not None:
                raise SystemExit("There is something new.")

        yield label, (lambda one=one: poll(one[0], one[2]) for one in asked)

    def _ways(self, end: int, followed_by: Callable) -> Iterator[tuple[str, Iterator]]:
        """To find the newest 60 alone, without a word about them."""
        from django.db import connection

        from social.models import Contact, User
        from social.stream_sources import FOLLOWED_BY_VENDOR

        def run(sql: str, params: dict[str, int] | None = None) -> list[Any]:
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                return cursor.fetchall()

        def ours(key: int) -> list[Any]:
            params = {"member": key, "before": end, "window": WINDOW, "no_end": end}
            return run(FOLLOWED_BY_VENDOR[connection.vendor], params)

        keys = self.people.readers * ROUNDS
        of = {
            key: Contact.objects.filter(user_from=key).values_list("user_to", flat=True)
            for key in [*self.people.readers, self.people.nostalgic]
        }
        of = {key: ", ".join(map(str, contacts)) for key, contacts in of.items()}

        def plain(key: int) -> list[Any]:
            return run(NAIVE.format(followed=of[key], window=WINDOW))

        def fed(key: int) -> list[Any]:
            return run(FEED.format(reader=key, window=WINDOW))

        feed_readers(self.people)
        for key in self.people.readers[:3]:
            if not ours(key) == plain(key) == fed(key):
                raise SystemExit("The ways find different actions.")
        quiet = self.people.nostalgic
        yield "find: ours", (lambda key=key: ours(key) for key in keys)
        yield "find: plain query", (lambda key=key: plain(key) for key in keys)
        yield "find: from a feed", (lambda key=key: fed(key) for key in keys)
        yield "find long quiet: ours", (lambda: ours(quiet) for _ in range(6))
        yield "find long quiet: plain query", (lambda: plain(quiet) for _ in range(6))
        star = User.objects.get(pk=self.people.star)
        yield "write: ours", (lambda n=n: write(star, n, feeds=False) for n in range(30))
        yield "write: ours and 10,000 feeds", (lambda n=n: write(star, n) for n in range(30, 60))


def whole(client: Any) -> None:
    """The page as it comes to a browser, with all that the shop puts around it."""
    if client.get("/stream/").status_code != 200:
        raise SystemExit("No page came.")


def clients(keys: list[int]) -> list[Any]:
    from django.test import Client

    from social.models import User

    made = [Client() for _key in keys]
    for client, key in zip(made, keys, strict=True):
        client.force_login(User.objects.get(pk=key))
    return made


@contextmanager
def half_gone() -> Iterator[None]:
    from catalog.models import ProductPage

    gone = [pk for pk in ProductPage.objects.live().values_list("pk", flat=True) if pk % 2]
    ProductPage.objects.filter(pk__in=gone).update(live=False)
    yield
    ProductPage.objects.filter(pk__in=gone).update(live=True)


def feed_readers(people: Any) -> None:
    """A table of feeds, filled for the readers alone: reading one costs the same."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_feed")
        cursor.execute(
            "CREATE TABLE bench_feed (user_id bigint, action_id bigint, "
            "PRIMARY KEY (user_id, action_id))"
        )
        cursor.execute(
            "INSERT INTO bench_feed SELECT contact.user_from_id, action.id "
            "FROM social_contact contact JOIN social_action action "
            "ON action.user_id = contact.user_to_id "
            f"WHERE contact.user_from_id <= {people.readers[-1]}"
        )
        cursor.execute("ANALYZE")


def write(user: Any, number: int, *, feeds: bool = True) -> None:
    """One action of a member whom 10,000 follow, and what a table of feeds costs on top."""
    from django.db import connection, transaction

    from catalog.models import Product
    from social.models import Action
    from social.stream import create_action

    product = Product(pk=Product.objects.order_by("pk").values_list("pk", flat=True)[number])
    with transaction.atomic():
        action = create_action(user, Action.Verb.LIKES, product)
        if feeds:
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO bench_feed SELECT user_from_id, %s FROM social_contact "
                    "WHERE user_to_id = %s",
                    [action.pk, user.pk],
                )


def run(members: int, sizes: list[int]) -> dict[int, dict[str, Measured]]:
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    from bench import big_shop, stream_rows

    setup_test_environment(debug=False)
    name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = (
        DATABASE
        if connection.vendor == "postgresql"
        else os.path.join(os.environ["DATA_DIR"], "stream.sqlite3")
    )
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        big_shop.fill(PRODUCTS)
        people = stream_rows.make_people(members)
        results = {}
        for size in sizes:
            start = time.perf_counter()
            stream_rows.fill(people, size)
            _say(f"{size:,} actions made in {time.perf_counter() - start:.0f} s")
            results[size] = {}
            for label, actions in Bench(people).cases():
                results[size][label] = measured(actions)
                _say(f"{label:32} {results[size][label]}")
        return results
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


def table(results: dict[int, dict[str, Measured]]) -> Iterator[str]:
    """In Markdown; the ratio is of the largest size to the smallest, by the server's time."""
    sizes = sorted(results)
    heads = " | ".join(f"{size:,} actions: median, p95, CPU ms" for size in sizes)
    yield f"| | queries | {heads} | ratio |"
    yield f"|---|{'---|' * (len(sizes) + 2)}"
    for label, last in results[sizes[-1]].items():
        cells = " | ".join(
            f"{one.median:.2f}, {one.p95:.2f}, {one.cpu:.2f}"
            for one in (results[size][label] for size in sizes)
        )
        ratio = last.cpu / results[sizes[0]][label].cpu if last.cpu else 0
        yield f"| {label} | {last.queries} | {cells} | {ratio:.2f} |"


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--actions", type=int, nargs="+", default=[100_000, 1_000_000])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # Pictures, and the database where it is a file.
        os.environ["DATA_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.embedded")
        import django

        django.setup()
        from django.conf import settings

        # What is measured is the database, and no Redis is needed for it.
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        for line in table(run(asked.members, asked.actions)):
            sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
