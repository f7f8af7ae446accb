"""How fast a file of products becomes a shop, and whether the 50,000th costs what the first does.

    python -m bench.import_speed                       # SQLite, up to 50,000 products
    python -m bench.import_speed --most 5000           # a shorter run
    DATABASE_URL=postgres://... python -m bench.import_speed

The files are made of the largest real export in ``../shared/data/shopify``, repeated under
new handles and SKU codes. Each run reads its file and imports it, as ``import_products``
does, in a process and a database of its own, made for it and thrown away after it; the shop
that the settings name is not touched. CPU time tells more than the clock where others use
the machine too. The first row is the same import one product at a time, which is also what
a batch falls back to.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count, groupby, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LARGEST = ROOT.parent / "shared" / "data" / "shopify" / "henrychris-large-export.csv"
SIZES = (1_000, 5_000, 20_000, 50_000)
ONE_BY_ONE = 500
# What the last products cost is told by so many of them.
LAST = 500
LONGEST_ERROR = 4_000
MEBIBYTE = 1024**2
SETTINGS = "storefront.settings.test"


@dataclass(frozen=True)
class Measured:
    products: int
    seconds: float
    cpu: float
    # CPU seconds for each of the last products.
    last: float
    # The longest that a batch kept the database to itself, in seconds.
    longest: float
    # The most memory the process had, in bytes: its own, and with the files mapped into it.
    own: int
    peak: int


def main() -> None:
    arguments = _arguments()
    if not LARGEST.exists():
        _say(f"Skipped: {LARGEST.name} is not in ../shared/data/shopify beside the checkout.")
        return
    if arguments.file:
        found = measure(arguments.file, is_in_batches=not arguments.one_by_one)
        _say(json.dumps(asdict(found)))
        return
    names = f"{'':16}{'products':>9}{'a second':>10}{'CPU ms':>8}{'ratio':>7}{'last':>7}"
    _say(f"{names}{'own MiB':>9}{'peak MiB':>10}{'longest batch ms':>18}")
    first: Measured | None = None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alone = _run(_repeated(ONE_BY_ONE, folder), one_by_one=True)
        _tell("one by one", alone, None)
        for size in [size for size in SIZES if size <= arguments.most] or [arguments.most]:
            path = _repeated(size, folder)
            found = _run(path)
            path.unlink()
            first = first or found
            _tell("in batches", found, first)
    real = _run(LARGEST)
    _tell("the real file", real, first)
    gain = (alone.cpu / alone.products) / (real.cpu / real.products)
    _say(f"\nIn batches a product costs {gain:.1f} times less CPU time than alone.")


def measure(path: Path, *, is_in_batches: bool) -> Measured:
    """Import the file into a database made for this."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()
    from django.db import connection

    name = connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            # In a file, as a shop has it: the memory of this process is one of the figures.
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        _make_database()
        connection.settings_dict["NAME"] = connection.creation._get_test_db_name()
        try:
            return _imported(path, is_in_batches=is_in_batches)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


def _make_database() -> None:
    """In a process of its own: what migrations need of memory is none of the import's."""
    from django.db import connection

    child = os.fork()
    if child:
        _child, status = os.waitpid(child, 0)
        if status:
            raise SystemExit("The database could not be made.")
        return
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
    except BaseException:  # noqa: BLE001 - whatever it is, this process must end here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _imported(path: Path, *, is_in_batches: bool) -> Measured:
    from wagtail.models import Site

    from catalog.importing import detect, together
    from catalog.importing.report import Report
    from catalog.importing.whole import WholeImport
    from catalog.management.commands.import_products import quiet_log

    moments: list[float] = []
    held: list[float] = []
    write = together.write

    def timed(*arguments: object) -> None:
        start = time.perf_counter()
        write(*arguments)
        held.append(time.perf_counter() - start)

    together.write = timed
    home = Site.objects.get(is_default_site=True).root_page.specific
    own = [0]
    start, cpu = time.perf_counter(), time.process_time()
    work = WholeImport(detect.read(path), Report(path.name), home)
    work.products.is_in_batches = is_in_batches

    def done() -> None:
        moments.append(time.process_time())
        if len(moments) % 100 == 1:
            own.append(_own_memory())

    with quiet_log():
        work.run(done)
    created = work.report.outcomes["created"]
    if created != len(moments):
        raise SystemExit(f"{len(moments) - created} products were not imported:\n{work.report}")
    last = min(LAST, created - 1)
    return Measured(
        products=created,
        seconds=time.perf_counter() - start,
        cpu=time.process_time() - cpu,
        last=(moments[-1] - moments[-1 - last]) / last,
        longest=max(held, default=0.0),
        own=max(own),
        peak=_peak(),
    )


def _own_memory() -> int:
    """What this process has of memory, in bytes, but for files that are mapped into it.

    SQLite maps up to 128 MB of its database, which the system may take back at any time.
    """
    try:
        _size, resident, shared, *_rest = Path("/proc/self/statm").read_text().split()
    except OSError:
        return _peak()
    return (int(resident) - int(shared)) * resource.getpagesize()


def _peak() -> int:
    """The most memory that this process ever had, in bytes, with files that are mapped."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _run(path: Path, *, one_by_one: bool = False) -> Measured:
    """In a process of its own, which has only this to remember."""
    command = [sys.executable, "-m", "bench.import_speed", "--file", str(path)]
    command += ["--one-by-one"] if one_by_one else []
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 - this program
    if done.returncode:
        raise SystemExit(done.stderr[-LONGEST_ERROR:])
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _tell(what: str, found: Measured, first: Measured | None) -> None:
    each = found.cpu / found.products
    ratio = f"{each / (first.cpu / first.products):.2f}" if first else ""
    _say(
        f"{what:16}{found.products:>9,}{found.products / found.seconds:>10,.0f}"
        f"{each * 1000:>8.2f}{ratio:>7}{found.last * 1000:>7.2f}"
        f"{found.own / MEBIBYTE:>9,.0f}{found.peak / MEBIBYTE:>10,.0f}"
        f"{found.longest * 1000:>18,.0f}"
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _repeated(products: int, folder: Path) -> Path:
    """A file of so many products: those of the real one, again and again under new names."""
    path = folder / f"{products}.csv"
    with LARGEST.open(newline="", encoding="utf-8-sig") as file:
        header, *records = csv.reader(file)
    handle, code = header.index("Handle"), header.index("Variant SKU")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for rows in islice(_renamed(records, handle, code), products):
            writer.writerows(rows)
    return path


def _renamed(records: list[list[str]], handle: int, code: int) -> Iterator[list[list[str]]]:
    """The rows of one product after another, without an end."""
    for turn in count():
        for name, rows in groupby(records, key=lambda row: row[handle]):
            found = [list(row) for row in rows]
            for row in found:
                row[handle] = f"{name}-{turn}"
                row[code] = row[code] and f"{row[code]}-{turn}"
            yield found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=SIZES[-1], help="no more products than these")
    # For the processes that this one starts.
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--one-by-one", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
