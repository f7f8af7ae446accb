"""The cache with a real Redis, with one that is gone and with one that is silent."""

import socket
from contextlib import suppress
from uuid import uuid4

import pytest
from allauth.core.internal import ratelimit
from django.core.cache.backends.locmem import LocMemCache
from django.test import RequestFactory

from catalog.breaker import Breaker
from orders import limits
from storefront import cache as storefront_cache
from storefront.cache import FailOpenRedisCache
from storefront.embedded_redis import socket_path
from tests.shop import wait_for

OPTIONS = {"OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.3}}


@pytest.fixture(autouse=True)
def breaker(monkeypatch):
    monkeypatch.setattr(storefront_cache, "breaker", Breaker("test", pause=5.0))


def cache_at(path):
    return FailOpenRedisCache(f"unix://{path}?db=1", OPTIONS)


def everything(cache):
    """Call each operation; what they answer."""
    return {
        "add": cache.add("a", 1),
        "get": cache.get("a", "nothing"),
        "set": cache.set("a", 2),
        "touch": cache.touch("a"),
        "has_key": cache.has_key("a"),
        "incr": cache.incr("a"),
        "get_many": cache.get_many(["a"]),
        "set_many": cache.set_many({"b": 1}),
        "delete_many": cache.delete_many(["b"]),
        "delete": cache.delete("a"),
        "get_or_set": cache.get_or_set("c", 7),
        "clear": cache.clear(),
    }


def test_with_a_server_it_is_djangos_own(shop):
    shop.start_redis()
    path = socket_path(shop.folder)
    wait_for(path.exists, "Redis")

    answers = everything(cache_at(path))

    assert answers["get"] == 1
    assert answers["incr"] == 3
    assert answers["get_many"] == {"a": 3}
    assert answers["delete"] is True
    assert not storefront_cache.breaker.is_open


def test_without_a_server_it_looks_empty(tmp_path):
    answers = everything(cache_at(tmp_path / "nobody.sock"))

    assert answers["get"] == "nothing"
    assert answers["get_many"] == {}
    assert answers["get_or_set"] == 7
    assert answers["delete"] is False


def test_a_silent_server_is_asked_once_and_then_left_alone(tmp_path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "silent.sock"))
        listener.listen(100)
        cache = cache_at(tmp_path / "silent.sock")

        for _ in range(3):
            everything(cache)

        assert connections(listener) == 1


def connections(listener):
    """How many have knocked."""
    listener.setblocking(False)
    knocked = []
    with suppress(BlockingIOError):
        while True:
            knocked.append(listener.accept()[0])
    for connection in knocked:
        connection.close()
    return len(knocked)


@pytest.fixture
def counts_here(monkeypatch):
    """Nothing counted by other tests of this process."""
    monkeypatch.setattr(storefront_cache, "_counted_here", LocMemCache(str(uuid4()), {}))


def tries(monkeypatch, cache, times, action="reset_password"):
    """How many of so many mails for one address allauth's limit lets through."""
    monkeypatch.setattr(ratelimit, "cache", cache)
    request = RequestFactory().post("/")
    allowed = [
        ratelimit.consume(request, app="allauth.account", action=action, key="ada@example.com")
        for _time in range(times)
    ]
    return [bool(one) for one in allowed]


def test_limits_hold_without_a_server(tmp_path, monkeypatch, counts_here):
    cache = cache_at(tmp_path / "nobody.sock")
    monkeypatch.setattr(limits, "cache", cache)

    assert tries(monkeypatch, cache, 5) == [True, True, True, False, False]
    limit = limits.Limit("test", most=2)
    assert [limit.is_reached("ada") for _time in range(4)] == [False, False, True, True]
    assert not limit.is_reached("grace")
    assert cache.get("anything else") is None


def test_without_the_exception_for_limits_there_would_be_none(tmp_path, monkeypatch, counts_here):
    monkeypatch.setattr(storefront_cache, "LIMITS", ())

    assert tries(monkeypatch, cache_at(tmp_path / "nobody.sock"), 5) == [True] * 5


def test_limits_are_shared_by_all_processes_while_there_is_a_server(shop, monkeypatch, counts_here):
    shop.start_redis()
    path = socket_path(shop.folder)
    wait_for(path.exists, "Redis")

    assert tries(monkeypatch, cache_at(path), 2) == [True, True]
    assert tries(monkeypatch, cache_at(path), 2) == [True, False]

    shop.kill("redis")
    assert tries(monkeypatch, cache_at(path), 4) == [True, True, True, False]


def test_a_silent_server_holds_up_a_limit_once(tmp_path, monkeypatch, counts_here):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "silent.sock"))
        listener.listen(100)

        assert tries(monkeypatch, cache_at(tmp_path / "silent.sock"), 4).count(False) == 1
        assert connections(listener) == 1
