"""The form of a checkout becomes one order, in however many tabs, and also after a crash."""

import re
import threading

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from cart.cart import Cart
from cart.tests.shopping import add, post, quantities
from catalog.tests.factories import make_page, make_sku
from orders import checkout_views, draft
from orders.models import Order
from orders.tests.factories import FORM
from orders.tests.test_races import race

CHECKOUT = "/orders/checkout/"


@pytest.fixture
def dune(db):
    return make_sku(make_page("Dune"), "DUNE", price="25.00", on_hand=9)


@pytest.fixture
def moon(db):
    return make_sku(make_page("Moon"), "MOON", price="9.00", on_hand=9)


@pytest.fixture
def shopper(dune):
    client = Client(raise_request_exception=False)
    add(client, dune, "2")
    return client


def hidden_of(answer) -> dict[str, str]:
    return dict(re.findall(r'name="(token|shown)" value="([^"]+)"', answer.content.decode()))


def token_of(client) -> str:
    return hidden_of(client.get(CHECKOUT))["token"]


def buy(client, **hidden):
    return client.post(CHECKOUT, {**FORM, **(hidden or hidden_of(client.get(CHECKOUT)))})


def buy_and_crash(client, monkeypatch) -> Order:
    """The process dies when the order is written, before anything else is."""
    with monkeypatch.context() as patch:
        patch.setattr(checkout_views, "_clear_away", lambda order, request: 1 / 0)
        assert buy(client).status_code == 500
    return Order.objects.get()


def test_every_tab_shows_the_same_form_until_it_has_become_an_order(shopper, moon):
    first = token_of(shopper)
    assert token_of(shopper) == first

    buy(shopper)
    add(shopper, moon)

    assert token_of(shopper) != first


def test_two_tabs_that_both_buy_are_one_order(shopper):
    one, other = hidden_of(shopper.get(CHECKOUT)), hidden_of(shopper.get(CHECKOUT))

    answers = [buy(shopper, **one), buy(shopper, **other)]

    assert {answer.url for answer in answers} == {Order.objects.get().get_absolute_url()}


def test_a_visit_after_a_crash_leads_to_the_order_and_empties_the_cart(shopper, monkeypatch):
    order = buy_and_crash(shopper, monkeypatch)
    assert quantities(shopper) == {"DUNE": 2}

    answer = shopper.get(CHECKOUT)

    assert answer.url == order.get_absolute_url()
    assert quantities(shopper) == {}
    assert draft.KEY not in shopper.session
    assert shopper.get(CHECKOUT).url == "/cart/"


def test_what_was_put_in_after_a_crash_stays_and_is_ordered_by_itself(shopper, moon, monkeypatch):
    first = buy_and_crash(shopper, monkeypatch)
    add(shopper, moon)

    assert shopper.get(CHECKOUT).url == first.get_absolute_url()
    assert quantities(shopper) == {"MOON": 1}

    buy(shopper)
    second = Order.objects.exclude(pk=first.pk).get()
    assert [item.sku_code for item in second.items.all()] == ["MOON"]


def test_what_a_line_was_raised_by_after_a_crash_stays_however_often_one_comes_back(
    shopper, monkeypatch
):
    order = buy_and_crash(shopper, monkeypatch)
    post(shopper, "update", code="DUNE", quantity="5")
    form = {**FORM, "token": str(order.checkout_token)}

    shopper.get(CHECKOUT)
    shopper.post(CHECKOUT, form)
    shopper.post(CHECKOUT, form)

    assert quantities(shopper) == {"DUNE": 3}


def test_a_form_left_open_leads_to_its_order_and_leaves_what_is_typed_now(shopper, moon):
    old = hidden_of(shopper.get(CHECKOUT))
    buy(shopper, **old)
    add(shopper, moon)
    shopper.post(
        CHECKOUT, {**FORM, **hidden_of(shopper.get(CHECKOUT)), "city": "Bath", "do": "update"}
    )

    answer = buy(shopper, **old)

    assert answer.url == Order.objects.get().get_absolute_url()
    assert shopper.session[draft.KEY]["city"] == "Bath"
    assert quantities(shopper) == {"MOON": 1}


def test_a_form_with_a_broken_token_is_shown_again_with_one_that_can_be_sent(shopper):
    again = hidden_of(buy(shopper, token="broken"))

    assert buy(shopper, **again).url == Order.objects.get().get_absolute_url()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_change_of_the_cart_does_not_undo_what_was_typed_meanwhile(monkeypatch):
    dune, moon = make_sku(make_page(), "DUNE"), make_sku(make_page(), "MOON")
    shopper = Client()
    add(shopper, dune)
    shopper.post(CHECKOUT, {**FORM, "city": "Bath", "do": "update"})
    key = shopper.session.session_key
    cart_is_read, draft_is_kept = threading.Event(), threading.Event()
    put = Cart.put

    def put_later(self, *args, **kwargs):
        self.entries()
        cart_is_read.set()
        assert draft_is_kept.wait(timeout=30)
        return put(self, *args, **kwargs)

    monkeypatch.setattr(Cart, "put", put_later)

    def work(number: int) -> int:
        tab = Client()
        tab.cookies["sessionid"] = key
        if number:
            return add(tab, moon).status_code
        assert cart_is_read.wait(timeout=30)
        status = tab.post(CHECKOUT, {**FORM, "city": "Leeds", "do": "update"}).status_code
        draft_is_kept.set()
        return status

    assert race(work, 2) == [200, 302]
    stored = SessionStore(key)
    assert stored[draft.KEY]["city"] == "Leeds"
    assert set(stored["cart"]) == {"DUNE", "MOON"}
