"""Logins and devices of one member at the same moment, and what they would do unguarded."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.utils import timezone

from cart import keeping, merging
from cart.cart import Cart
from cart.models import SavedCart
from cart.tests.shopping import add, log_in, member, said, saved
from catalog.tests.factories import make_page, make_sku

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

AT_ONCE = 4


@pytest.fixture
def ada(django_user_model):
    return member(django_user_model)


def together(actions):
    """Run actions at the same moment, each in a thread with a connection of its own."""
    start = threading.Barrier(len(actions))

    def run(action):
        start.wait(timeout=30)
        with closing(connection):
            return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def logins_of_one_session(ada, monkeypatch):
    """Forms sent twice at once: each request has read the session before either ends it."""
    sku = make_sku(make_page("Dune"), "DUNE", on_hand=50)
    shopper = Client()
    add(shopper, sku, "3")
    all_have_read = threading.Barrier(AT_ONCE)
    original = SessionStore.cycle_key

    def cycle_key(session):
        session.get("cart")
        all_have_read.wait(timeout=30)
        original(session)

    monkeypatch.setattr(SessionStore, "cycle_key", cycle_key)

    def log_in_here():
        tab = Client()
        tab.cookies["sessionid"] = shopper.cookies["sessionid"].value
        return log_in(tab, ada).status_code

    assert together([log_in_here] * AT_ONCE) == [302] * AT_ONCE
    return saved(ada)


def test_several_logins_of_one_session_merge_its_cart_once(ada, monkeypatch):
    assert logins_of_one_session(ada, monkeypatch) == {"DUNE": 3}


def test_without_the_name_of_the_cart_each_login_merges_it_again(ada, monkeypatch):
    """The control: nobody looks whether this cart was merged before."""
    monkeypatch.setattr(merging, "_is_merged", lambda row, name: False)

    assert logins_of_one_session(ada, monkeypatch) == {"DUNE": 3 * AT_ONCE}


def adding_on_several_devices(ada):
    skus = [make_sku(make_page()) for _ in range(AT_ONCE)]
    devices = []
    for _ in skus:
        device = Client()
        log_in(device, ada)
        devices.append(device)

    together(
        [lambda one=one, sku=sku: add(one, sku) for one, sku in zip(devices, skus, strict=True)]
    )
    return saved(ada), {sku.code: 1 for sku in skus}


def test_what_several_devices_add_at_once_is_all_there(ada):
    there, wanted = adding_on_several_devices(ada)

    assert there == wanted


def test_without_the_lock_devices_undo_each_other(ada, monkeypatch):
    """The control: each writes the row as it read it when the request began."""
    SavedCart.objects.create(user=ada)
    all_have_read = threading.Barrier(AT_ONCE)
    original = Cart.put

    def put_what_was_read(self, *args, **kwargs):
        self._keeper.row = SavedCart.objects.get(user=ada)
        all_have_read.wait(timeout=30)
        return original(self, *args, **kwargs)

    @keeping.contextmanager
    def row_as_read(keeper):
        yield keeper.row
        keeper.row.save()

    monkeypatch.setattr(Cart, "put", put_what_was_read)
    monkeypatch.setattr(keeping.InRow, "locked_row", row_as_read)

    there, wanted = adding_on_several_devices(ada)

    assert len(there) < len(wanted)


def test_a_tab_that_adds_while_another_logs_in_is_told_and_keeps_the_login(ada, monkeypatch):
    dune, moon = make_sku(make_page("Dune"), "DUNE"), make_sku(make_page("Moon"), "MOON")
    shopper = Client()
    add(shopper, dune)
    original = Cart.put

    def log_in_beside(self, *args, **kwargs):
        monkeypatch.setattr(Cart, "put", original)
        other_tab = Client()
        other_tab.cookies["sessionid"] = shopper.cookies["sessionid"].value
        log_in(other_tab, ada)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(Cart, "put", log_in_beside)

    response = add(shopper, moon)

    assert response.status_code == 302
    assert "sessionid" not in response.cookies
    assert said(response)[-1] == "Please try that again."
    assert saved(ada) == {"DUNE": 1}


def test_an_order_stands_although_a_login_took_its_cart_away(ada):
    shopper = Client()
    add(shopper, make_sku(make_page("Dune"), "DUNE"))
    session = SessionStore(shopper.cookies["sessionid"].value)
    cart = Cart(keeping.InSession(session))
    assert cart.entries()
    log_in(shopper, ada)

    cart.forget({"DUNE": 1}, before=timezone.now())

    assert saved(ada) == {"DUNE": 1}
