"""Runs the cases one by one and prints what each found beside its control."""

import argparse
import os
import platform
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

CASES = ("oversell", "twice", "kills", "crashes", "coupon", "broker")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.checkout", description=__doc__)
    parser.add_argument("--rounds", type=int, help="of the first case, 20 if not given")
    parser.add_argument("--only", choices=CASES, nargs="+", default=CASES)
    parser.add_argument("--quick", action="store_true", help="with small numbers, to try it")
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "storefront.settings.test"
    os.environ["LOG_LEVEL"] = "ERROR"
    # So that a bench that is asked to end takes its processes and its database with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    import django

    django.setup()
    from bench.checkout.sizes import sizes

    with throwaway_database():
        return run(asked.only, sizes(is_quick=asked.quick, rounds=asked.rounds))


def run(names: Iterator[str], sizes: object) -> int:
    """Carry out the cases; 1 if one did not hold or its control showed nothing."""
    from importlib import import_module

    say(f"{database()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    has_failed = False
    for name in names:
        start = time.monotonic()
        found = import_module(f"bench.checkout.{name}").measure(sizes)
        say(f"\n{name}: {found.what} ({time.monotonic() - start:.0f} s)")
        for line in found.lines():
            say(line)
        has_failed |= not found.is_right
    return int(has_failed)


@contextmanager
def throwaway_database() -> Iterator[None]:
    """A migrated database of this run's own, to which the settings point meanwhile."""
    from django.db import connection, connections

    name = connection.settings_dict["NAME"]
    with TemporaryDirectory(prefix="bench-") as folder:
        own = f"bench_checkout_{os.getpid()}"
        if connection.vendor == "sqlite":
            own = str(Path(folder) / "shop.sqlite3")
        connection.settings_dict["TEST"]["NAME"] = own
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connections.close_all()
            connection.creation.destroy_test_db(name, verbosity=0)


def database() -> str:
    from django.db import connection

    version = ".".join(str(part) for part in connection.get_database_version())
    return f"{connection.display_name} {version}"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
