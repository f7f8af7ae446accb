"""The shop's processes, as production runs them, on the bench's own database."""

import asyncio
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
from aiosmtpd.controller import Controller

from orders.models import Outbox
from storefront.embedded_redis import socket_path
from tests.shop import Inbox, Shop, free_port, wait_for

WORKER_PROCESSES = 4
MOST_ERRORS = 5


class SlowInbox(Inbox):
    """Takes each mail as long as a mail server does, and tells nobody when it is left alone."""

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.has_begun.set()
        await asyncio.sleep(random.uniform(0.1, 0.3))  # noqa: S311 - no secret
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"


class BenchShop(Shop):
    """``without`` names a guard of ``bench.checkout.unguarded`` that is off."""

    def __init__(self, folder: Path, inbox: SlowInbox, without: str, broker: str) -> None:
        super().__init__(folder, inbox.port)
        self.inbox = inbox
        self.without = without
        # Each shopper comes from an address of their own, as the proxy in front would say.
        self.environment |= {"BEHIND_PROXY": "1", "LOG_LEVEL": "ERROR", "BENCH_WITHOUT": without}
        if broker:
            self.environment["CELERY_BROKER_URL"] = broker

    @property
    def redis_socket(self) -> Path:
        return socket_path(self.folder)

    def start_web(self) -> None:
        application = "bench.checkout.unguarded" if self.without else "storefront.wsgi"
        options = ["--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"]
        options += ["--workers", "2", "--threads", "8", "--no-control-socket"]
        self.start("web", "gunicorn", application, *options)
        wait_for(self.answers, f"answer of the web process: {self.log('web')}", 120)

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/cart/", timeout=60).ok
        except requests.RequestException:
            return False

    def start_worker(self, application: str = "storefront") -> None:
        options = ["--concurrency", str(WORKER_PROCESSES), "--without-mingle", "--without-gossip"]
        self.start("worker", "celery", "-A", application, "worker", *options)


@contextmanager
def open_shop(
    without: str = "", broker: str = "", folder: Path | None = None, *, keep_outbox: bool = False
) -> Iterator[BenchShop]:
    """A shop that sells; workers are started by whoever wants mails."""
    with TemporaryDirectory(prefix="bench-") as name, _inbox() as inbox:
        shop = BenchShop(folder or Path(name), inbox, without, broker)
        if not keep_outbox:
            # What an earlier case owes is none of this one's business.
            Outbox.objects.all().delete()
        try:
            shop.start_redis()
            wait_for(shop.redis_socket.exists, "Redis")
            shop.start_web()
            yield shop
        except Exception as error:
            error.add_note(f"The web server's last words: {shop.log('web')}")
            raise
        finally:
            shop.stop()
            for words, times in _errors(shop).most_common(MOST_ERRORS):
                sys.stderr.write(f"{times} x in the web server's log: {words}\n")


def _errors(shop: BenchShop) -> Counter[str]:
    """The last lines of the tracebacks that the web server has written."""
    path = shop.folder / "web.log"
    log = path.read_text(errors="replace") if path.exists() else ""
    return Counter(re.findall(r"^[\w.]+(?:Error|Exception)\b.*$", log, re.MULTILINE))


@contextmanager
def _inbox() -> Iterator[SlowInbox]:
    inbox = SlowInbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    inbox.port = controller.port
    try:
        yield inbox
    finally:
        controller.stop()
