"""Filled databases, kept from run to run under a name that says what is in them.

A run works on a copy of its own (what it orders is gone afterwards), so that the filled one
stays as it was made. The name ends with a hash of all migrations and of what fills.
"""

import hashlib
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection

PREFIX = "bench_pages"
# What decides how a filled database looks, beside the migrations.
FILLERS = ("bench/big_shop_rows.py", "bench/pages/rows.py", "bench/pages/copies.py",
           "bench/pages/places.py", "bench/pages/people.py")  # fmt: skip
SECONDS_TO_COPY = 60


def filled(products: int) -> str:
    """The name of a database with so many products, made and filled unless it is there."""
    from bench.pages.places import fill

    def make(name: str) -> None:
        _copy(_migrated(), name)
        with using(name):
            fill(products)

    return made(f"{PREFIX}_{products}", FILLERS, make)


def _migrated() -> str:
    """An empty shop: migrations take longer than most fillings."""

    def make(name: str) -> None:
        create(name)
        with using(name):
            call_command("migrate", verbosity=0, interactive=False)

    return made(f"{PREFIX}_empty", (), make)


def made(name: str, files: Sequence[str], make: Callable[[str], None]) -> str:
    """The full name of a database, which this makes under another name unless it is there."""
    stem, name = name, f"{name}_{_mark(*files)}"
    if not _exists(name):
        start = time.perf_counter()
        half = f"{name}_half_{os.getpid()}"
        try:
            make(half)
            _rename(half, name)
        finally:
            drop(half)
        say(f"{name} made in {time.perf_counter() - start:.0f} s")
        drop_all(rf"{stem}_[0-9a-f]{{8}}", but=name)
    return name


@contextmanager
def copied(name: str, *, copy: bool = True) -> Iterator[str]:
    """A copy that lasts as long as the block, to which the settings point meanwhile."""
    own = f"{name}_{os.getpid()}" if copy else name
    if copy:
        _copy(name, own)
    try:
        with using(own):
            yield own
    finally:
        if copy:
            drop(own)


@contextmanager
def using(name: str) -> Iterator[None]:
    """The settings point to the database of this name within the block."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = _place(name)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def url_of(name: str) -> str:
    """``DATABASE_URL`` of the database of this name."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{_place(name)}"
    who = f"{values['USER']}:{values['PASSWORD']}"
    return f"postgres://{who}@{values['HOST']}:{values['PORT'] or 5432}/{name}"


def drop_all(pattern: str = rf"{PREFIX}_\w+", but: str = "") -> None:
    """Remove filled databases whose names are like this, except those in use."""
    for name in _all():
        if name != but and re.fullmatch(pattern, name):
            try:
                drop(name)
            except OperationalError:
                say(f"{name} is in use, and stays")


def _mark(*files: str) -> str:
    """A short name of the files' contents and of all migrations'."""
    root = Path(settings.BASE_DIR)
    paths = sorted(root.glob("*/migrations/*.py")) + [root / name for name in files]
    content = b"".join(path.read_bytes() for path in paths)
    return hashlib.sha256(content).hexdigest()[:8]


def folder() -> Path:
    """Where SQLite's databases are kept."""
    place = Path(os.environ.get("BENCH_DIR") or Path(gettempdir()) / "storefront-bench")
    place.mkdir(parents=True, exist_ok=True)
    return place


def _place(name: str) -> str:
    return str(folder() / f"{name}.sqlite3") if connection.vendor == "sqlite" else name


def _all() -> list[str]:
    if connection.vendor == "sqlite":
        return [path.stem for path in folder().glob("*.sqlite3")]
    return [row[0] for row in _administer("SELECT datname FROM pg_database")]


def _exists(name: str) -> bool:
    return name in _all()


def create(name: str) -> None:
    """Make an empty database, in the place of one of this name."""
    if connection.vendor == "sqlite":
        drop(name)
    else:
        _administer(f'DROP DATABASE IF EXISTS "{name}"')
        _administer(f'CREATE DATABASE "{name}"')


def _copy(source: str, name: str) -> None:
    if connection.vendor == "sqlite":
        shutil.copy(_place(source), _place(name))
        return
    _administer(f'DROP DATABASE IF EXISTS "{name}"')
    end = time.monotonic() + SECONDS_TO_COPY
    while True:
        try:
            _administer(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        except OperationalError:
            # Another run is copying it at this moment.
            if time.monotonic() > end:
                raise
            time.sleep(1)
        else:
            return


def _rename(name: str, new: str) -> None:
    if connection.vendor == "sqlite":
        with using(name), connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        Path(_place(name)).rename(_place(new))
    else:
        _administer(f'ALTER DATABASE "{name}" RENAME TO "{new}"')


def drop(name: str) -> None:
    """Remove a database, if it is there; raises ``OperationalError`` if it is in use."""
    if connection.vendor == "sqlite":
        for end in ("", "-wal", "-shm"):
            Path(f"{_place(name)}{end}").unlink(missing_ok=True)
    else:
        _administer(f'DROP DATABASE IF EXISTS "{name}"')


def _administer(statement: str) -> list[Any]:
    """On the server itself, beside all of its databases."""
    own = connection.copy(DEFAULT_DB_ALIAS)
    own.settings_dict = {**own.settings_dict, "NAME": "postgres"}
    try:
        with own.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        own.close()


def say(text: str) -> None:
    """To whoever waits; the table alone goes to standard output."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
