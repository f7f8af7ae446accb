"""Which application server: the shop behind each, asked in turns; memory, start, slow visitors.

    python -m bench.web_servers [--rounds 3] [--requests 10000] [--only gthread granian]

Each server has two processes and answers a bare Django view, products from the page cache, the
same made anew, and the private fragment of a cart with three lines. Then so many requests of all
kinds are sent to each, and its largest process is looked at after half of them and after all. At
last sixteen visitors send half a request and no more, and others ask beside them.
"""

import argparse
import os
import random
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench.pages.environment import environment
from bench.pages.servers import KINDS, Server, redis, running

if TYPE_CHECKING:
    from bench.pages.measuring import Sample

BARE, CACHED, ANEW, CART = "bare view", "product, kept", "product, anew", "cart fragment"
STALLED = 16
# So long who asks beside the stalled ones is waited for.
PATIENCE = 5.0
SECONDS = 2.0

# By what is asked, and by the kind of server.
Samples = dict[str, dict[str, list["Sample"]]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.web_servers", description=__doc__.split("\n")[0])
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--only", nargs="*", choices=KINDS, default=list(KINDS))
    asked = parser.parse_args()
    kinds = [kind for kind in asked.only if kind != "granian" or find_spec("granian")]
    with TemporaryDirectory(prefix="bench-") as name, redis(Path(name)) as services:
        folder = Path(name)
        os.environ.update(environment(folder), **services)
        import django

        django.setup()
        from bench.pages import shops
        from bench.pages.__main__ import _collect_static_files

        _collect_static_files()
        with shops.copied(shops.filled(asked.products)) as own:
            _measure(folder, shops.url_of(own), kinds, asked)
    return 0


def _measure(folder: Path, url: str, kinds: list[str], asked: argparse.Namespace) -> None:
    requests = _requests(folder)
    found: Samples = {name: {kind: [] for kind in kinds} for name in requests}
    with ExitStack() as stack:
        servers = {
            kind: {name: stack.enter_context(_server(folder, url, kind, name)) for name in requests}
            for kind in kinds
        }
        from bench.pages.measuring import sampled

        for kind in kinds:
            for name, some in requests.items():
                sampled(servers[kind][name], some * 8, 60, once=True)
        for _round in range(asked.rounds):
            for name, some in requests.items():
                for kind in kinds:
                    found[name][kind].append(sampled(servers[kind][name], some, SECONDS))
        for line in _table(found, kinds):
            sys.stdout.write(f"{line}\n")
    sys.stdout.write("\n| server | s to the first answer | CPU s until then | MiB after half | ")
    sys.stdout.write("after all | answers beside stalled visitors |\n|---|---|---|---|---|---|\n")
    for kind in kinds:
        sys.stdout.write(f"{_lived(folder, url, kind, requests, asked.requests)}\n")
        sys.stdout.flush()


def _requests(folder: Path) -> dict[str, list[str]]:
    from bench.pages import asking, shopping, wire

    urls = [page.url for page in shopping.rich_pages(40)]
    pages = [shopping.get(url) for url in urls]
    bodies = folder / "bodies"
    bodies.mkdir()
    with asking.kept_connection():
        (bodies / "0").write_bytes(asking.Asked()(pages[0]).body)
    codes = shopping.rich_skus(shopping.LINES)
    (cart,) = shopping.sessions([shopping.cart_of(codes)])
    private = {"HX-Request": "true", "HX-Current-URL": f"http://{wire.HOST}/"}
    return {
        BARE: [wire.request("GET", "/0")],
        CACHED: pages,
        ANEW: pages,
        CART: [shopping.get("/me/", cart, **private)],
    }


@contextmanager
def _server(folder: Path, url: str, kind: str, name: str) -> Iterator[Server]:
    application = "bench.pages.bare:application" if name == BARE else "storefront.wsgi:application"
    switches = {
        "DATABASE_URL": url,
        "PAGE_CACHE": "0" if name == ANEW else "1",
        "BENCH_BODIES": str(folder / "bodies"),
    }
    server = Server(f"{kind} {name}", application, folder, switches, kind)
    with running(server):
        yield server


def _table(found: Samples, kinds: list[str]) -> Iterator[str]:
    yield f"| | {' | '.join(kinds)} |"
    yield f"|---|{'---|' * len(kinds)}"
    for name, by_kind in found.items():
        cells = []
        for kind in kinds:
            samples = by_kind[kind]
            cpu = statistics.median(sample.cpu for sample in samples)
            rate = statistics.median(sample.rate for sample in samples)
            took = sorted(took for sample in samples for took in sample.took)
            p50, p99 = (1_000 * took[int(len(took) * part)] for part in (0.5, 0.99))
            cells.append(f"{cpu:.2f} ms, {rate:,.0f}/s, {p50:.1f} / {p99:.1f} ms")
        yield f"| {name}: CPU, requests, p50 / p99 | {' | '.join(cells)} |"


def _lived(folder: Path, url: str, kind: str, requests: dict[str, list[str]], number: int) -> str:
    """A row of the second table: one server from its start on."""
    from bench.pages.measuring import sampled

    began = time.monotonic()
    with _server(folder, url, kind, "lived") as server:
        started, cpu = time.monotonic() - began, sum(server.cpu().values())
        memory = []
        for half in range(2):
            sampled(server, list(_mixed(requests, half, number // 2)), 900, once=True)
            memory.append(server.rss())
        answered = _beside_stalled(server, requests[CACHED][0])
    before, after = memory
    return f"| {kind} | {started:.1f} | {cpu:.1f} | {before:.0f} | {after:.0f} | {answered} |"


def _mixed(requests: dict[str, list[str]], seed: int, number: int) -> Iterator[str]:
    """What many ask for, and what hardly two ask for: more addresses than a process can keep."""
    from bench.pages import shopping
    from catalog.models import CategoryPage, ProductPage

    chance = random.Random(seed)  # noqa: S311 - nobody must not guess it
    products, categories = (
        [
            f"/{path.split('/', 2)[2]}"
            for path in model.objects.live().values_list("url_path", flat=True)
        ]
        for model in (ProductPage, CategoryPage)
    )
    sorts = ("price", "newest", "rated", "name")
    for _request in range(number):
        kind = chance.random()
        if kind < 0.3:
            yield chance.choice(requests[CACHED])
        elif kind < 0.6:
            yield shopping.get(chance.choice(products))
        elif kind < 0.8:
            asked = f"sort={chance.choice(sorts)}&page={chance.randint(1, 9)}"
            yield shopping.get(f"{chance.choice(categories)}?{asked}")
        elif kind < 0.9:
            asked = f"price_from={chance.randint(1, 60)}&stock=1"
            yield shopping.get(f"{chance.choice(categories)}?{asked}")
        else:
            yield chance.choice(requests[CART])


def _beside_stalled(server: Server, request: str) -> str:
    """How many of twenty visitors are answered while others have sent half of what they ask."""
    with ExitStack() as stack:
        for _visitor in range(STALLED):
            stream = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            stream.sendall(request[: len(request) // 2].encode())
        time.sleep(0.5)
        answered = 0
        end = time.monotonic() + PATIENCE
        while answered < 20 and (left := end - time.monotonic()) > 0:
            with suppress(OSError), socket.create_connection(("127.0.0.1", server.port)) as stream:
                stream.settimeout(left)
                stream.sendall(request.encode())
                answered += stream.recv(64).startswith(b"HTTP/1.1 200")
    return f"{answered} of 20"


if __name__ == "__main__":
    sys.exit(main())
