"""Shoppers who come all at once, each with a browser of their own."""

import html
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

import requests
from django.db import connection

from orders.tests.factories import CUSTOMER

CHECKOUT, CART = "/orders/checkout/", "/cart/"
# So many fill their carts at the same time; what they do then is what is measured.
AT_EASE = 6
PATIENCE = 120.0
_numbers = count(1)
T, R = TypeVar("T"), TypeVar("R")


@dataclass(frozen=True)
class Answer:
    """What came back of the checkout form; ``status`` 0 where nothing did."""

    status: int
    location: str
    seconds: float
    page: str = ""

    @property
    def is_order(self) -> bool:
        is_there = "/orders/" in self.location and CHECKOUT not in self.location
        return self.status == 302 and is_there

    @property
    def is_failure(self) -> bool:
        return not 0 < self.status < 500


class Buyer:
    """One shopper; may send the same form from several threads."""

    def __init__(self, url: str) -> None:
        number = next(_numbers)
        self.url = url
        self.email = f"buyer{number}@example.com"
        self.address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.cookies: dict[str, str] = {}
        self.form: dict[str, str] = {}

    def prepare(self, code: str, coupon: str = "") -> None:
        """Put one of it into the cart and fill in the checkout, but for the last click."""
        _must(self._send("/cart/add/", {"code": code, "quantity": "1"}), 302)
        page = _must(self._ask("GET", CHECKOUT), 200)
        self.form = _fields(page) | CUSTOMER | {"email": self.email, "coupon": coupon}
        if coupon:
            page = _must(self._send(CHECKOUT, self.form | {"do": "update"}), 200)
            self.form |= _fields(page)

    def buy(self, patience: float = PATIENCE) -> Answer:
        """The last click, without going where the answer leads."""
        start = time.perf_counter()
        try:
            answer = self._send(CHECKOUT, self.form | {"do": "place"}, patience)
        except requests.RequestException as error:
            return Answer(0, "", time.perf_counter() - start, repr(error))
        location = answer.headers.get("Location", "")
        return Answer(answer.status_code, location, time.perf_counter() - start, answer.text)

    def look(self, path: str) -> str:
        """The page at the path, as text; an error of the server as its status."""
        answer = self._ask("GET", path.removeprefix(self.url))
        return html.unescape(answer.text) if answer.ok else f"error {answer.status_code}"

    def _send(
        self, path: str, values: dict[str, str], patience: float = PATIENCE
    ) -> requests.Response:
        return self._ask("POST", path, data=values, timeout=patience)

    def _ask(
        self,
        method: str,
        path: str,
        data: dict[str, str] | None = None,
        timeout: float = PATIENCE,
    ) -> requests.Response:
        # A connection for each request: one that is kept may be closed while it is used again.
        headers = {
            "Origin": self.url,
            "Referer": self.url + path,
            "X-Forwarded-For": self.address,
            "Connection": "close",
        }
        answer = requests.request(
            method,
            self.url + path,
            headers=headers,
            cookies=self.cookies,
            data=data,
            timeout=timeout,
            allow_redirects=False,
        )
        self.cookies = self.cookies | answer.cookies.get_dict()
        return answer


def crowd(url: str, codes: Sequence[str], coupon: str = "") -> list[Buyer]:
    """A shopper for each SKU code, who has filled in everything to buy one of it."""
    buyers = [Buyer(url) for _ in codes]
    with ThreadPoolExecutor(AT_EASE) as pool:
        list(pool.map(lambda buyer, code: buyer.prepare(code, coupon), buyers, codes))
    return buyers


def at_once(things: Sequence[T], action: Callable[[T], R]) -> list[R]:
    """Do it with each thing at the same moment; return the results."""
    start = threading.Barrier(len(things))

    def run(thing: T) -> R:
        try:
            start.wait(timeout=60)
            return action(thing)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(run, things))


def _must(answer: requests.Response, status: int) -> str:
    if answer.status_code != status:
        raise RuntimeError(f"{answer.url} answered {answer.status_code}: {answer.text[:500]}")
    return answer.text


def _fields(page: str) -> dict[str, str]:
    """What the forms of a page would send of what the server has put into them."""
    return dict(_inputs(page))


def _inputs(page: str) -> Iterator[tuple[str, str]]:
    for tag in re.findall(r"<input\b[^>]*>", page):
        values = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        is_chosen = values.get("type") == "radio" and re.search(r"\schecked\b", tag)
        if "name" in values and (values.get("type") == "hidden" or is_chosen):
            yield values["name"], html.unescape(values.get("value", ""))
