"""How many mails of orders a worker sends in a second, to a mail server on the same machine.

    python -m bench.mails [--mails 600]

The orders are placed first, by the checkout's own function; then a real Celery worker with two
processes works off what the outbox owes, to an SMTP server of its own process. Two kinds are
measured one after the other: "order placed", and "payment received" with its invoice as PDF.
Asked for are 50 mails a second. CPU ms are the worker's, for each mail.
"""

import argparse
import asyncio
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from bench.pages.environment import environment
from bench.pages.servers import ROOT, redis

WORKER = ("-m", "celery", "--app", "storefront", "--quiet", "worker", "--concurrency", "2",
          "--queues", "celery", "--without-mingle")  # fmt: skip
LEAST_A_SECOND = 50
SECONDS_TO_SEND = 300
# Sent before, so that both processes have loaded what mails need and cut the fonts of invoices.
FIRST = 40


class Sink:
    """Takes every mail and forgets it."""

    async def handle_DATA(self, _server, _session, _envelope) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 taken"


def _listen(port: "multiprocessing.Queue[int]") -> None:
    from aiosmtpd.smtp import SMTP

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Sink()), "127.0.0.1", 0)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mails", type=int, default=600)
    asked = parser.parse_args()
    told: multiprocessing.Queue[int] = multiprocessing.Queue()
    sink = multiprocessing.Process(target=_listen, args=[told], daemon=True)
    sink.start()
    with TemporaryDirectory(prefix="bench-") as name, redis(Path(name)) as services:
        os.environ.update(environment(Path(name)), **services)
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{told.get(timeout=30)}"
        import django

        django.setup()
        from bench.pages import shops

        with shops.copied(shops.filled(1_000)) as own:
            os.environ["DATABASE_URL"] = shops.url_of(own)
            return _measure(asked.mails, Path(name))


def _measure(mails: int, folder: Path) -> int:
    from orders import outbox
    from orders.models import Outbox

    first, orders = _place(FIRST), _place(mails)
    with (folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(  # noqa: S603 - a worker of ours
            [sys.executable, *WORKER], cwd=ROOT, stdout=log, stderr=log
        )
    slowest = float("inf")
    try:
        sys.stdout.write("| mail | a second | CPU ms each |\n|---|---|---|\n")
        for kind in (outbox.ORDER_PLACED, outbox.PAYMENT_RECEIVED):
            Outbox.objects.all().delete()
            _send(first, kind, worker)
            seconds, cpu = _send(orders, kind, worker)
            slowest = min(slowest, len(orders) / seconds)
            each = 1000 * cpu / len(orders)
            sys.stdout.write(f"| {kind} | {len(orders) / seconds:.0f} | {each:.1f} |\n")
    finally:
        worker.terminate()
        worker.wait()
    return int(slowest < LEAST_A_SECOND)


def _place(number: int) -> list:
    from bench.pages import shopping
    from catalog.models import Sku
    from orders.models import Outbox
    from orders.tests.factories import order_for, paid

    codes = shopping.rich_skus(3)
    skus = list(Sku.objects.purchasable().filter(code__in=codes))
    one = dict.fromkeys(skus, 1)
    orders = [paid(order_for(one, email=f"shopper{n}@example.com")) for n in range(number)]
    Outbox.objects.all().delete()
    return orders


def _send(orders: list, kind: str, worker: subprocess.Popen) -> tuple[float, float]:
    """Seconds, and seconds of the worker's processor time, until the last has left."""
    from django.db import transaction

    from orders import outbox
    from orders.models import Outbox

    with transaction.atomic():
        for order in orders:
            outbox.enqueue(order, kind)
    cpu, began = _cpu(worker), time.monotonic()
    waiting = Outbox.objects.exclude(state=Outbox.State.SENT)
    while waiting.exists():
        if failed := Outbox.objects.filter(state=Outbox.State.FAILED).first():
            raise SystemExit(f"{failed}: {failed.last_error}")
        if time.monotonic() - began > SECONDS_TO_SEND:
            raise SystemExit(f"{waiting.count()} mails have not left")
        # One for each of its processes; a drain goes on for seconds.
        outbox.ring()
        outbox.ring()
        time.sleep(0.5)
    return time.monotonic() - began, _cpu(worker) - cpu


def _cpu(worker: subprocess.Popen) -> float:
    process = psutil.Process(worker.pid)
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return sum(each.user + each.system for each in times)


if __name__ == "__main__":
    sys.exit(main())
