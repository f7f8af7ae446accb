"""With a real Redis: the embedded one, in a folder of its own."""

import pytest
from django.test import Client

from cart import open_carts
from cart.tests.shopping import add, log_in, member, post
from catalog.signals import OPEN_CARTS, product_figures
from catalog.tests.factories import make_page, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def redis_server(a_redis, monkeypatch):
    monkeypatch.setattr(open_carts, "_redis", open_carts.Breaker("test", 5.0))
    return a_redis


def put(client, sku, quantity=1):
    add(client, sku, str(quantity))


def holding(*pages):
    return product_figures.of(OPEN_CARTS, [page.product_id for page in pages])


def test_each_cart_counts_once_whatever_it_holds_of_a_product(redis_server):
    dune, moon = make_page("Dune"), make_page("Moon")
    small, large = make_sku(dune, "DUNE-S", option1="S"), make_sku(dune, "DUNE-L", option1="L")
    other = make_sku(moon, "MOON")
    first, second = Client(), Client()

    put(first, small)
    put(first, small)
    put(first, large)
    put(second, large)
    put(second, other)

    assert holding(dune, moon) == {dune.product_id: 2, moon.product_id: 1}


def test_a_line_taken_out_no_longer_counts(redis_server):
    page = make_page("Dune")
    sku = make_sku(page, "DUNE")
    client = Client()
    put(client, sku)
    assert holding(page) == {page.product_id: 1}

    post(client, "remove", code="DUNE")

    assert holding(page) == {}


def test_a_cart_that_nobody_touched_for_a_week_is_not_open(redis_server, monkeypatch):
    page = make_page("Dune")
    put(Client(), make_sku(page, "DUNE"))
    now = open_carts.time.time()

    monkeypatch.setattr(open_carts.time, "time", lambda: now + open_carts.OPEN_FOR + 1)

    assert holding(page) == {}


def test_without_redis_the_cart_works_and_nobody_is_counted(redis_server):
    page = make_page("Dune")
    sku = make_sku(page, "DUNE")
    redis_server.kill()
    redis_server.wait()
    client = Client()

    put(client, sku)

    assert "DUNE" in client.session["cart"]
    assert holding(page) == {}


def test_the_cart_that_joins_a_members_own_is_counted_as_one(redis_server, django_user_model):
    page = make_page("Dune")
    sku = make_sku(page, "DUNE")
    ada = member(django_user_model)
    phone, desk = Client(), Client()
    log_in(phone, ada)
    put(phone, sku)
    put(desk, sku)
    assert holding(page) == {page.product_id: 2}

    log_in(desk, ada)

    assert holding(page) == {page.product_id: 1}


def test_a_line_put_back_counts_again(redis_server):
    page = make_page("Dune")
    client = Client()
    put(client, make_sku(page, "DUNE"))
    post(client, "remove", code="DUNE")

    post(client, "undo", code="DUNE")

    assert holding(page) == {page.product_id: 1}


def test_a_login_asks_redis_as_often_for_many_lines_as_for_one(
    redis_server, django_user_model, monkeypatch
):
    asked = []
    redis_client = open_carts.redis_client.client
    monkeypatch.setattr(
        open_carts.redis_client, "client", lambda: asked.append(1) or redis_client()
    )

    def login_with(lines: int, name: str) -> int:
        client = Client()
        for _ in range(lines):
            put(client, make_sku(make_page()))
        asked.clear()
        log_in(client, member(django_user_model, name))
        return len(asked)

    assert login_with(5, "ada") == login_with(1, "eve")
