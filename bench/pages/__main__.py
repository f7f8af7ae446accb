"""What pages cost the web processes, beside a bare Django view and beside bare Wagtail.

    python -m bench.pages                     # 10,000 products, on PostgreSQL if it is there
    python -m bench.pages --products 1000 --rounds 5 --server gthread
    python -m bench.pages --write             # bench/RESULTS.md says what was found
    python -m bench.pages --flat              # 1,000 against 100,000 products
    python -m bench.pages --fill 100000       # only make the database

A shop in a database of its own (``bench.pages.places``), gunicorn with two workers, eight
connections. Each page is asked in turns with the others, round by round, right after a bare view
that returns the same bytes; CPU is what the server's processes used, a request. "Made anew" is
with the page cache off, in processes that are warm. Exits with 1 if a page asks more queries than
the committed table says, or a ratio has grown by a quarter.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench.pages.environment import environment
from bench.pages.servers import KINDS, ROOT, Server, redis, running

if TYPE_CHECKING:
    from bench.pages.measuring import Bench

RESULTS = ROOT / "bench" / "RESULTS.md"
BARE_WAGTAIL = "bench_pages_wagtail"


def main() -> int:
    asked = _arguments()
    # So that a run that is asked to end takes its processes and databases with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with TemporaryDirectory(prefix="bench-") as name, redis(Path(name)) as services:
        folder = Path(name)
        os.environ.update(environment(folder), **services)
        import django

        django.setup()
        from bench.pages import shops

        if asked.fill:
            shops.filled(asked.fill)
            return 0
        _collect_static_files()
        if asked.flat:
            from bench.pages import flat

            return flat.run(asked.flat, asked.rounds)
        return run(asked, folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.pages", description=__doc__.split("\n")[0])
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each page in each round")
    parser.add_argument("--server", choices=KINDS, default="gunicorn-sync")
    parser.add_argument("--write", action="store_true", help="write bench/RESULTS.md")
    parser.add_argument("--drop", action="store_true", help="remove filled databases at the end")
    parser.add_argument("--fill", type=int, metavar="N", help="only make a database of this size")
    parser.add_argument(
        "--flat", type=int, nargs="*", metavar="N", help="compare sizes, 1,000 and 100,000"
    )
    asked = parser.parse_args()
    if asked.flat == []:
        asked.flat = [1_000, 100_000]
    return asked


def _collect_static_files() -> None:
    from django.core.management import call_command

    # The admin's own files stay away, as no page asks for them.
    left_out = ["account", "admin", "flags", "mfa", "wagtail*"]
    call_command("collectstatic", ignore_patterns=left_out, interactive=False, verbosity=0)


def run(asked: argparse.Namespace, folder: Path) -> int:
    """Measure, print the table, and compare it with the committed one."""
    from django.db import connection

    from bench.pages import results, shops

    began = time.monotonic()
    shop = shops.filled(asked.products)
    bare_wagtail = _bare_wagtail()
    with shops.copied(shop) as own, _servers(folder, own, bare_wagtail, asked) as bench:
        for _round in range(asked.rounds):
            bench.round()
        rows = list(bench.rows())
        memory = [f"{one.name} {one.rss():.0f} MiB" for one in bench.servers]
    heading = f"{connection.display_name}, {asked.products:,} products, {asked.server}"
    lines = [*results.table(rows), "", f"Largest worker after the run: {', '.join(memory)}."]
    sys.stdout.write(f"## {heading}\n\n" + "\n".join(lines) + "\n")
    committed = RESULTS.read_text() if RESULTS.exists() else ""
    before = results.known(committed, heading)
    found = results.worse(rows, before)
    for line in found or ["Nothing is worse." if before else "There is nothing to compare with."]:
        sys.stdout.write(f"{line}\n")
    if asked.write:
        RESULTS.write_text(results.written(committed, heading, lines))
    if asked.drop:
        shops.drop_all()
    shops.say(f"{time.monotonic() - began:.0f} s")
    return 0 if asked.write else int(bool(found))


def _bare_wagtail() -> str:
    """The name of the database of bare Wagtail, made unless it is there."""
    from bench.pages import shops

    return shops.made(
        BARE_WAGTAIL,
        ("bench/pages/bare_wagtail/models.py", "bench/pages/bare_wagtail/__main__.py"),
        _fill_wagtail,
    )


def _fill_wagtail(name: str) -> None:
    from bench.pages import shops

    shops.create(name)
    environment = os.environ | {"DATABASE_URL": shops.url_of(name)}
    environment.pop("DJANGO_SETTINGS_MODULE")
    command = [sys.executable, "-m", "bench.pages.bare_wagtail"]
    subprocess.run(command, env=environment, cwd=ROOT, check=True)  # noqa: S603 - this program


@contextmanager
def _servers(folder: Path, shop: str, wagtail: str, asked: argparse.Namespace) -> Iterator["Bench"]:
    from bench.pages import shops
    from bench.pages.cases import ANEW, CACHED
    from bench.pages.measuring import Bench, plan

    bodies = folder / "bodies"
    bodies.mkdir()

    def server(name: str, application: str, url: str, **more: str) -> Server:
        return Server(name, application, folder, {"DATABASE_URL": url, **more}, asked.server)

    own = shops.url_of(shop)
    ways = {
        way: server(f"shop {way}", "storefront.wsgi:application", own, PAGE_CACHE=switch)
        for way, switch in ((CACHED, "1"), (ANEW, "0"))
    }
    other = server(
        "bare Wagtail",
        "bench.pages.bare_wagtail.wsgi:application",
        shops.url_of(wagtail),
        DJANGO_SETTINGS_MODULE="bench.pages.bare_wagtail.settings",
    )
    bare = server("bare", "bench.pages.bare:application", own, BENCH_BODIES=str(bodies))
    bench = Bench(bare, asked.seconds, bodies)
    plan(bench, ways, other)
    with running(*ways.values(), other, bare):
        bench.warm()
        yield bench


if __name__ == "__main__":
    sys.exit(main())
