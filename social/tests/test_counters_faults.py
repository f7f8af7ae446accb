"""A Redis that is off, silent, slow or nowhere costs a shopper nothing but the number."""

import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest
from django.core.cache import cache

from cart.tests.shopping import add
from catalog import redis_client
from catalog.breaker import Breaker
from catalog.models import Product
from catalog.tests.factories import make_page, make_sku
from orders.tests.test_races import race
from social import counters, recommendations, views_counter, views_saving
from social.models import ProductViews
from social.tests.test_views_counter import FIREFOX, request_of
from storefront import cache as storefront_cache

FAST = redis_client.FAST_CONNECT, redis_client.FAST_ANSWER


@pytest.fixture
def asked(monkeypatch, settings):
    """How often somebody turned to a Redis that is not there, with the timeouts of a shopper."""
    monkeypatch.setattr(redis_client, "breaker", Breaker("test", pause=5.0))
    monkeypatch.setattr(redis_client, "FAST_CONNECT", FAST[0])
    monkeypatch.setattr(redis_client, "FAST_ANSWER", FAST[1])
    asked = []
    fast_client = redis_client.fast_client
    monkeypatch.setattr(
        redis_client, "fast_client", lambda: asked.append(settings.REDIS_URL) or fast_client()
    )
    return asked


def off(settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    return []


def silent(settings, tmp_path):
    """It takes connections and says nothing."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(50)
    settings.REDIS_URL = f"redis://127.0.0.1:{listener.getsockname()[1]}/1"
    return [listener]


def black_hole(settings, tmp_path):
    """It does not even take connections: those that wait to be taken are too many."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    sockets = [listener]
    for _ in range(8):
        waiting = socket.socket()
        waiting.setblocking(False)
        with suppress(BlockingIOError):
            waiting.connect(listener.getsockname())
        sockets.append(waiting)
    settings.REDIS_URL = f"redis://127.0.0.1:{listener.getsockname()[1]}/1"
    return sockets


def slow(settings, tmp_path):
    """It answers, but so late that a shopper would feel it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(50)

    def answer():
        with suppress(OSError):
            while True:
                connection, _address = listener.accept()
                with closing(connection), suppress(OSError):
                    while connection.recv(65_536):
                        time.sleep(0.5)
                        connection.sendall(b"+OK\r\n")

    threading.Thread(target=answer, daemon=True).start()
    settings.REDIS_URL = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
    return [listener]


FAULTS = [off, silent, black_hole, slow]


@pytest.fixture(params=FAULTS, ids=lambda fault: fault.__name__)
def fault(request, settings, tmp_path, asked):
    sockets = request.param(settings, tmp_path)
    yield request.param
    for one in sockets:
        one.close()


def test_a_shopper_waits_for_less_than_a_tenth_of_a_second():
    connect, answer = FAST
    options = redis_client._client("redis://127.0.0.1:1/1", connect, answer).get_connection_kwargs()

    assert connect + answer < 0.1
    assert (options["socket_connect_timeout"], options["socket_timeout"]) == FAST
    # Nothing is tried again, which would double it.
    connection = redis_client._client(
        "redis://127.0.0.1:1/1", connect, answer
    ).connection_pool.make_connection()
    assert connection.retry._retries == 0


def test_the_cache_is_as_quick_and_gives_up_together_with_the_counters():
    from storefront.settings.base import CACHES

    options = CACHES["default"]["OPTIONS"]
    assert (options["socket_connect_timeout"], options["socket_timeout"]) == FAST
    assert storefront_cache.breaker is redis_client.breaker


@pytest.mark.django_db
def test_only_the_first_who_asks_finds_out(fault, asked, rf):
    product = make_page().product_id

    answers = [views_counter.count(product, request_of(rf)) for _ in range(20)]

    assert answers == [None] * 20
    assert len(asked) == 1
    assert recommendations.bought_with([product]) == []
    assert len(asked) == 1


@pytest.mark.django_db
def test_every_page_is_served_without_it(fault, asked, client):
    sku = make_sku(make_page("Dune"))
    Product.objects.update(views=7, in_stock=True)
    page = sku.product.pages.get()
    add(client, sku)
    addresses = [
        page.url,
        f"/me/?viewed={sku.product_id}",
        f"/rankings/seen/?product={sku.product_id}",
        f"/rankings/because/?product={sku.product_id}",
        "/rankings/",
        "/rankings/ever/",
        "/cart/",
    ]
    headers = {"User-Agent": FIREFOX, "HX-Request": "true"}

    pages = {address: client.get(address, headers=headers) for address in addresses}

    assert {page.status_code for page in pages.values()} <= {200, 204}
    # What the database knows stays where it is.
    assert "Viewed 7 times" in pages[page.url].content.decode()
    assert "product-views" not in pages[addresses[1]].content.decode()
    assert "Dune" in pages["/rankings/ever/"].content.decode()
    assert len(asked) <= 2


@pytest.mark.django_db
def test_a_server_that_stops_and_goes_on_counts_again_after_the_pause(
    a_redis, asked, rf, monkeypatch
):
    product = make_page().product_id
    redis_client.client().set(counters.FILLED, "then")
    monkeypatch.setattr(redis_client, "FAST_ANSWER", 1.0)
    assert views_counter.count(product, request_of(rf)) == 1
    monkeypatch.setattr(redis_client, "FAST_ANSWER", FAST[1])
    os.kill(a_redis.pid, signal.SIGSTOP)
    try:
        assert views_counter.count(product, request_of(rf)) is None
        assert redis_client.breaker.is_open
    finally:
        os.kill(a_redis.pid, signal.SIGCONT)
    assert views_counter.count(product, request_of(rf)) is None
    assert len(asked) == 2

    monkeypatch.setattr(redis_client, "FAST_ANSWER", 1.0)
    redis_client.breaker._open_until = 0.0

    # The question that was not answered may have been heard.
    assert views_counter.count(product, request_of(rf)) in (2, 3)


@pytest.mark.django_db
def test_a_server_that_was_killed_and_comes_back_empty_shows_no_number(a_redis, rf, settings):
    product = make_page().product_id
    redis_client.client().set(counters.FILLED, "then")
    views_counter.count(product, request_of(rf))
    a_redis.kill()
    a_redis.wait()

    assert views_counter.count(product, request_of(rf)) is None


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_copies_at_once_count_nothing_twice(a_redis, rf):
    products = [make_page(f"P{number}").product_id for number in range(6)]
    for product in products:
        for number in range(product % 5 + 1):
            views_counter.count(product, request_of(rf, address=f"192.0.2.{number}"))

    results = race(lambda _number: views_saving.save(), 6)

    assert all(isinstance(result, int) for result in results), results
    assert {pk: Product.objects.get(pk=pk).views for pk in products} == {
        pk: pk % 5 + 1 for pk in products
    }
    assert {row.product_id: row.visits for row in ProductViews.objects.all()} == {
        pk: pk % 5 + 1 for pk in products
    }


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_views_while_others_copy_are_all_there_in_the_end(a_redis, rf):
    product = make_page().product_id
    cache.clear()
    ended = threading.Event()

    def copy(_number):
        while not ended.is_set():
            views_saving.save()

    def count_then_end(_number):
        for number in range(150):
            views_counter.count(product, request_of(rf, address=f"192.0.2.{number}"))
        ended.set()

    with ThreadPoolExecutor(1) as pool:
        counting = pool.submit(race, count_then_end, 1)
        race(copy, 2)
        counting.result(timeout=60)
    views_saving.save()

    assert Product.objects.get(pk=product).views == 150
    assert sum(row.visits for row in ProductViews.objects.all()) == 150
