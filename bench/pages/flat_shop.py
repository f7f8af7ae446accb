"""One shop of ``bench.pages.flat``, in a process of its own: answers each line with its readings.

    DATABASE_URL=... python -m bench.pages.flat_shop

A line of input is a round: each page is asked after a product that it shows was given another
price, and again at once. Out comes a line of JSON: by the name of the page [ms of CPU, of the
database's CPU, queries] of the first time and of again.
"""

import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

# So that one reading that somebody else's work has lengthened tells nothing.
READINGS = 3
DEEP = 1_000
DEPARTMENT = "/department-1/"

Reading = tuple[float, float, int]


def pages() -> Iterator[tuple[str, str]]:
    """The biggest category in every way, and one page of each other kind."""
    from bench.pages.shopping import rich_pages
    from catalog.models import Attribute, Brand, ProductPage
    from catalog.sorts import SORTS

    products = ProductPage.objects.live().filter(url_path__contains=DEPARTMENT).count()
    deep = min(DEEP, products // 24)
    yield "home", "/"
    yield "product", rich_pages(1)[0].url
    for sort in SORTS:
        yield f"category by {sort}, page 1", f"{DEPARTMENT}?sort={sort}"
        yield f"category by {sort}, deep", f"{DEPARTMENT}?sort={sort}&page={deep}"
    questions = {
        "category": "category=aisle-12",
        "brand": f"brand={Brand.objects.earliest('pk').pk}",
        "price": "price_from=10&price_to=60",
        "rating": "rating=4",
        "stock": "stock=1",
        "sale": "sale=1",
    }
    for attribute in Attribute.objects.order_by("pk"):
        key, name = f"a{attribute.pk}", attribute.name.lower()
        value = {"colour": "Ash", "material": "Oak", "washable": "yes"}.get(name)
        questions[name] = f"{key}={value}" if value else f"{key}_from=10&{key}_to=60"
    for name, question in questions.items():
        yield f"category narrowed by {name}", f"{DEPARTMENT}?{question}"
    yield "search for a common word", "/search/?q=lamp"
    yield "search, page 3", "/search/?q=lamp&page=3"
    yield "search narrowed by price", "/search/?q=lamp&price_from=10&price_to=60"


class Shop:
    def __init__(self) -> None:
        from bench.pages.asking import Asked
        from bench.pages.shopping import get

        self.asked = Asked()
        self.requests = {name: get(address) for name, address in pages()}
        # What stands around all pages, and the products that the price of one is changed of.
        self.products = {name: self._first(name) for name in self.requests}
        self._read_columns()

    def _read_columns(self) -> None:
        """As a process has them that has answered for a while."""
        from catalog import columns

        began = time.monotonic()
        with columns.using():
            pass
        columns.keeper.wait()
        with columns.using() as current:
            if current is None:
                raise SystemExit("The columns of listings could not be read.")
            seconds = time.monotonic() - began
            sys.stderr.write(f"{len(current.slots):,} pages in columns after {seconds:.1f} s\n")

    def _first(self, name: str) -> int:
        """The first product that the page leads to, or shows."""
        from catalog.models import ProductPage

        body = self._answer(name).body.decode()
        for path in re.findall(r'href="(/department-[^"?#]+/)"', body):
            page = ProductPage.objects.filter(url_path__endswith=path).first()
            if page:
                return page.product_id
        raise SystemExit(f"{name}: no product is shown.")

    def round(self) -> dict[str, list[Reading]]:
        """Readings of each page: after a change of what it shows, and again."""
        found = {}
        for name in self.requests:
            first, again = [], []
            for _reading in range(READINGS):
                _give_another_price(self.products[name])
                first.append(self._reading(name))
                again.append(self._reading(name))
            found[name] = [_median(first), _median(again)]
        found["publish a product"] = [_median([self._published() for _ in range(READINGS)])] * 2
        return found

    def _answer(self, name: str) -> Any:
        answer = self.asked(self.requests[name])
        if answer.status != 200:
            raise SystemExit(f"{name}: {answer.status} {answer.body[:1_000]!r}")
        return answer

    def _reading(self, name: str) -> Reading:
        answer = self._answer(name)
        return answer.cpu, answer.sql_cpu, answer.queries

    def _published(self) -> Reading:
        from bench.pages.shopping import rich_pages

        page = rich_pages(2)[1]
        return _clocked(lambda: page.save_revision().publish())


def _give_another_price(product: int) -> None:
    """One cent more for the cheapest of it: listings show it, and their order stays."""
    from decimal import Decimal

    from catalog import listing, prices
    from catalog.models import Sku

    skus = listing.for_sale(list(Sku.objects.with_availability().filter(product=product)))
    sku = min((sku for sku in skus if sku.price), key=lambda sku: sku.price.amount)
    prices.set_prices([prices.NewPrice(sku, sku.price.amount + Decimal("0.01"), None)])


def _clocked(work: Callable[[], Any]) -> Reading:
    from django.db import connection

    from bench.clock import Clock

    clock = Clock()
    with connection.execute_wrapper(clock):
        began = time.thread_time()
        work()
        cpu = time.thread_time() - began
    return 1_000 * cpu, 1_000 * clock.cpu, clock.queries


def _median(readings: list[Reading]) -> Reading:
    cpu, sql, queries = (statistics.median(column) for column in zip(*readings, strict=True))
    return cpu, sql, int(queries)


def main() -> int:
    import django

    django.setup()
    from bench.pages.asking import kept_connection

    with kept_connection():
        shop = Shop()
        for _line in sys.stdin:
            sys.stdout.write(json.dumps(shop.round()) + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
