"""The shop as a stranger meets it: real processes, used over HTTP, read over SMTP."""

import asyncio
import html
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import requests
from django.conf import settings
from django.db import connection

from orders.models import Order
from orders.tests.factories import FORM

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
        # While set, it has a mail's text and does not say whether it takes it.
        self.is_slow = threading.Event()
        self.has_begun = threading.Event()

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.has_begun.set()
        while self.is_slow.is_set():
            await asyncio.sleep(0.05)
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

    def start_worker(self) -> None:
        self.start("worker", "celery", "-A", "storefront", "worker", "--concurrency", "1")

    def start_workers(self) -> None:
        self.start_worker()
        self.start("beat", "celery", "-A", "storefront", "beat")

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/cart/", timeout=10).ok
        except requests.RequestException:
            return False

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        # It may have ended by itself.
        with suppress(ProcessLookupError):
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
        values = {
            **self.filled_in(),
            "csrfmiddlewaretoken": token.group(1) if token else "",
            **values,
        }
        headers = {"Origin": self.url, "Referer": self.url + path}
        answer = self.browser.post(self.url + path, values, headers=headers, timeout=60)
        self.page = answer.text
        return answer

    def filled_in(self) -> dict[str, str]:
        """What the page's forms say before anybody touches them: hidden fields and choices."""
        values = {}
        for tag in re.findall(r"<input\b[^>]*>", self.page):
            about = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
            is_chosen = about.get("type") == "radio" and re.search(r"\schecked\b", tag)
            if about.get("type") == "hidden" or is_chosen:
                values[about["name"]] = html.unescape(about.get("value", ""))
        return values

    def fill_cart(self) -> None:
        self.open("/")
        self.follow("Posters")
        self.follow("Dune at dawn")
        self.send("/cart/add/", {"code": "DUNE-A2", "quantity": "2"})
        self.open("/cart/")

    def check_out(self) -> requests.Response:
        self.open("/orders/checkout/")
        answer = self.send("/orders/checkout/", FORM)
        if "/orders/checkout/" in answer.url:
            # What it costs to send depends on the country, so the total is shown once more.
            answer = self.send("/orders/checkout/", FORM)
        assert "/orders/checkout/" not in answer.url, self.page
        return answer
