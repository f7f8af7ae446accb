"""Web processes and a broker that are killed while orders are placed.

A shopper whose click was answered by nothing clicks again, until something answers. A worker
that ends because its broker has is started again, as whatever supervises it in production does:
kombu's Redis transport does not always survive an acknowledgement on a lost connection.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import redis
import requests
from django.db import connection
from django.db.models import Sum

from bench.checkout.buyers import Buyer
from bench.checkout.mailed import Mailed, mailed, wait_for_silence, wait_until_sent
from bench.checkout.shop import BenchShop, open_shop
from bench.checkout.sizes import Found, Row, Sizes
from catalog.models import Stock
from catalog.tests.factories import make_sku
from orders.models import Order, Outbox
from tests.shop import wait_for

SHOPPERS = 6
# How long the web server lives after it has begun to answer, and the broker is away.
SHORTEST_LIFE, LONGEST_LIFE = 0.3, 1.5
BROKER_AWAY = 2.0
PAUSE_BETWEEN_CLICKS = 0.3
MOST_CLICKS = 400


@dataclass(frozen=True)
class Bought:
    """One shopper's way to an order."""

    email: str
    is_order: bool
    clicks: int
    errors: int


@dataclass(frozen=True)
class Outcome:
    bought: Sequence[Bought]
    orders: int
    # Shoppers with another number of orders than one.
    odd: int
    taken: int
    ledger_is_right: bool
    owed: int
    mails: Mailed
    restarts: int


def measure(sizes: Sizes) -> Found:
    with open_shop() as shop:
        shop.start_workers()
        kept = _run(shop, sizes, shop.start_worker, wait_until_sent)
    with open_shop(without="outbox") as shop:

        def start() -> None:
            shop.start_worker("bench.checkout.plain_mail")

        start()
        careless = _run(shop, sizes, start, lambda one: wait_for_silence(one, lambda: False))
    every = sizes.orders
    clicks = sum(one.clicks for one in kept.bought) - every
    return Found(
        f"{every} orders, kill -9 of the web server {sizes.web_kills} times, "
        f"of the broker {sizes.broker_kills} times",
        [
            Row("orders placed", every, kept.orders, careless.orders),
            Row("shoppers without one order, or with two", 0, kept.odd, careless.odd),
            Row("answers of 500 and more", 0, _errors(kept), _errors(careless)),
            Row("units taken off the stock", every, kept.taken, careless.taken),
            Row("ledger equals stock", True, kept.ledger_is_right, careless.ledger_is_right),
            Row("mails owed", every, kept.owed, careless.owed),
            Row("different mails that came", every, kept.mails.different, careless.mails.different),
            Row(
                "orders with two different mails",
                0,
                kept.mails.contradictory,
                careless.mails.contradictory,
            ),
            Row("mails that came again", "", kept.mails.again, careless.mails.again, is_free=True),
            Row("clicks that nothing answered", "", clicks, is_free=True),
            Row("workers started again", "", kept.restarts, careless.restarts, is_free=True),
        ],
        control_fails=careless.mails.different < careless.orders,
    )


def _run(
    shop: BenchShop,
    sizes: Sizes,
    start_worker: Callable[[], None],
    wait: Callable[[BenchShop], None],
) -> Outcome:
    sku = make_sku(on_hand=sizes.orders)
    pool = ThreadPoolExecutor(SHOPPERS)
    with _supervised(shop, start_worker) as restarts:
        try:
            placing = [pool.submit(_order, shop, sku.code) for _ in range(sizes.orders)]
            _crash(shop, sizes, placing)
            bought = [future.result() for future in placing]
        finally:
            # Who is stopped does not wait for hundreds of orders.
            pool.shutdown(cancel_futures=True)
        wait(shop)
    orders = Order.objects.filter(items__sku=sku)
    emails = list(orders.values_list("email", flat=True))
    left = Stock.objects.get(sku=sku).on_hand
    return Outcome(
        bought=bought,
        orders=len(emails),
        odd=sum(emails.count(one.email) != 1 for one in bought),
        taken=sizes.orders - left,
        ledger_is_right=sku.movements.aggregate(sum=Sum("quantity"))["sum"] == left,
        owed=Outbox.objects.filter(order__in=orders, kind="order_placed").count(),
        mails=mailed(shop),
        restarts=len(restarts),
    )


@contextmanager
def _supervised(shop: BenchShop, start: Callable[[], None]) -> Iterator[list[float]]:
    """Start the worker again whenever it ends; the moments at which that was done."""
    restarts: list[float] = []
    is_over = threading.Event()

    def mind() -> None:
        while not is_over.wait(timeout=1):
            if shop.processes["worker"].poll() is not None:
                shop.kill("worker")
                start()
                restarts.append(time.monotonic())

    minder = threading.Thread(target=mind)
    minder.start()
    try:
        yield restarts
    finally:
        is_over.set()
        minder.join()


def _order(shop: BenchShop, code: str) -> Bought:
    try:
        buyer = _prepared(shop, code)
        errors = 0
        for click in range(1, MOST_CLICKS):
            answer = buyer.buy()
            if answer.status:
                errors += answer.status >= requests.codes.server_error
                return Bought(buyer.email, answer.is_order, click, errors)
            time.sleep(PAUSE_BETWEEN_CLICKS)
    finally:
        connection.close()
    return Bought(buyer.email, is_order=False, clicks=click, errors=errors)


def _prepared(shop: BenchShop, code: str) -> Buyer:
    """Somebody with a filled cart; whose server dies before that gives up, and another comes."""
    while True:
        buyer = Buyer(shop.url)
        try:
            buyer.prepare(code)
        except requests.RequestException:
            time.sleep(PAUSE_BETWEEN_CLICKS)
        else:
            return buyer


def _crash(shop: BenchShop, sizes: Sizes, placing: Sequence[Future]) -> None:
    enough = sizes.orders // 10
    wait_for(lambda: sum(one.done() for one in placing) >= enough, "first orders", 120)
    deaths = ["web"] * sizes.web_kills + ["redis"] * sizes.broker_kills
    random.shuffle(deaths)
    for name in deaths:
        time.sleep(random.uniform(SHORTEST_LIFE, LONGEST_LIFE))  # noqa: S311 - no secret
        shop.kill(name)
        if name == "web":
            shop.start_web()
            continue
        time.sleep(BROKER_AWAY)
        shop.start_redis()
        wait_for(lambda: _redis_answers(shop), "Redis")


def _redis_answers(shop: BenchShop) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(shop.redis_socket)) as server:
            return bool(server.ping())
    except redis.ConnectionError:
        return False


def _errors(outcome: Outcome) -> int:
    return sum(one.errors for one in outcome.bought)
