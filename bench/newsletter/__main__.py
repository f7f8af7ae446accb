"""Begin a newsletter to 100,000, send it as fast as it goes, and kill its workers meanwhile."""

import argparse
import asyncio
import os
import platform
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.checkout.__main__ import database, say, throwaway_database

CASES = ("begin", "speed", "kills")
WORKER_PROCESSES = 4
# How long a worker lives from its first mail on.
SHORTEST_LIFE, LONGEST_LIFE = 0.2, 1.2


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.newsletter", description=__doc__)
    parser.add_argument("--only", choices=CASES, nargs="+", default=CASES)
    parser.add_argument("--recipients", type=int, default=100_000, help="of the first two cases")
    parser.add_argument("--seconds", type=int, default=60, help="of the second case")
    parser.add_argument("--kills", type=int, default=10, help="of the third case")
    asked = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "storefront.settings.test"
    os.environ["LOG_LEVEL"] = "ERROR"
    # So that a bench that is asked to end takes its processes and its database with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    import django

    django.setup()
    with throwaway_database():
        say(f"{database()}, Python {platform.python_version()}, {os.cpu_count()} cores")
        results = [globals()[f"measure_{name}"](asked) for name in asked.only]
    return int(not all(results))


def planned(recipients: int) -> Any:
    """A sending that is due, to so many addresses that nobody has written to before."""
    from social.models import Subscriber
    from social.newsletter import sending
    from social.tests.newsletters import make_issue

    Subscriber.objects.all().delete()
    rows = (
        Subscriber(email=f"reader-{n}@example.com", language="en", state="confirmed")
        for n in range(recipients)
    )
    Subscriber.objects.bulk_create(rows, batch_size=5_000)
    issue = make_issue("Spring prints", [("text", "<p>" + "Words and more words. " * 100 + "</p>")])
    return sending.plan(issue, "all", user=None)


def measure_begin(asked: argparse.Namespace) -> bool:
    """How long the rows of all recipients take to be written, counted and looked at."""
    from social.newsletter import segments, sending

    one = planned(asked.recipients)
    before = _memory()
    for what, do in {
        "count the recipients": lambda: segments.recipients(one.page, "all").count(),
        "begin: write all rows": sending.begin_due,
        "look how far it is": lambda: sending.figures(one),
    }.items():
        start = time.monotonic()
        do()
        say(f"{what}, {asked.recipients:,}: {time.monotonic() - start:.2f} s")
    say(f"memory that it took: {_memory() - before:.1f} MiB")
    return one.deliveries.count() == asked.recipients


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_speed(asked: argparse.Namespace) -> bool:
    """Mails a minute without a limit, against a mail server that takes each at once."""
    import psutil

    one = planned(asked.recipients)
    with opened(0, 0) as shop:
        shop.start_worker("bench.newsletter.worker")
        _ring_until(shop, lambda: shop.inbox.mails)
        start, had = time.monotonic(), len(shop.inbox.mails)
        _ring_until(shop, lambda: time.monotonic() - start > asked.seconds)
        took, sent = time.monotonic() - start, len(shop.inbox.mails) - had
        worker = psutil.Process(shop.processes["worker"].pid)
        memory = max(child.memory_info().rss for child in worker.children(recursive=True))
    one.refresh_from_db()
    say(f"mails a minute: {60 * sent / took:,.0f} ({sent:,} in {took:.0f} s)")
    say(f"memory of the process that sends: {memory / 2**20:.0f} MiB")
    return sent > 0


def measure_kills(asked: argparse.Namespace) -> bool:
    """500 recipients, workers killed in the middle: nobody gets it twice; and the control."""
    found = _killed(500, asked.kills, without="")
    control = _killed(500, asked.kills, without="claim")
    most = asked.kills
    say(f"\n500 recipients, {asked.kills} times kill -9 of the worker; guard off")
    for name, values in {
        "addresses that got it": (found["got"], control["got"]),
        "addresses that got it twice": (found["twice"], control["twice"]),
        f"not known, at most {most}": (found["unknown"], control["unknown"]),
        "neither got it nor not known": (found["lost"], control["lost"]),
    }.items():
        say(f"  {name}: {values[0]}; {values[1]}")
    is_right = not found["twice"] and not found["lost"] and found["unknown"] <= most
    return is_right and control["twice"] > 0


def _killed(recipients: int, kills: int, without: str) -> dict[str, int]:
    from social.models import Sending

    one = planned(recipients)
    with opened(0.02, 0.06, without) as shop:
        for _kill in range(kills):
            shop.inbox.has_begun.clear()
            shop.start_worker("bench.newsletter.worker")
            _ring_until(shop, shop.inbox.has_begun.is_set)
            time.sleep(random.uniform(SHORTEST_LIFE, LONGEST_LIFE))  # noqa: S311 - no secret
            shop.kill("worker")
        shop.start_worker("bench.newsletter.worker")
        done = Sending.objects.filter(pk=one.pk, state=Sending.State.DONE)
        _ring_until(shop, done.exists)
        came = Counter(message["To"] for message in shop.inbox.mails)
    states = dict(one.deliveries.values_list("subscriber__email", "state"))
    unknown = {email for email, state in states.items() if state == "unknown"}
    return {
        "got": len(came),
        "twice": sum(times > 1 for times in came.values()),
        "unknown": len(unknown),
        "lost": len(set(states) - set(came) - unknown),
    }


def _ring_until(shop: Any, condition: Any, seconds: float = 600) -> None:
    """Ring as the beat does, only more often."""
    from celery import Celery

    from bench.newsletter.worker import TASKS

    queue = Celery(
        broker=f"redis+socket://{shop.redis_socket}?virtual_host=0", set_as_current=False
    )
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:g} s: {shop.log('worker')}")
        for task in TASKS:
            queue.send_task(task, expires=2)
        time.sleep(0.5)
    queue.close()


@contextmanager
def opened(shortest: float, longest: float, without: str = "") -> Iterator[Any]:
    """Redis and a mail server that takes so long for a mail; workers are started by the case."""
    from aiosmtpd.controller import Controller

    from bench.checkout.shop import BenchShop, SlowInbox
    from tests.shop import free_port, wait_for

    class Sink(SlowInbox):
        async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
            self.has_begun.set()
            # It has the mail, and says so late: whoever dies meanwhile never hears of it.
            self.mails.append({"To": envelope.rcpt_tos[0]})
            if longest:
                await asyncio.sleep(random.uniform(shortest, longest))  # noqa: S311 - no secret
            return "250 kept"

    inbox = Sink()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    inbox.port = controller.port
    with TemporaryDirectory(prefix="bench-") as folder:
        shop = BenchShop(Path(folder), inbox, without, "")
        shop.environment["NEWSLETTER_MAILS_PER_MINUTE"] = "0"
        try:
            shop.start_redis()
            wait_for(shop.redis_socket.exists, "Redis")
            yield shop
        finally:
            shop.stop()
            controller.stop()


if __name__ == "__main__":
    sys.exit(main())
