"""Workers that are killed again and again while orders are placed and mailed."""

import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

import redis
from celery import Celery
from django.db import connection

from bench.checkout import plain_mail
from bench.checkout.buyers import Buyer
from bench.checkout.mailed import Mailed, mailed, wait_for_silence, wait_until_sent
from bench.checkout.shop import WORKER_PROCESSES, BenchShop, open_shop
from bench.checkout.sizes import Found, Row, Sizes
from catalog.tests.factories import make_sku
from orders.models import Order, Outbox
from tests.shop import wait_for

# So many shoppers fill carts and order, one after another each.
SHOPPERS = 3
# How long a worker lives from its first mail on.
SHORTEST_LIFE, LONGEST_LIFE = 0.2, 1.2


def measure(sizes: Sizes) -> Found:
    with open_shop() as shop:
        code = make_sku(on_hand=sizes.orders).code
        pool = ThreadPoolExecutor(SHOPPERS)
        try:
            placing = [pool.submit(_order, shop, code) for _ in range(sizes.orders)]
            shop.start_workers()
            shop.kill("worker")
            _kill_workers(shop, sizes, placing)
            refused = sum(not future.result() for future in placing)
        finally:
            # Who is stopped does not wait for hundreds of orders.
            pool.shutdown(cancel_futures=True)
        shop.start_worker()
        wait_until_sent(shop)
        rows = Outbox.objects.filter(kind="order_placed")
        orders = Order.objects.filter(items__sku__code=code)
        owed, placed = rows.filter(order__in=orders).count(), orders.count()
        came = mailed(shop)
        numbers = list(rows.values_list("pk", flat=True))
        shop.stop()
        plain, held, queued = _without_outbox(sizes, numbers)
    most = sizes.kills * WORKER_PROCESSES
    lost = sizes.orders - plain.different
    return Found(
        f"{sizes.orders} orders, {sizes.kills} times kill -9 of the worker",
        [
            Row("orders placed", sizes.orders, placed),
            Row("answers that led to no order", 0, refused),
            Row("mails owed", sizes.orders, owed, len(numbers)),
            Row("different mails that came", sizes.orders, came.different, plain.different),
            Row("mails that never came", 0, sizes.orders - came.different, lost),
            Row("of these held back for the visibility timeout", 0, 0, held + queued),
            Row("orders with two different mails", 0, came.contradictory, plain.contradictory),
            Row(
                f"mails that came again, at most {most}",
                True,
                came.again <= most,
                plain.again <= most,
            ),
            Row("mails that came again", "", came.again, plain.again, is_free=True),
        ],
        control_fails=lost - held - queued > 0,
    )


def _order(shop: BenchShop, code: str) -> bool:
    buyer = Buyer(shop.url)
    try:
        buyer.prepare(code)
        return buyer.buy().is_order
    finally:
        connection.close()


def _kill_workers(shop: BenchShop, sizes: Sizes, placing: Iterable[Future]) -> None:
    """Let each worker live until it has begun to send, and a moment longer."""
    enough = sizes.orders // 10
    wait_for(lambda: sum(one.done() for one in placing) >= enough, "first orders", 120)
    _kill_each(shop, sizes.kills, shop.start_worker)


def _kill_each(shop: BenchShop, kills: int, start: Callable[[], None]) -> None:
    for _kill in range(kills):
        shop.inbox.has_begun.clear()
        start()
        shop.inbox.has_begun.wait(timeout=60)
        time.sleep(random.uniform(SHORTEST_LIFE, LONGEST_LIFE))  # noqa: S311 - no secret
        shop.kill("worker")


def _without_outbox(sizes: Sizes, numbers: list[int]) -> tuple[Mailed, int, int]:
    """The same mails as messages of Celery's own; with those still held back, and queued."""
    with open_shop(keep_outbox=True) as shop:
        broker = f"redis+socket://{shop.redis_socket}?virtual_host=0"
        queue = Celery(broker=broker, set_as_current=False)
        for number in numbers:
            queue.send_task(plain_mail.SEND, [number])
        queue.close()

        def start() -> None:
            shop.start_worker("bench.checkout.plain_mail")

        _kill_each(shop, sizes.kills, start)
        start()
        with redis.Redis(unix_socket_path=str(shop.redis_socket)) as server:
            wait_for_silence(shop, lambda: server.llen("celery"))
            return mailed(shop), server.hlen("unacked"), server.llen("celery")
