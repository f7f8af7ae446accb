"""From the shelf to the inbox: real web, worker, beat and Redis processes, a real SMTP server.

Nothing here shares memory with the shop: it is used over HTTP and read over SMTP.
"""

import html
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

from catalog.models import Stock
from catalog.tests.factories import make_category, make_page, make_sku
from orders.models import Order, Outbox
from orders.tests.factories import CUSTOMER

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.slow,
]
ROOT = Path(settings.BASE_DIR)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(condition: Callable[[], object], what: str, seconds: float = 60) -> object:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := condition():
            return result
        time.sleep(0.1)
    raise AssertionError(f"no {what} within {seconds:g} s")


class Inbox:
    """An SMTP server that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"

    def of(self, order: Order) -> list[EmailMessage]:
        return [mail for mail in self.mails if order.number in mail["Subject"]]


class Shop:
    """The shop's processes on the test's own database."""

    def __init__(self, folder: Path, smtp_port: int) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "storefront.settings.embedded",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url(),
            "SECRET_KEY": "for-tests-only",
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
            "BASE_URL": self.url,
        }
        self.environment.pop("REDIS_URL", None)
        self.environment.pop("CELERY_BROKER_URL", None)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *arguments: str) -> None:
        (self.folder / "beat").mkdir(exist_ok=True)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_redis(self) -> None:
        self.start("redis", "storefront.embedded_redis", str(self.folder))

    def start_web(self) -> None:
        options = ["--bind", f"127.0.0.1:{self.port}", "--threads", "4"]
        self.start("web", "gunicorn", "storefront.wsgi", *options)
        wait_for(self.answers, f"answer of the web process: {self.log('web')}")

    def start_workers(self) -> None:
        self.start("worker", "celery", "-A", "storefront", "worker", "--concurrency", "1")
        self.start("beat", "celery", "-A", "storefront", "beat")

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/cart/", timeout=10).ok
        except requests.ConnectionError:
            return False

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for name in list(self.processes):
            self.kill(name)


def database_url() -> str:
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    where = f"{values['HOST']}:{values['PORT'] or 5432}/{values['NAME']}"
    return f"postgres://{values['USER']}:{values['PASSWORD']}@{where}"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    handler = Inbox()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.fixture
def shop(tmp_path: Path, inbox: Inbox) -> Iterator[Shop]:
    processes = Shop(tmp_path, inbox.port)
    yield processes
    processes.stop()


@pytest.fixture
def poster():
    """A live product with two variants, one of them reduced."""
    page = make_page("Dune at dawn", make_category("Posters"))
    make_sku(page, "DUNE-A3", price="25.00", option1="A3", on_hand=9)
    make_sku(page, "DUNE-A2", price="39.50", compare_at="45.00", option1="A2", on_hand=9)
    return page


class Shopper:
    """Somebody with a browser that has no JavaScript: follows links, fills in forms."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.browser = requests.Session()
        self.page = ""

    def open(self, path: str) -> str:
        answer = self.browser.get(self.url + path, timeout=30)
        assert answer.ok, (path, answer.status_code)
        self.page = answer.text
        return self.page

    def follow(self, text: str) -> str:
        """Open the first link whose address or text has these words."""
        links = re.findall(r'<a\b[^>]*\bhref="([^"]+)"[^>]*>(.*?)</a>', self.page, re.DOTALL)
        for address, label in links:
            if text in html.unescape(label) or text in address:
                return self.open(html.unescape(address).removeprefix(self.url))
        raise AssertionError(f"no link to {text!r}")

    def send(self, path: str, values: dict[str, object]) -> requests.Response:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', self.page))
        values = {**hidden, "csrfmiddlewaretoken": token.group(1) if token else "", **values}
        headers = {"Origin": self.url, "Referer": self.url + path}
        answer = self.browser.post(self.url + path, values, headers=headers, timeout=60)
        self.page = answer.text
        return answer

    def fill_cart(self) -> None:
        self.open("/")
        self.follow("Posters")
        self.follow("Dune at dawn")
        self.send("/cart/add/", {"code": "DUNE-A2", "quantity": "2"})
        self.open("/cart/")

    def check_out(self) -> requests.Response:
        self.open("/orders/checkout/")
        answer = self.send("/orders/checkout/", CUSTOMER)
        assert "/orders/checkout/" not in answer.url, self.page
        return answer


def test_the_shoppers_way_ends_in_an_inbox(shop: Shop, inbox: Inbox, poster) -> None:
    shop.start_redis()
    shop.start_web()
    shop.start_workers()
    shopper = Shopper(shop.url)

    shopper.fill_cart()
    assert "€79.00" in shopper.page
    thanks = shopper.check_out()

    order = Order.objects.get()
    assert order.number in thanks.text
    assert order.secret in thanks.url
    mail = wait_for(lambda: inbox.of(order), f"mail; worker: {shop.log('worker')}")[0]
    assert mail["To"] == "ada@example.com"
    for kind in ("plain", "html"):
        text = html.unescape(mail.get_body(preferencelist=(kind,)).get_content())
        for expected in (order.number, "Dune at dawn", "A2", "€39.50", "€79.00", thanks.url):
            assert expected in text, (kind, expected)
    wait_for(lambda: Outbox.objects.filter(state="sent").exists(), "row marked as sent")
    assert len(inbox.mails) == 1
    assert Stock.objects.get(sku__code="DUNE-A2").on_hand == 7
    # A stranger with another cookie sees neither the cart nor the order.
    stranger = Shopper(shop.url)
    assert "Dune at dawn" not in stranger.open("/cart/")
    assert requests.get(f"{shop.url}/orders/{order.number}/", timeout=30).status_code == 404


@contextmanager
def silent_server(path: Path) -> Iterator[None]:
    """A server that accepts connections at the address and never says a word."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(100)
        yield
    path.unlink(missing_ok=True)


@pytest.mark.parametrize("broker", ["gone", "silent"])
def test_without_a_broker_the_order_is_placed_at_once_and_the_mail_goes_out_later(
    broker: str, shop: Shop, inbox: Inbox, poster
) -> None:
    shop.start_redis()
    shop.start_web()
    usual = Shopper(shop.url)
    usual.fill_cart()
    usual_time = usual.check_out().elapsed.total_seconds()
    shopper = Shopper(shop.url)
    shopper.fill_cart()
    shop.kill("redis")

    sock = shop.folder / "redis" / "redis.sock"
    with silent_server(sock) if broker == "silent" else pytest.MonkeyPatch.context():
        time_without_broker = shopper.check_out().elapsed.total_seconds()

    assert time_without_broker < usual_time + 1.0
    assert Outbox.objects.filter(state="queued").count() == 2
    shop.start_redis()
    shop.start_workers()
    for order in Order.objects.all():
        wait_for(lambda order=order: inbox.of(order), f"mail; worker: {shop.log('worker')}")


def test_a_worker_killed_while_it_sends_loses_no_mail(shop: Shop, inbox: Inbox, poster) -> None:
    shop.start_redis()
    shop.start_web()
    shopper = Shopper(shop.url)
    shopper.fill_cart()
    shopper.check_out()
    order = Order.objects.get()
    # As the killed worker left it: claimed, never marked, the lease just over.
    Outbox.objects.update(state="leased", attempts=1, leased_until=order.created)

    shop.start_workers()

    wait_for(lambda: inbox.of(order), f"mail; worker: {shop.log('worker')}")
