"""Wishes of one member at the same moment, in several tabs and by impatient fingers."""

import threading

import pytest

from catalog.tests.factories import make_page
from orders.tests.test_races import race
from social import wish_lists
from social.models import User, WishList, WishListItem

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

AT_ONCE = 6


@pytest.fixture
def ada():
    return User.objects.create(username="ada", email="ada@example.com")


def wait_after_counting(monkeypatch):
    """Let nobody hold the member, and all have looked before anybody writes."""
    all_have_looked = threading.Barrier(AT_ONCE)
    monkeypatch.setattr(wish_lists, "_hold", lambda user: None)
    original = WishList.objects.create

    def create(**values):
        all_have_looked.wait(timeout=30)
        return original(**values)

    monkeypatch.setattr(WishList.objects, "create", create)


def test_first_wishes_at_once_make_one_list(ada):
    products = [make_page().product for _each in range(AT_ONCE)]

    results = race(lambda number: wish_lists.wish(ada, products[number]), AT_ONCE)

    assert [result.is_new for result in results] == [True] * AT_ONCE
    assert WishList.objects.get().items.count() == AT_ONCE


@pytest.mark.postgresql
def test_without_holding_the_member_they_would_make_several(ada, monkeypatch):
    """The control. Only on PostgreSQL: on SQLite each has the whole database to itself."""
    products = [make_page().product for _each in range(AT_ONCE)]
    wait_after_counting(monkeypatch)

    race(lambda number: wish_lists.wish(ada, products[number]), AT_ONCE)

    assert WishList.objects.count() == AT_ONCE


def test_the_same_wish_at_once_is_written_once(ada):
    product = make_page().product

    results = race(lambda _number: wish_lists.wish(ada, product), AT_ONCE)

    assert sorted(result.is_new for result in results) == [False] * (AT_ONCE - 1) + [True]
    assert WishListItem.objects.count() == 1


def test_the_last_places_go_to_as_many_as_there_are(ada, monkeypatch):
    monkeypatch.setattr(wish_lists, "MOST_WISHES", 2)
    wish_list = wish_lists.make(ada, "Birthday")
    products = [make_page().product for _each in range(AT_ONCE)]

    results = race(lambda number: wish_lists.wish(ada, products[number], wish_list.pk), AT_ONCE)

    refused = [result for result in results if isinstance(result, wish_lists.ListFullError)]
    assert len(refused) == AT_ONCE - 2, results
    assert wish_list.items.count() == 2


def test_a_list_that_is_deleted_meanwhile_takes_every_wish_along(ada):
    wish_list = wish_lists.make(ada, "Birthday")
    products = [make_page().product for _each in range(AT_ONCE)]

    def work(number):
        if number == 0:
            return wish_lists.delete(wish_list)
        return wish_lists.wish(ada, products[number], wish_list.pk).is_new

    results = race(work, AT_ONCE)

    assert all(
        result in (None, True) or isinstance(result, wish_lists.NoSuchListError)
        for result in results
    ), results
    assert not WishListItem.objects.exists()
