"""Rivals for a coupon on connections of their own; each race with a control without the guard."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction

from orders import coupons
from orders.coupons import CouponError
from orders.models import Coupon, CouponUse, Order
from orders.tests.test_coupons import coupon, order

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

BUYERS = 100
# As many as begin at the same moment; each then sends the next one of its buyers.
AT_ONCE = 20


def race(action: Callable[[int], object], times: int = BUYERS) -> list[object]:
    """Run an action so many times in threads that start together; results, or errors."""
    at_once = min(times, AT_ONCE)
    start = threading.Barrier(at_once)

    def run(first: int) -> list[object]:
        start.wait(timeout=30)
        try:
            return [attempt(number) for number in range(first, times, at_once)]
        finally:
            connection.close()

    def attempt(number: int) -> object:
        try:
            return action(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(at_once) as pool:
        return [result for results in pool.map(run, range(at_once)) for result in results]


def buy(wanted: Coupon, placed: Order) -> str:
    """What ``place_order`` does with a coupon, in the order in which it does it."""
    with transaction.atomic():
        held = coupons.lock(wanted)
        coupons.check(
            held, counted=Decimal(50), currency="EUR", email=placed.email, user=placed.user
        )
        coupons.use(held, placed, Decimal(5))
    return "used"


def told(results: list[object]) -> tuple[int, int]:
    """How many had it, and how many were told that they could not."""
    refused = [result for result in results if isinstance(result, CouponError)]
    assert len(refused) + results.count("used") == len(results), results
    return results.count("used"), len(refused)


def test_a_hundred_buyers_of_a_one_use_coupon_are_one():
    one = coupon(most_uses=1)
    placed = [order(f"buyer{number}@example.com") for number in range(BUYERS)]

    results = race(lambda number: buy(one, placed[number]))

    one.refresh_from_db()
    assert told(results) == (1, BUYERS - 1)
    assert (one.used, CouponUse.objects.count()) == (1, 1)


def test_the_count_itself_holds_without_any_lock():
    """The last of the three guards before the database's own: check and use without holding it."""
    seven = coupon(most_uses=7)
    placed = [order(f"buyer{number}@example.com") for number in range(BUYERS)]

    def use_unheld(number: int) -> str:
        with transaction.atomic():
            coupons.use(seven, placed[number], Decimal(5))
        return "used"

    assert told(race(use_unheld)) == (7, BUYERS - 7)


def test_without_the_guards_the_same_race_is_used_by_many():
    """The control: check, then write, each on its own, and no constraint to fall back on."""
    one = coupon()
    placed = [order(f"buyer{number}@example.com") for number in range(AT_ONCE)]
    all_have_checked = threading.Barrier(AT_ONCE)

    def use_carelessly(number: int) -> str:
        used = Coupon.objects.get(pk=one.pk).used
        all_have_checked.wait(timeout=30)
        if used >= 1:
            return "refused"
        Coupon.objects.filter(pk=one.pk).update(used=used + 1)
        CouponUse.objects.create(
            coupon=one, order=placed[number], email=placed[number].email, amount=5
        )
        return "used"

    assert race(use_carelessly, AT_ONCE).count("used") > 1
    assert CouponUse.objects.count() > 1


def test_one_customer_with_many_tabs_uses_it_as_often_as_each_may():
    each = coupon(most_uses_each=2)
    placed = [order("ada@example.com") for _ in range(BUYERS)]

    results = race(lambda number: buy(each, placed[number]))

    each.refresh_from_db()
    assert told(results) == (2, BUYERS - 2)
    assert each.used == CouponUse.objects.count() == 2


@pytest.mark.postgresql
def test_without_holding_the_coupon_one_customer_uses_it_many_times(monkeypatch):
    """The control. On SQLite a transaction that will write has the whole database to itself."""
    each = coupon(most_uses_each=2)
    placed = [order("ada@example.com") for _ in range(AT_ONCE)]
    all_have_checked = threading.Barrier(AT_ONCE)
    check = coupons._check_customer

    def check_then_wait(*args) -> None:
        check(*args)
        all_have_checked.wait(timeout=30)

    monkeypatch.setattr(coupons, "lock", lambda coupon: coupon)
    monkeypatch.setattr(coupons, "_check_customer", check_then_wait)

    assert race(lambda number: buy(each, placed[number]), AT_ONCE) == ["used"] * AT_ONCE


def test_an_order_given_back_by_many_at_once_is_given_back_once():
    limited = coupon(most_uses=BUYERS)
    placed = [order(f"buyer{number}@example.com") for number in range(5)]
    for each in placed:
        buy(limited, each)

    results = race(lambda number: coupons.release(placed[0]), AT_ONCE)

    limited.refresh_from_db()
    assert results == [None] * AT_ONCE
    assert limited.used == CouponUse.objects.filter(released__isnull=True).count() == 4


def test_uses_and_returns_at_the_same_moment_leave_the_count_right():
    limited = coupon(most_uses=10)
    held = [order(f"early{number}@example.com") for number in range(10)]
    for each in held:
        buy(limited, each)
    late = [order(f"late{number}@example.com") for number in range(AT_ONCE)]

    def act(number: int) -> object:
        if number % 2 and number // 2 < len(held):
            return coupons.release(held[number // 2])
        return buy(limited, late[number // 2])

    race(act, 2 * len(held))

    limited.refresh_from_db()
    assert limited.used == CouponUse.objects.filter(released__isnull=True).count() <= 10
