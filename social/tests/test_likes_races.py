"""Likes at the same moment: the number of each product is that of its rows, whoever comes first."""

import threading

import pytest
from django.db import transaction

from catalog.models import Product
from catalog.tests.factories import make_page
from orders.tests.test_races import race
from social import likes
from social.models import Action, Like, User

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

MEMBERS = 50
AT_ONCE = 8


@pytest.fixture
def dune():
    return make_page("Dune").product


def members(count):
    # A hash of a password takes longer than all the rest.
    return [
        User.objects.create(username=f"m{one}", email=f"m{one}@x.example") for one in range(count)
    ]


def total(product):
    return Product.objects.get(pk=product.pk).total_likes


def test_fifty_members_like_at_once(dune):
    people = members(MEMBERS)

    results = race(lambda number: likes.like(people[number], dune), MEMBERS)

    assert results == [True] * MEMBERS
    assert total(dune) == Like.objects.count() == MEMBERS
    assert Action.objects.filter(verb=Action.Verb.LIKES).count() == MEMBERS


def test_reading_and_writing_the_number_instead_would_lose_some(dune, monkeypatch):
    """The control: the same, each reading the number and writing another."""
    people = members(AT_ONCE)
    all_have_read = threading.Barrier(AT_ONCE)

    def count_carelessly(product_id, step):
        read = Product.objects.get(pk=product_id).total_likes
        all_have_read.wait(timeout=30)
        Product.objects.filter(pk=product_id).update(total_likes=read + step)

    monkeypatch.setattr(likes, "_count", count_carelessly)
    # On SQLite a transaction has the whole database to itself, and nobody else would read.
    monkeypatch.setattr(Like, "save", Like.save.__wrapped__)

    results = race(lambda number: Like.objects.create(user=people[number], product=dune), AT_ONCE)

    assert Like.objects.count() == AT_ONCE, results
    assert total(dune) == 1


def test_a_storm_of_one_member_ends_with_what_is_there(dune):
    ada = members(1)[0]

    def click(number):
        return [
            (likes.unlike if (number + step) % 2 else likes.like)(ada, dune) for step in range(6)
        ]

    results = race(click, AT_ONCE)

    assert not [result for result in results if isinstance(result, Exception)], results
    assert total(dune) == Like.objects.count()
    changes = [changed for result in results for changed in result].count(True)
    assert changes % 2 == Like.objects.count()


def test_a_member_who_clicks_eight_times_at_once_likes_it_once(dune):
    ada = members(1)[0]

    results = race(lambda _number: likes.like(ada, dune), AT_ONCE)

    assert sorted(results) == [False] * (AT_ONCE - 1) + [True]
    assert total(dune) == Like.objects.count() == Action.objects.count() == 1


def test_a_recount_beside_likes_leaves_the_right_number(dune):
    people = members(AT_ONCE * 3)
    Product.objects.filter(pk=dune.pk).update(total_likes=99)

    def work(number):
        if number == 0:
            return likes.recount()
        for one in range(3):
            likes.like(people[number * 3 + one], dune)
        return None

    results = race(work, AT_ONCE)

    assert results == [1] + [None] * (AT_ONCE - 1)
    assert total(dune) == Like.objects.count() == 3 * (AT_ONCE - 1)


@pytest.mark.postgresql
def test_a_count_without_holding_the_product_would_miss_a_like(dune, monkeypatch):
    """The control: a recount that does not wait for a like which is just being written."""
    ada = members(1)[0]
    Product.objects.filter(pk=dune.pk).update(total_likes=5)
    monkeypatch.setattr(likes, "hold_products", lambda product_id: None)
    has_counted, has_liked = threading.Event(), threading.Event()
    original = Product.objects.filter

    def work(number):
        if number:
            has_counted.wait(timeout=30)
            Like.objects.create(user=ada, product=dune)
            has_liked.set()
            return
        with transaction.atomic():
            counted = Like.objects.filter(product=dune).count()
            has_counted.set()
            has_liked.wait(timeout=30)
            original(pk=dune.pk).update(total_likes=counted)

    race(work, 2)

    assert (total(dune), Like.objects.count()) == (0, 1)


def test_members_who_are_deleted_at_once_leave_the_right_numbers():
    """Each likes the same products, in an order of their own: nobody waits in a circle."""
    people = members(AT_ONCE)
    products = [make_page().product for _each in range(6)]
    for number, one in enumerate(people):
        for product in products[number:] + products[:number]:
            likes.like(one, product)

    results = race(lambda number: people[number].delete() and None, AT_ONCE - 1)

    assert results == [None] * (AT_ONCE - 1)
    assert [total(product) for product in products] == [1] * 6


@pytest.mark.postgresql
def test_who_leaves_waits_in_no_circle_with_an_unlike_in_another_tab(dune, monkeypatch):
    """An unlike holds the product, then the like; to delete the like first would be a circle."""
    ada = members(1)[0]
    likes.like(ada, dune)
    is_held, has_deleted = threading.Event(), threading.Event()
    hold, count = likes.hold_products, likes._count
    tab = threading.local()

    def hold_and_pause(products):
        hold(products)
        if getattr(tab, "unlikes", False):
            is_held.set()
            # Whoever waits for this transaction does not come through.
            has_deleted.wait(timeout=2)

    def tell_and_count(*args):
        has_deleted.set()
        count(*args)

    monkeypatch.setattr(likes, "hold_products", hold_and_pause)
    monkeypatch.setattr(likes, "_count", tell_and_count)

    def work(number):
        tab.unlikes = number == 0
        if tab.unlikes:
            return likes.unlike(ada, dune)
        is_held.wait(timeout=30)
        return User.objects.get(pk=ada.pk).delete() and None

    assert race(work, 2) == [True, None]
    assert total(dune) == 0
