"""Several tabs of one shopper at the same moment, and a control that shows what they would lose."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client

from cart import sessions
from cart.cart import Cart
from catalog.tests.factories import make_page, make_sku

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TABS = 8


@pytest.fixture
def session_key():
    session = SessionStore()
    session["cart"] = {}
    session.create()
    return session.session_key


def in_all_tabs(session_key, codes):
    """Add one of each code at the same moment, each from a tab of its own."""
    start = threading.Barrier(len(codes))

    def add(code):
        tab = Client()
        tab.cookies["sessionid"] = session_key
        start.wait(timeout=30)
        with closing(connection):
            response = tab.post(
                "/cart/add/",
                {"code": code, "quantity": "1"},
                headers={"Origin": "http://testserver"},
            )
        return response.status_code

    with ThreadPoolExecutor(len(codes)) as pool:
        assert set(pool.map(add, codes)) == {302}
    cart = SessionStore(session_key).get("cart", {})
    return {code: entry["quantity"] for code, entry in cart.items()}


def test_what_several_tabs_add_at_once_is_all_there(session_key):
    codes = [make_sku(make_page()).code for _ in range(TABS)]

    assert in_all_tabs(session_key, codes) == dict.fromkeys(codes, 1)


def test_the_same_thing_added_by_several_tabs_at_once_adds_up(session_key):
    sku = make_sku(on_hand=50)

    assert in_all_tabs(session_key, [sku.code] * TABS) == {sku.code: TABS}


def test_without_reading_anew_tabs_undo_each_other(session_key, monkeypatch):
    """The control: each changes the cart as its request found it."""
    codes = [make_sku(make_page()).code for _ in range(TABS)]
    all_have_read = threading.Barrier(TABS)
    original = Cart.put

    def put_what_was_read(self, *args, **kwargs):
        self.entries()
        all_have_read.wait(timeout=30)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(Cart, "put", put_what_was_read)
    monkeypatch.setattr(sessions, "locked", lambda session: transaction.atomic())

    assert len(in_all_tabs(session_key, codes)) < TABS
