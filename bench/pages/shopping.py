"""Shoppers of a run: sessions with carts, and the requests that their browsers would send."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from bench.pages import wire
from bench.pages.rows import RICH, RICH_IS
from cart.entries import Entry, dump
from cart.keeping import NAME_KEY, SESSION_KEY, new_name
from catalog.models import ProductPage, Sku
from orders import draft
from orders.quote import Wishes, quote

TOKEN = wire.drawn()
CUSTOMER = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "address": "Bakehouse Lane 1",
    "postal_code": "12345",
    "city": "Exampletown",
    "country": "DE",
    "payment": "bank_transfer",
}
LINES = 3
# Of so many rich products are the carts' the last.
ALL_RICH = 50


def rich_pages(number: int) -> list[ProductPage]:
    """Pages of products with all that a product can have, the same in shops of all sizes."""
    slugs = [f"p-{at}" for at in range(RICH_IS, RICH * (number + 1), RICH)]
    return list(ProductPage.objects.live().filter(slug__in=slugs).order_by("path")[:number])


def rich_skus(number: int) -> list[str]:
    """The codes of SKUs of which there are enough for every run, each of another product.

    Not of the products whose pages are asked for: what is bought there would make these anew.
    """
    products = [page.product_id for page in rich_pages(ALL_RICH)[-number:]]
    return list(Sku.objects.filter(product__in=products, position=0).values_list("code", flat=True))


def get(path: str, session: str = "", **headers: str) -> str:
    cookies = {settings.SESSION_COOKIE_NAME: session} if session else {}
    return wire.request("GET", path, cookies=cookies, headers=headers)


def post(path: str, values: dict[str, str], session: str) -> str:
    """A form sent by one of the shop's own pages."""
    cookies = {settings.CSRF_COOKIE_NAME: TOKEN, settings.SESSION_COOKIE_NAME: session}
    return wire.request("POST", path, cookies=cookies, values=values)


def sessions(all_data: Sequence[dict[str, Any]]) -> list[str]:
    """Keys of new sessions that hold this."""
    store, ends = SessionStore(), timezone.now() + timedelta(days=14)
    rows = Session.objects.bulk_create(
        Session(
            session_key=wire.drawn(),
            session_data=store.encode(data),
            expire_date=ends,
        )
        for data in all_data
    )
    return [row.session_key for row in rows]


def cart_of(codes: Sequence[str]) -> dict[str, Any]:
    """What a session holds whose cart has one of each."""
    return {SESSION_KEY: dump(_entries(codes)), NAME_KEY: new_name()}


def _entries(codes: Sequence[str]) -> dict[str, Entry]:
    return {code: Entry(1, timezone.now()) for code in codes}


def additions(number: int) -> list[str]:
    """Something is put into carts with two lines."""
    *two, third = rich_skus(LINES)
    keys = sessions([cart_of(two) for _number in range(number)])
    return [post("/cart/add/", {"code": third, "quantity": "1"}, key) for key in keys]


def checkouts(number: int) -> list[str]:
    """The last click of so many shoppers, each for an order of three lines. None can come again."""
    codes = rich_skus(LINES)
    wishes = Wishes(country=CUSTOMER["country"], email=CUSTOMER["email"])
    shown = quote(_entries(codes), wishes).fingerprint
    tokens = [str(uuid4()) for _number in range(number)]
    keys = sessions([{**cart_of(codes), draft.KEY: {draft.TOKEN: token}} for token in tokens])
    form = CUSTOMER | {"shown": shown, "do": "place", "csrfmiddlewaretoken": TOKEN}
    return [
        post("/orders/checkout/", form | {draft.TOKEN: token}, key)
        for token, key in zip(tokens, keys, strict=True)
    ]
