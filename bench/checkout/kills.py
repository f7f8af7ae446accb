"""Workers that are killed again and again while orders are placed and mailed."""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage

import redis
from celery import Celery
from django.db import connection

from bench.checkout import plain_mail
from bench.checkout.buyers import Buyer
from bench.checkout.shop import WORKER_PROCESSES, BenchShop, open_shop
from bench.checkout.sizes import Found, Row, Sizes
from catalog.tests.factories import make_sku
from orders.models import Order, Outbox
from tests.shop import wait_for

# So many shoppers fill carts and order, one after another each.
SHOPPERS = 3
# How long a worker lives from its first mail on.
SHORTEST_LIFE, LONGEST_LIFE = 0.2, 1.2
# Longer than a lease, for those that were being sent when the last worker died.
SECONDS_TO_MAIL = 400.0
# Nothing more comes when nothing has come for so long, and nothing is queued.
SILENCE = 20.0


@dataclass(frozen=True)
class Mailed:
    """What came into the inbox."""

    different: int
    again: int
    # Orders whose mails are not the same mail.
    contradictory: int


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
        rows = Outbox.objects.filter(kind="order_placed")
        waiting = rows.exclude(state=Outbox.State.SENT)
        wait_for(lambda: not waiting.exists(), f"end: {shop.log('worker')}", SECONDS_TO_MAIL)
        orders = Order.objects.filter(items__sku__code=code)
        owed, placed = rows.filter(order__in=orders).count(), orders.count()
        mailed = _mailed(shop)
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
            Row("different mails that came", sizes.orders, mailed.different, plain.different),
            Row("mails that never came", 0, sizes.orders - mailed.different, lost),
            Row("of these held back for the visibility timeout", 0, 0, held + queued),
            Row("orders with two different mails", 0, mailed.contradictory, plain.contradictory),
            Row(
                f"mails that came again, at most {most}",
                True,
                mailed.again <= most,
                plain.again <= most,
            ),
            Row("mails that came again", "", mailed.again, plain.again, is_free=True),
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
            _wait_for_silence(shop, server)
            return _mailed(shop), server.hlen("unacked"), server.llen("celery")


def _wait_for_silence(shop: BenchShop, server: redis.Redis) -> None:
    came, since = -1, time.monotonic()
    while time.monotonic() - since < SILENCE or server.llen("celery"):
        if len(shop.inbox.mails) != came:
            came, since = len(shop.inbox.mails), time.monotonic()
        time.sleep(0.2)


def _mailed(shop: BenchShop) -> Mailed:
    mails: dict[str, list[EmailMessage]] = defaultdict(list)
    for mail in shop.inbox.mails:
        mails[mail["To"]].append(mail)
    return Mailed(
        different=len({mail["Message-ID"] for mail in shop.inbox.mails}),
        again=len(shop.inbox.mails) - len(mails),
        contradictory=sum(len({_said(mail) for mail in same}) > 1 for same in mails.values()),
    )


def _said(mail: EmailMessage) -> tuple[str, ...]:
    texts = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]
    return (mail["Message-ID"], mail["Subject"], *texts)
