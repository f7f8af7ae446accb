"""What views, rankings and suggestions cost: counting, pages without Redis, copies to the database.

    python -m bench.views                              # on SQLite
    DATABASE_URL=postgres://... python -m bench.views

In a database and with a Redis of its own, thrown away afterwards. Pages are asked for in this
process. With Redis at fault each is asked for twice over: when it is found out, which one
request of a process pays for every five seconds, and while it is known.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.faulty_redis import DELAY, Redis, redis_at

ROUNDS = 40
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
# Of the other cases: of what there are so many.
OF_AN_ORDER = 3


def counting(rounds: int) -> Iterator[str]:
    from django.test import RequestFactory

    from social import views_counter

    product = _pages()[0].product_id
    took = []
    for number in range(rounds):
        request = RequestFactory(headers={"User-Agent": BROWSER}).get(
            "/", REMOTE_ADDR=f"10.0.{number // 250}.{number % 250}"
        )
        took.append(_seconds(lambda request=request: views_counter.count(product, request)))
    yield f"a view is counted in {1_000 * statistics.median(took):.2f} ms (median of {rounds})"


def pages(redis: Redis) -> Iterator[str]:
    """Each page with Redis as it is, off, silent and slow."""
    product = _pages()[0]
    addresses = {
        "product": product.url,
        "private fragment": f"/me/?viewed={product.product_id}",
        "rankings": "/rankings/",
    }
    with redis_at(redis.url):
        usual = {name: _page(address)[1] for name, address in addresses.items()}
    yield "page | Redis | usual ms | finds out | worst | known | finding out costs"
    cases: list[tuple[str, Any]] = [
        ("off", redis.off()),
        ("silent", redis.silent()),
        (f"answers {1_000 * DELAY:.0f} ms later", redis.slow()),
    ]
    for fault, at_fault in cases:
        with at_fault as url, redis_at(url):
            for name, address in addresses.items():
                found, known = _page(address)
                medians = [statistics.median(times) for times in (usual[name], found, known)]
                was, finds, knows = medians
                # Of neighbours, for what else the machine does changes from minute to minute.
                costs = statistics.median(a - b for a, b in zip(found, known, strict=True))
                yield (
                    f"{name} | {fault} | {was:.1f} | {finds:.1f} | {max(found):.1f} | {knows:.1f}"
                    f" | {costs:.1f}"
                )


def _page(address: str) -> tuple[list[float], list[float]]:
    """Milliseconds of requests that ask Redis, and of those made right after each of them."""
    from django.test import Client

    from catalog import redis_client

    client = Client(headers={"User-Agent": BROWSER, "HX-Request": "true"})
    client.get(address)
    finds_out, knows = [], []
    for _round in range(ROUNDS):
        redis_client.breaker._open_until = 0.0
        finds_out.append(1_000 * _seconds(lambda: client.get(address)))
        knows.append(1_000 * _seconds(lambda: client.get(address)))
    return finds_out, knows


def copying(products: int) -> Iterator[str]:
    """Views of so many products to the database, and all of them back to Redis."""
    from django.db import connection
    from django.db.models import F
    from django.test.utils import CaptureQueriesContext

    from catalog import redis_client
    from catalog.models import Product
    from social import rebuilding, views_counter, views_saving

    Product.objects.bulk_create([Product() for _ in range(products)], batch_size=1_000)
    ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    server = redis_client.client()
    fields: dict[str, Any] = {}
    for product in ids:
        fields[views_counter.field(views_counter.today(), product)] = 3
        fields[views_counter.field(views_counter.today(), product, visits=True)] = 2
    for saved in ("first", "again, when all have rows"):
        server.delete(views_counter.PENDING)
        server.hset(views_counter.PENDING, mapping={**fields, views_counter.BATCH: saved})
        with CaptureQueriesContext(connection) as queries:
            took = _seconds(views_saving.save)
        yield f"{len(ids)} products copied ({saved}): {took:.2f} s, {len(queries)} queries"
    took = _seconds(
        lambda: [Product.objects.filter(pk=pk).update(views=F("views") + 3) for pk in ids]
    )
    yield f"one by one, only the total of each, uncounted: {took:.2f} s, {len(ids)} queries"
    yield f"all counters rebuilt: {_seconds(rebuilding.rebuild):.2f} s"


def buying(orders: int) -> Iterator[str]:
    import random
    from uuid import uuid4

    from django.utils import timezone

    from catalog.models import Sku
    from orders.models import Order, OrderItem
    from orders.tests.factories import CUSTOMER
    from social import recommendations

    skus = list(Sku.objects.all())
    made = Order.objects.bulk_create(
        [
            Order(
                **CUSTOMER,
                language="en",
                checkout_token=uuid4(),
                currency="EUR",
                paid_at=timezone.now(),
                state=Order.State.PAID,
            )
            for _ in range(orders)
        ],
        batch_size=500,
    )
    chance = random.Random(1)  # noqa: S311
    OrderItem.objects.bulk_create(
        [
            OrderItem(order=order, sku=sku, title="", sku_code=sku.code, quantity=1, unit_price=1)
            for order in made
            for sku in chance.sample(skus, OF_AN_ORDER)
        ],
        batch_size=500,
    )
    took = statistics.median(
        _seconds(lambda pk=order.pk: recommendations.count(pk)) for order in made[:200]
    )
    yield f"an order of {OF_AN_ORDER} products is counted in {1_000 * took:.2f} ms"
    took = _seconds(recommendations.rebuild)
    yield f"bought together, rebuilt from {orders} orders: {took:.2f} s"


def _pages() -> list[Any]:
    from catalog.models import ProductPage

    return list(ProductPage.objects.order_by("pk"))


def _fill() -> None:
    """Forty products, bought together."""
    from catalog import redis_client
    from catalog.models import Product
    from catalog.tests.factories import make_page, make_sku
    from social import counters, recommendations
    from social.models import ProductViews
    from social.views_counter import EVER, day_key, today

    made = [make_page(f"Print {number}") for number in range(40)]
    for page in made:
        make_sku(page)
    server = redis_client.client()
    for page in made:
        visits = {other.product_id: 1 + other.pk % 7 for other in made if other != page}
        server.zadd(recommendations.key(page.product_id), visits)
        server.zadd(EVER, {page.product_id: page.pk})
        server.zadd(day_key(today()), {page.product_id: page.pk})
        ProductViews.objects.create(product=page.product, day=today(), count=9, visits=page.pk)
    Product.objects.update(views=9)
    server.set(counters.FILLED, "then")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run(folder: Path, products: int, orders: int) -> None:
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment(debug=False)
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    redis = Redis(folder)
    try:
        with redis_at(redis.url):
            _fill()
            _say(counting(2_000))
        _say(pages(redis))
        with redis_at(redis.url):
            _say(buying(orders))
            _say(copying(products))
    finally:
        redis.process.kill()
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


def _say(lines: Iterator[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--orders", type=int, default=20_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.embedded")
        os.environ.setdefault("LOG_LEVEL", "ERROR")
        import django

        django.setup()
        run(Path(folder), asked.products, asked.orders)
    return 0


if __name__ == "__main__":
    sys.exit(main())
