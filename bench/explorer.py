"""How long the admin and the shop take with very many products in one category.

    python -m bench.explorer                     # 1,000 and 100,000 products, on SQLite
    DATABASE_URL=postgres://... python -m bench.explorer --products 1000 100000

Each number of products gets a database of its own, made for this and thrown away after it,
as a test run does; the shop that the settings name is not touched. The requests run in this
process, as a superuser, each three times after one to warm up; the shortest counts, because
what else the machine does only ever adds. Beside it stands the CPU time of this process,
which on SQLite is all there is to it and which other processes hardly change. ``--here``
measures the shop of the settings as it is, filled by ``bench.big_shop`` before.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ROUNDS = 3
USER = "bench"
Address = tuple[str, str]


@dataclass(frozen=True)
class Measured:
    seconds: float
    cpu: float
    queries: int
    size: int


def measure(products: int, only: str = "") -> dict[str, Measured]:
    """Fill a database of its own with so many products and make each request."""
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    from bench.big_shop import fill

    setup_test_environment(debug=False)
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        start = time.perf_counter()
        shelf = fill(products)
        _say(f"{products} products made in {time.perf_counter() - start:.0f} s")
        return _requests(shelf, only)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


def measure_here(only: str) -> dict[int, dict[str, Measured]]:
    """Make the requests to the shop of the settings, and leave nothing in it."""
    from django.contrib.auth import get_user_model
    from django.test.utils import setup_test_environment

    from bench.big_shop import CATEGORY
    from catalog.models import CategoryPage

    setup_test_environment(debug=False)
    shelf = CategoryPage.objects.get(title=CATEGORY)
    try:
        return {shelf.numchild: _requests(shelf, only)}
    finally:
        get_user_model().objects.filter(username=USER).delete()


def _requests(shelf: Any, only: str) -> dict[str, Measured]:
    client = _client()
    results = {}
    for label, address in _addresses(shelf):
        if only in label:
            results[label] = _request(client, address)
            _say(f"{label:34}{results[label].seconds:>8.3f} s {results[label].cpu:>8.3f} s CPU")
    return results


def _client() -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    owner = get_user_model().objects.create_superuser(USER, "bench@example.com", "bench")
    client.force_login(owner)
    return client


def _addresses(shelf: Any) -> Iterator[Address]:
    """Each request: (what a reader calls it, its address)."""
    from catalog.models import ProductPage
    from catalog.sorts import SORTS

    pages = -(-shelf.numchild // 50)
    explorer = f"/admin/pages/{shelf.pk}/"
    yield "explorer, first page", explorer
    yield "explorer, page in the middle", f"{explorer}?p={pages // 2}"
    yield "explorer, last page", f"{explorer}?p={pages}"
    for key in ("title", "-price", "-sold", "live", "latest_revision_created_at"):
        yield f"explorer, sorted by {key}", f"{explorer}?ordering={key}"
    yield "explorer, last page by price", f"{explorer}?ordering=price&p={pages}"
    yield "explorer, to be put in order", f"{explorer}?ordering=ord"
    yield "explorer, low stock", f"{explorer}?stock=low"
    yield "explorer, sold out, last page", f"{explorer}?stock=sold_out&p=9999"
    yield "explorer, price 10 to 20", f"{explorer}?price_min=10&price_max=20"
    yield "explorer, brand and tag", f"{explorer}?brand=Brand+7&tag=tag-7"
    yield "explorer, reduced and not live", f"{explorer}?on_sale=yes&status=draft"
    yield "explorer, searched for a word", f"{explorer}?q=lamp"
    yield "explorer, searched for a SKU", f"{explorer}?q=EVERYTHING-500-0"
    products = "/admin/products/"
    yield "products, first page", products
    yield "products, last page", f"{products}?p={pages}"
    yield "products, searched for a word", f"{products}?q=lamp"
    yield "products, in one category", f"{products}?category={shelf.pk}"
    product = ProductPage.objects.child_of(shelf).live().first()
    yield "edit a product", f"/admin/pages/{product.pk}/edit/"
    yield "variants of a product", f"/admin/products/{product.pk}/variants/"
    yield "edit the category", f"/admin/pages/{shelf.pk}/edit/"
    chooser = "page_type=catalog.productpage"
    yield "chooser, products", f"/admin/choose-page/?{chooser}"
    yield (
        "chooser, last page",
        f"/admin/choose-page/{shelf.pk}/?{chooser}&p={-(-shelf.numchild // 25)}",
    )
    yield "chooser, searched", f"/admin/choose-page/search/?{chooser}&q=lamp"
    api = "/admin/api/main/pages/"
    yield "sidebar, home", f"{api}?child_of={shelf.get_parent().pk}&for_explorer=1"
    yield "sidebar, the category", f"{api}?child_of={shelf.pk}&for_explorer=1"
    yield "sidebar, after 99,000", f"{api}?child_of={shelf.pk}&for_explorer=1&offset=99000"
    for sort in SORTS:
        yield f"shop, category by {sort}", f"{shelf.url}?sort={sort}"
    yield "shop, category, page 1,000", f"{shelf.url}?page=1000"
    yield "shop, category, last page", f"{shelf.url}?page=999999"
    yield "shop, a product", product.url
    for name, report in reports():
        yield f"report, {name}", report
    yield "admin, first page", "/admin/"
    yield "stock, first page", "/admin/stock/"
    yield "export, CSV", f"{explorer}?export=csv"
    yield "export of a tenth, XLSX", f"{explorer}?export=xlsx&on_sale=yes"


def reports() -> Iterator[Address]:
    for name in (
        "low-stock",
        "sold-out-but-promoted",
        "incomplete-products",
        "stale-drafts",
        "price-history",
        "best-and-worst-sellers",
    ):
        yield name.replace("-", " "), f"/admin/reports/{name}/"


def _request(client: Any, address: str) -> Measured:
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def once() -> Measured:
        # Pages that a cache keeps are fast whatever they cost; what they cost is asked here.
        cache.clear()
        start, began = time.perf_counter(), time.process_time()
        response = client.get(address)
        size = (
            sum(map(len, response.streaming_content))
            if response.streaming
            else len(response.content)
        )
        seconds, cpu = time.perf_counter() - start, time.process_time() - began
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}")
        return Measured(seconds, cpu, 0, size)

    first = once()
    rounds = [once() for _round in range(ROUNDS if first.seconds < 5 else 1)]
    with CaptureQueriesContext(connection) as queries:
        once()
    seconds = min(measured.seconds for measured in rounds)
    cpu = min(measured.cpu for measured in rounds)
    return Measured(seconds, cpu, len(queries), first.size)


def table(results: dict[int, dict[str, Measured]]) -> Iterator[str]:
    """The lines of the table; the last column is how many times longer the largest shop takes."""
    sizes = sorted(results)
    smallest, largest = results[sizes[0]], results[sizes[-1]]
    heads = "".join(
        f"{f'{size:,}':>12} s {'CPU':>7} s {'queries':>8} {'bytes':>11}" for size in sizes
    )
    yield f"{'request':34}{heads} {'ratio':>7}"
    for label, slow in largest.items():
        cells = "".join(
            f"{results[size][label].seconds:>12.3f} s {results[size][label].cpu:>7.3f} s "
            f"{results[size][label].queries:>8} "
            f"{results[size][label].size:>11,}"
            for size in sizes
        )
        yield f"{label:34}{cells} {slow.seconds / smallest[label].seconds:>6.1f}×"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--products", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--only", default="", help="only requests with this in their name")
    parser.add_argument("--here", action="store_true", help="the shop of the settings, as it is")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.test")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    import django

    django.setup()
    if asked.here:
        results = measure_here(asked.only)
    else:
        results = {products: measure(products, asked.only) for products in asked.products}
    for line in table(results):
        _say(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
