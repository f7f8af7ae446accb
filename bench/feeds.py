"""What feeds and sitemaps cost with very many products: memory, time, queries.

    python -m bench.feeds                              # 1,000, 10,000 and 100,000, on SQLite
    DATABASE_URL=postgres://... python -m bench.feeds --products 1000 100000

In a database of its own, thrown away afterwards. Each file is read
from its first to its last byte in a process of its own, which has read a short one before, so
that what it had to load once does not count. "Grew by" is the most memory of its own that the
process held beyond what it held then; SQLite's page cache of up to 20 MB is within that, pages of
the file that the kernel maps are not.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SIZES = [1_000, 10_000, 100_000]
FILES = ["/feeds/google.xml", "/feeds/catalogue.jsonl", "/sitemap-0.xml", "/feeds/products.rss"]
# After so many parts of an answer its memory is looked at.
SAMPLED = 50
WARM_UP = "/robots.txt"


def measure(sizes: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Fill a database of its own, size by size; have each file read at each."""
    from django.db import connection

    with tempfile.TemporaryDirectory() as folder:
        name = connection.settings_dict["NAME"]
        # In a file, because other processes read it.
        connection.settings_dict["TEST"]["NAME"] = (
            f"{folder}/shop.sqlite3" if connection.vendor == "sqlite" else "test_feeds"
        )
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            there_are = 0
            for products in sorted(sizes):
                start = time.perf_counter()
                _fill(products - there_are, f"Shelf {products}")
                there_are = products
                _say(f"{products} products after {time.perf_counter() - start:.0f} s")
                connection.close()
                database = str(connection.settings_dict["NAME"])
                yield from ((products, _read_elsewhere(path, database)) for path in FILES)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


def _fill(products: int, category: str) -> None:
    """As ``bench.big_shop``, but for the index of the search."""
    from django.db import transaction
    from wagtail.models import Site
    from wagtail.signal_handlers import disable_reference_index_auto_update

    from bench.big_shop import _analyse
    from bench.big_shop_rows import Rows
    from catalog.models import CategoryPage

    home = Site.objects.get(is_default_site=True).root_page
    with transaction.atomic(), disable_reference_index_auto_update():
        shelf = home.add_child(instance=CategoryPage(title=category))
        Rows(shelf, random.Random(products)).fill(products)  # noqa: S311 - not a secret
    _analyse()


def _read_elsewhere(path: str, database: str) -> dict[str, Any]:
    read = subprocess.run(  # noqa: S603 - this very file
        [sys.executable, "-m", "bench.feeds", "--read", path, "--database", database],
        check=True,
        capture_output=True,
        text=True,
    )
    measured = json.loads(read.stdout.splitlines()[-1])
    _say(" ".join(f"{name}={value}" for name, value in measured.items()))
    return measured


def read(path: str, database: str) -> dict[str, Any]:
    """Read one file of the shop in a database, in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment(debug=False)
    connection.settings_dict["NAME"] = database
    client = Client()
    for warm_up in (WARM_UP, "/feeds/products.atom"):
        client.get(warm_up)
    count = 0

    def counted(execute: Any, *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    before, start, cpu = _memory(), time.perf_counter(), time.process_time()
    size, most = 0, before
    with connection.execute_wrapper(counted):
        answer = client.get(path)
        for number, chunk in enumerate(answer if answer.streaming else [answer.content]):
            size += len(chunk)
            if number % SAMPLED == 0:
                most = max(most, _memory())
    most = max(most, _memory())
    return {
        "path": path,
        "status": answer.status_code,
        "MB": round(size / 1e6, 1),
        "s": round(time.perf_counter() - start, 1),
        "CPU s": round(time.process_time() - cpu, 1),
        "queries": count,
        "grew by MiB": round((most - before) / 1024, 1),
        "peak MiB": round(most / 1024),
    }


def _memory() -> int:
    """Of this process alone, in KiB, as the kernel counts it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    [found] = [line for line in lines if line.startswith("RssAnon:")]
    return int(found.split()[1])


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--products", type=int, nargs="+", default=SIZES)
    parser.add_argument("--read", help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.embedded")
    import django

    django.setup()
    if asked.read:
        _say(json.dumps(read(asked.read, asked.database)))
        return 0
    rows = list(measure(asked.products))
    names = list(rows[0][1])
    _say(f"\n| products | {' | '.join(names)} |\n|{'---|' * (len(names) + 1)}")
    for products, measured in rows:
        _say(f"| {products:,} | {' | '.join(str(measured[name]) for name in names)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
