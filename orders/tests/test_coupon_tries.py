"""Nobody guesses codes: ten wrong ones an hour, whatever is left behind or broken meanwhile."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.test import RequestFactory

from orders import coupon_tries, coupons
from orders.coupon_tries import MOST_TRIES, MOST_TRIES_OF_ADDRESS, memory

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
GONE = {
    "default": {
        "BACKEND": "storefront.cache.FailOpenRedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.3},
    }
}


@pytest.fixture(autouse=True)
def _nobody_tried():
    memory.forget()
    cache.clear()
    yield
    memory.forget()
    cache.clear()


def visit(session: str | None = "s1", address: str = HERE, user=None, **headers):
    request = RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)
    # Django takes nothing shorter for a key.
    request.session = SessionStore(session and f"session-{session}")
    request.user = user or AnonymousUser()
    return request


def is_wrong(times: int = MOST_TRIES, **who) -> None:
    for _ in range(times):
        coupons.count_try(visit(**who))


def test_the_tenth_wrong_code_is_the_last():
    is_wrong(MOST_TRIES - 1)
    assert not coupons.too_many_tries(visit())

    is_wrong(1)
    assert coupons.too_many_tries(visit())


def test_asking_is_no_try():
    for _ in range(50):
        assert not coupons.too_many_tries(visit())


def test_leaving_the_session_behind_helps_only_so_long():
    for number in range(MOST_TRIES_OF_ADDRESS):
        is_wrong(1, session=f"s{number}")

    assert coupons.too_many_tries(visit("another"))
    assert coupons.too_many_tries(visit(None))


def test_coming_from_another_address_does_not_help():
    for number in range(MOST_TRIES):
        is_wrong(1, address=f"198.51.100.{number}")

    assert coupons.too_many_tries(visit(address=HERE))


def test_somebody_else_elsewhere_is_not_held_up():
    is_wrong()

    assert not coupons.too_many_tries(visit("s2", ELSEWHERE))
    assert not coupons.too_many_tries(visit(None, ELSEWHERE))


def test_one_who_guesses_does_not_lock_out_those_behind_the_same_address():
    is_wrong(MOST_TRIES * 5)

    assert coupons.too_many_tries(visit())
    assert not coupons.too_many_tries(visit("s2", HERE))


def test_visitors_without_a_session_are_not_taken_for_one():
    is_wrong(MOST_TRIES_OF_ADDRESS, session=None)

    assert coupons.too_many_tries(visit(None, HERE))
    assert not coupons.too_many_tries(visit(None, ELSEWHERE))


def test_a_member_is_the_same_after_logging_in_again(db, django_user_model):
    ada = django_user_model.objects.create_user("ada", "ada@example.com", "secret")
    for number in range(MOST_TRIES):
        is_wrong(1, session=f"s{number}", address=f"198.51.100.{number}", user=ada)

    assert coupons.too_many_tries(visit("new", "192.0.2.1", user=ada))


def test_one_household_has_many_addresses_of_the_new_kind():
    for number in range(MOST_TRIES_OF_ADDRESS):
        is_wrong(1, session=None, address=f"2001:db8:1:2::{number:x}")

    assert coupons.too_many_tries(visit(None, "2001:db8:1:2:ffff::1"))
    assert not coupons.too_many_tries(visit(None, "2001:db8:1:3::1"))


def test_an_address_is_the_same_in_both_notations():
    is_wrong(MOST_TRIES_OF_ADDRESS, session=None, address=f"::ffff:{HERE}")

    assert coupons.too_many_tries(visit(None, HERE))
    assert not coupons.too_many_tries(visit(None, f"::ffff:{ELSEWHERE}"))


def test_the_header_of_a_proxy_is_not_believed_where_there_is_none(settings):
    settings.SECURE_PROXY_SSL_HEADER = None
    for number in range(MOST_TRIES_OF_ADDRESS):
        coupons.count_try(visit(None, HERE, X_Forwarded_For=f"198.51.100.{number}"))

    assert coupons.too_many_tries(visit(None, HERE, X_Forwarded_For="192.0.2.1"))


def test_behind_a_proxy_what_it_added_counts_and_not_what_it_was_sent(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    proxy = "10.0.0.1"
    for number in range(MOST_TRIES_OF_ADDRESS):
        coupons.count_try(visit(None, proxy, X_Forwarded_For=f"192.0.2.{number}, {HERE}"))

    assert coupons.too_many_tries(visit(None, proxy, X_Forwarded_For=HERE))
    assert not coupons.too_many_tries(visit(None, proxy, X_Forwarded_For=f"{HERE}, {ELSEWHERE}"))


@pytest.mark.parametrize("nonsense", ["", "unknown", "\udcff", "1.2.3.4.5", "x" * 10_000])
def test_an_address_that_is_none_is_counted_like_any_other(nonsense):
    is_wrong(MOST_TRIES_OF_ADDRESS, session=None, address=nonsense)

    assert coupons.too_many_tries(visit(None, nonsense))
    assert not coupons.too_many_tries(visit(None, HERE))


def test_the_same_wrong_code_sent_again_is_no_new_guess():
    for typed in ["SPRING", "spring ", " Spring"] * 10:
        coupons.count_try(visit(), typed)
    assert not coupons.too_many_tries(visit())

    for number in range(MOST_TRIES - 1):
        coupons.count_try(visit(), f"CODE{number}")
    assert coupons.too_many_tries(visit())


def test_one_code_refused_to_address_after_address_is_a_try_each():
    for number in range(MOST_TRIES):
        assert not coupons.too_many_tries(visit())
        for typed in (f"a{number}@example.com", f" A{number}@Example.com "):
            coupons.count_try(visit(), "WELCOME", typed)

    assert coupons.too_many_tries(visit())


def test_no_email_address_can_be_read_in_the_cache_or_found_by_trying(settings, monkeypatch):
    kept = []
    monkeypatch.setattr(cache, "add", lambda key, *args: kept.append(key) or True)
    coupons.count_try(visit(), "WELCOME", "ada@example.com")
    seen = set(kept)
    kept.clear()
    memory.forget()
    settings.SECRET_KEY = "another"

    coupons.count_try(visit(), "WELCOME", "ada@example.com")

    assert "ada" not in "".join(seen)
    assert seen.isdisjoint(kept)


def test_after_an_hour_it_may_be_tried_again(monkeypatch):
    monkeypatch.setattr(coupon_tries, "SECONDS", 1)
    is_wrong()
    assert coupons.too_many_tries(visit())

    time.sleep(1.1)

    assert not coupons.too_many_tries(visit())


def test_tries_are_forgotten_one_by_one_and_not_all_at_once(monkeypatch):
    """Else twenty would go within two minutes: ten at the end of an hour, ten after it."""
    monkeypatch.setattr(coupon_tries, "SECONDS", 1)
    is_wrong(1)
    time.sleep(0.6)
    is_wrong(MOST_TRIES - 1)
    time.sleep(0.5)

    # The first is forgotten, the others are not.
    assert not coupons.too_many_tries(visit())
    is_wrong(1)
    assert coupons.too_many_tries(visit())


def test_trying_on_while_one_has_to_wait_does_not_make_it_longer(monkeypatch):
    monkeypatch.setattr(coupon_tries, "SECONDS", 1)
    is_wrong()
    time.sleep(0.6)
    is_wrong(3)
    time.sleep(0.5)

    assert not coupons.too_many_tries(visit())


def test_many_at_the_same_moment_are_all_counted():
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: coupons.count_try(visit()), range(MOST_TRIES)))
    memory.forget()

    assert coupons.too_many_tries(visit())


def test_another_process_counts_on(settings):
    """What one process saw is in the cache, not only in its own memory."""
    is_wrong()
    memory.forget()

    assert coupons.too_many_tries(visit())


def test_without_redis_a_process_counts_by_itself(settings):
    settings.CACHES = GONE
    is_wrong(MOST_TRIES - 1)
    assert not coupons.too_many_tries(visit())

    is_wrong(1)

    assert coupons.too_many_tries(visit())
    assert not coupons.too_many_tries(visit("another"))
    is_wrong(MOST_TRIES_OF_ADDRESS, session=None)
    assert coupons.too_many_tries(visit("another"))
    assert not coupons.too_many_tries(visit("another", ELSEWHERE))


def test_without_that_memory_the_same_is_without_end(settings, monkeypatch):
    """The control: with Redis away and nothing remembered, nobody is ever stopped."""
    settings.CACHES = GONE
    monkeypatch.setattr(memory, "add", lambda visitor, what: None)

    is_wrong(MOST_TRIES * 5)

    assert not coupons.too_many_tries(visit())


def test_an_outage_does_not_forget_what_was_tried_before(settings):
    is_wrong(6)
    settings.CACHES = GONE
    is_wrong(4)

    assert coupons.too_many_tries(visit())


def test_memory_keeps_the_latest_visitors_and_stays_small(monkeypatch):
    monkeypatch.setattr(coupon_tries, "MOST_REMEMBERED", 5)
    for number in range(20):
        for place in range(MOST_TRIES):
            memory.add(f"visitor {number}", f"code {place}")

    counts = [memory.count(f"visitor {number}") for number in range(20)]
    assert counts == [0] * 15 + [MOST_TRIES] * 5
