"""How long shoppers are shown what was before: after a publication, a price, the last piece.

    python -m bench.fresh [--rounds 20] [--products 1000]

Two gunicorn workers with the page cache on, and readers who ask them for a product's page, its
category and a search without a pause, while this process publishes, sets prices and sells, as
the admin, the workers and the checkout do. A figure is the time from the commit (of a price that
begins at a moment: from that moment) to the start of the last request that was answered with
what was before. Asked for is less than a second, on all pages, from all processes.
"""

import argparse
import os
import statistics
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.pages.environment import environment
from bench.pages.servers import Server, redis, running

READERS = 4
# After a change, so long readers go on; what is old then would never be new.
WATCHED = 2.0


@dataclass
class Readers:
    """Ask for some addresses in turns, and remember when what was seen."""

    urls: list[str]
    # When a request was begun, its address, and the page that answered it.
    seen: list[tuple[float, str, str]] = field(default_factory=list)
    is_over: bool = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._read) for _ in range(READERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.is_over = True
            for thread in threads:
                thread.join()

    def _read(self) -> None:
        while not self.is_over:
            for url in self.urls:
                began = time.time()
                # A connection of its own each time: any of the workers answers.
                with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - ours
                    self.seen.append((began, url, answer.read().decode()))

    def last(self, since: float, is_old: Callable[[str], bool]) -> float:
        """Seconds from a moment to the last request answered with what was before."""
        late = [began - since for began, _url, page in self.seen if began > since and is_old(page)]
        return max(late, default=0.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--products", type=int, default=1_000)
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="bench-") as name, redis(Path(name)) as services:
        os.environ.update(environment(Path(name)), **services)
        import django

        django.setup()
        from django.core.management import call_command

        from bench.pages import shops

        call_command("collectstatic", verbosity=0, interactive=False)

        with shops.copied(shops.filled(asked.products)) as own:
            more = {"DATABASE_URL": shops.url_of(own), "PAGE_CACHE": "1"}
            server = Server("shop", "storefront.wsgi:application", Path(name), more)
            with running(server):
                late = _measure(f"http://localhost:{server.port}", asked.rounds)
    sys.stdout.write("| after | median s | longest s |\n|---|---|---|\n")
    for change, seconds in late.items():
        sys.stdout.write(f"| {change} | {statistics.median(seconds):.2f} | {max(seconds):.2f} |\n")
    return int(any(max(seconds) >= 1 for seconds in late.values()))


def _measure(address: str, rounds: int) -> dict[str, list[float]]:
    from bench.pages import shopping
    from catalog.models import Sku

    late: dict[str, list[float]] = {}
    for number in range(rounds):
        page = shopping.rich_pages(rounds)[number]
        skus = list(Sku.objects.purchasable().filter(product=page.product_id))
        for change, make in (
            ("a publication", _publish),
            ("a price", _price),
            ("the moment at which a price begins", _price_that_begins),
            ("the last piece", _sell_out),
        ):
            late.setdefault(change, []).append(_watch(address, page, make, skus, number))
    return late


def _watch(
    address: str, page: Any, make: Callable[..., Any], skus: list[Any], number: int
) -> float:
    paths = [page.url, page.get_parent().url]
    readers = Readers([address + path for path in paths])
    with readers.reading():
        time.sleep(0.5)
        since, is_old = make(page, skus, number)
        time.sleep(max(0.0, since - time.time()) + WATCHED)
    if not any(is_old(page) for began, _url, page in readers.seen if began < since):
        raise SystemExit(f"{make.__name__}: nobody saw what was before, so nothing is measured")
    return readers.last(since, is_old)


def _publish(page: Any, _skus: list[Any], number: int) -> tuple[float, Callable[[str], bool]]:
    fresh = page.specific_class.objects.get(pk=page.pk)
    before = fresh.title
    fresh.title = f"Renamed {number} {fresh.pk}"
    fresh.save_revision().publish()
    return time.time(), lambda text: before in text and fresh.title not in text


def _price(
    page: Any, skus: list[Any], number: int, at: Any = None
) -> tuple[float, Callable[[str], bool]]:
    from catalog import prices
    from catalog.models import Sku
    from catalog.money import format_money

    amount = Decimal(number) + Decimal("0.07" if at else "0.03") + 1000
    now = Sku.objects.with_prices(at).filter(pk__in=[sku.pk for sku in skus])
    before = format_money(Decimal(1000 + number) + Decimal("0.03"), "EUR")
    old = "€" if at is None else before
    prices.set_prices([prices.NewPrice(sku, amount, None) for sku in now], at=at)
    new = format_money(amount, "EUR")
    title = f"Renamed {number} {page.pk}"
    return time.time(), lambda text: title in text and old in text and new not in text


def _price_that_begins(
    page: Any, skus: list[Any], number: int
) -> tuple[float, Callable[[str], bool]]:
    from django.utils import timezone

    begins = timezone.now() + timedelta(seconds=1.5)
    _now, is_old = _price(page, skus, number, at=begins)
    return begins.timestamp(), is_old


def _sell_out(page: Any, skus: list[Any], number: int) -> tuple[float, Callable[[str], bool]]:
    from django.db import transaction

    from catalog import stock

    with transaction.atomic():
        left = {sku: sku.stock.on_hand for sku in skus if sku.stock.on_hand}
        stock.take(left, reference=f"bench {number}")
    title = f"Renamed {number} {page.pk}"
    return time.time(), lambda text: title in text and "data-add-button" in text


if __name__ == "__main__":
    sys.exit(main())
