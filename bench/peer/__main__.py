"""What the same pages cost a shop of django-oscar, beside the same bare view.

    python -m bench.peer                           # 1,000 products, on PostgreSQL
    python -m bench.peer --products 300 --rounds 1 --write

Installs django-oscar from the package index into an environment of its own, in a folder that is
removed afterwards, and fills a database of its own there. Nothing of it is needed by the shop.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.pages.environment import environment
from bench.pages.servers import KINDS, ROOT, Server, running

OSCAR = "4.2.1"
PACKAGES = (
    f"django-oscar[sorl-thumbnail]=={OSCAR}",
    "Django>=5.2,<5.3",
    "django-environ==0.14.0",
    "gunicorn==27.0.1",
    "psycopg[binary]==3.3.9",
    "whoosh==2.7.4",
)
# Of an installation, a filling, and making shoppers.
PATIENCE = 300
DATABASE = "bench_peer"


class Peer:
    """The peer's Python, and what it says when it is asked something."""

    def __init__(self, folder: Path, url: str) -> None:
        self.python = str(folder / "peer" / "bin" / "python")
        self.environment = os.environ | {"DATA_DIR": str(folder), "DATABASE_URL": url}
        self.environment |= {"DJANGO_SETTINGS_MODULE": "bench.peer.settings"}
        uv = [sys.executable, "-m", "uv"]
        _run([*uv, "venv", "--quiet", "--python", sys.executable, str(folder / "peer")])
        _run([*uv, "pip", "install", "--quiet", "--python", self.python, *PACKAGES])

    def ask(self, *words: str) -> Any:
        command = [self.python, "-m", "bench.peer.shop", *words]
        said = _run(command, env=self.environment)
        return json.loads(said) if said else None


def _run(command: list[str], **more: Any) -> str:
    done = subprocess.run(  # noqa: S603 - the package manager, and this program
        command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=PATIENCE, **more
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr[-3000:]}")
    return done.stdout


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.peer", description=__doc__.split("\n")[0])
    parser.add_argument("--products", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each page in each round")
    parser.add_argument("--server", choices=list(KINDS)[:2], default="gunicorn-sync")
    parser.add_argument("--write", action="store_true", help="write bench/RESULTS.md")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        os.environ.update(environment(folder))
        import django

        django.setup()
        with _database() as url:
            peer = Peer(folder, url)
            peer.ask("fill", str(asked.products))
            return _measure(asked, folder, peer, url)


def _measure(asked: argparse.Namespace, folder: Path, peer: Peer, url: str) -> int:
    from django.db import connection

    from bench.pages import results
    from bench.pages.__main__ import RESULTS
    from bench.pages.measuring import Bench

    bodies = folder / "bodies"
    bodies.mkdir()
    bare = Server("bare", "bench.pages.bare:application", folder,
                  {"DATABASE_URL": url, "BENCH_BODIES": str(bodies)}, asked.server)  # fmt: skip
    oscar = Server("django-oscar", "bench.peer.wsgi:application", folder, peer.environment,
                   asked.server, peer.python)  # fmt: skip
    bench = Bench(bare, asked.seconds, bodies)
    for name, facts in peer.ask("pages").items():
        _add(bench, oscar, peer, name, facts)
    with running(oscar, bare):
        bench.warm()
        for _round in range(asked.rounds):
            bench.round()
        memory = f"Largest worker after the run: {oscar.rss():.0f} MiB."
    heading = (
        f"django-oscar {OSCAR}, {connection.display_name}, {asked.products:,} products, "
        f"Whoosh, {asked.server}"
    )
    lines = [*results.table(list(bench.rows())), "", memory]
    sys.stdout.write(f"## {heading}\n\n" + "\n".join(lines) + "\n")
    if asked.write:
        committed = RESULTS.read_text() if RESULTS.exists() else ""
        RESULTS.write_text(results.written(committed, heading, lines))
    return 0


def _add(bench: Any, oscar: Server, peer: Peer, name: str, facts: dict[str, Any]) -> None:
    from bench.pages.asking import Answered
    from bench.pages.cases import ANEW, Case

    case = None
    if name.startswith("checkout"):
        # Orders are made of carts that somebody has filled: so many each round.
        case = Case(name, lambda: peer.ask("checkouts", "30"), repeats=False)
    requests = [] if case else facts["requests"]
    one = bench.add(name, oscar, requests, facts["body"].encode(), case=case, way=ANEW)
    sql, queries = facts["sql"], facts["queries"]
    one.facts = Answered(200, b"", facts["location"], 0, sql, 0, queries)


@contextmanager
def _database() -> Iterator[str]:
    """An empty one, for as long as the block."""
    from bench.pages import shops

    name = f"{DATABASE}_{os.getpid()}"
    shops.create(name)
    try:
        yield shops.url_of(name)
    finally:
        shops.drop(name)


if __name__ == "__main__":
    sys.exit(main())
