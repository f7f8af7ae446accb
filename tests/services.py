"""What some tests need beside the checkout: where it is looked for, and what to do without it.

``python -m tests.services`` prints the address of PostgreSQL for ``make test``.
"""

import os
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
POSTGRES_URL = (
    os.environ.get("TEST_POSTGRES_URL")
    or "postgres://storefront:storefront@127.0.0.1:5432/storefront"
)
RABBITMQ_URL = os.environ.get("TEST_RABBITMQ_URL") or "amqp://guest:guest@127.0.0.1:5672//"
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
SECONDS_TO_ANSWER = 3
# What others wrote: product files and hostile strings. None of it may be in the repository.
REAL_FILES = Path(__file__).resolve().parents[2] / "shared" / "data"


def chromium() -> str | None:
    """The browser to test with: the one that CHROMIUM names, else the first that is installed."""
    if chosen := os.environ.get("CHROMIUM"):
        return shutil.which(chosen)
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def has_postgresql() -> bool:
    import psycopg

    try:
        psycopg.connect(POSTGRES_URL, connect_timeout=SECONDS_TO_ANSWER).close()
    except psycopg.OperationalError:
        return False
    return True


def has_rabbitmq() -> bool:
    from kombu import Connection

    connection = Connection(RABBITMQ_URL, connect_timeout=SECONDS_TO_ANSWER)
    try:
        connection.connect()
    except connection.connection_errors:
        return False
    connection.release()
    return True


FINDERS: dict[str, tuple[str, Callable[[], object]]] = {
    "browser": ("a browser", chromium),
    "postgresql": ("PostgreSQL", has_postgresql),
    "rabbitmq": ("RabbitMQ", has_rabbitmq),
}


@cache
def missing(name: str) -> str | None:
    """What to tell about a service that is not there, None if it is."""
    label, find = FINDERS[name]
    if find():
        return None
    return f"{label} is not there: run `make services` (Debian, Ubuntu) or see docs/settings.md"


def main() -> int:
    if advice := missing("postgresql"):
        sys.stderr.write(f"SKIPPED the tests on PostgreSQL: {advice}\n")
        return int(IN_CI)
    sys.stdout.write(POSTGRES_URL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
