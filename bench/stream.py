"""What the stream costs the database, at one size and at ten times as many actions.

    python -m bench.stream                                   # small, on SQLite
    DATABASE_URL=postgres://... python -m bench.stream --members 100000 --actions 1000000 10000000

A database of its own is made for each size, filled by ``bench.stream_rows``, and thrown away. Pages
are read by members who follow 1,000 people each, one after the other; what counts is the sum of
the times of all queries, measured at the driver ("whole": with those of the shop around the
stream). The sizes take turns, so that a machine that is slower for a minute is slower for all.
CPU is what the server's process used. "Nothing new" is the question of an open stream. Beside it
stand other ways to find the same actions: the plain query, and a table of feeds that is written for
each follower whenever somebody does something. "Half gone" is with every second product
unpublished, "long quiet" of people whose last action lies in the oldest hundredth.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench import stream_ways
from bench.clock import Clock, Measured, clocked, measured

ROUNDS = 5
PRODUCTS = 1_000


class Bench:
    def __init__(self, people: Any) -> None:
        self.people = people

    def cases(self, turn: int) -> Iterator[tuple[str, Iterator[Callable[[], Any]]]]:
        readers = self.people.readers
        browsers = clients(readers)
        for browser in browsers:
            # Pictures are made at the first look, and links are looked up once.
            whole(browser)
        yield "whole first page", (lambda one=one: whole(one) for one in browsers)
        yield "first page", (lambda key=key: self.page(key) for key in readers)
        far = {key: self._page_50(key) for key in readers}
        yield "page 50", (lambda key=key: self.page(key, far[key]) for key in readers)
        yield from self._polls("nothing new", readers)
        quiet = self.people.nostalgic
        yield "long quiet", (lambda: self.page(quiet) for _round in readers)
        yield from self._polls("long quiet, nothing new", [quiet])
        yield "everybody", (lambda key=key: self.page(key, of="everybody") for key in readers)
        with half_gone():
            yield "half gone", (lambda key=key: self.page(key) for key in readers)
        yield from stream_ways.cases(self.people, turn)

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

        asked = [self.page(key) for key in keys] * (len(self.people.readers) // len(keys))

        def poll(source: Any, seen: Any) -> None:
            if news(source, seen) is not None:
                raise SystemExit("There is something new.")

        yield label, (lambda one=one: poll(one[0], one[2]) for one in asked)


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


class Shop:
    """A shop in a database of its own, with so many actions."""

    def __init__(self, members: int, size: int) -> None:
        from django.db import connection

        from bench import big_shop, stream_rows

        start = time.perf_counter()
        self.clocks: dict[str, list[Clock]] = {}
        name = f"bench_stream_{size}"
        if connection.vendor != "postgresql":
            name = os.path.join(os.environ["DATA_DIR"], f"{name}.sqlite3")
        connection.settings_dict["TEST"]["NAME"] = name
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        self.name = connection.settings_dict["NAME"]
        big_shop.fill(PRODUCTS)
        self.people = stream_rows.make_people(members)
        stream_rows.fill(self.people, size)
        _say(f"{size:,} actions made in {time.perf_counter() - start:.0f} s")

    def measure(self, turn: int) -> None:
        """One turn: each page of each reader once more, and once before that uncounted."""
        self.open()
        for label, actions in Bench(self.people).cases(turn):
            self.clocks.setdefault(label, []).extend(clocked(actions))

    def open(self) -> None:
        from django.core.cache import cache
        from django.db import connection

        connection.close()
        connection.settings_dict["NAME"] = self.name
        cache.clear()


def run(members: int, sizes: list[int]) -> dict[int, dict[str, Measured]]:
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment(debug=False)
    name = connection.settings_dict["NAME"]
    shops: dict[int, Shop] = {}
    try:
        for size in sizes:
            connection.close()
            connection.settings_dict["NAME"] = name
            shops[size] = Shop(members, size)
        for turn in range(ROUNDS):
            for shop in shops.values():
                shop.measure(turn)
            _say(f"turn {turn + 1} of {ROUNDS} is measured")
        return {
            size: {label: measured(clocks) for label, clocks in shop.clocks.items()}
            for size, shop in shops.items()
        }
    finally:
        for shop in shops.values():
            shop.open()
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
