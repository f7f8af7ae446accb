"""An address that is kept for the next order never costs the shopper this one."""

import pytest
from django.db import DatabaseError

from cart.tests.shopping import add, saved
from catalog.tests.factories import make_page, make_sku
from orders import saved_addresses
from orders.models import Order, SavedAddress
from orders.tests.factories import CUSTOMER, FORM, order_for
from orders.tests.test_draft import CHECKOUT, hidden_of
from orders.tests.test_races import race

ADDRESS = {name: value for name, value in CUSTOMER.items() if name != "email"}


@pytest.fixture
def ada(db, django_user_model):
    return django_user_model.objects.create_user("ada", "ada@example.com", "pw")


@pytest.fixture
def buy(client, ada):
    client.force_login(ada)
    add(client, make_sku(make_page("Dune")))

    def buy():
        hidden = hidden_of(client.get(CHECKOUT))
        return client.post(CHECKOUT, {**FORM, **hidden, "keep_address": "on"})

    return buy


def test_an_address_that_is_there_twice_is_kept_again_without_trouble(ada, buy):
    for _ in range(2):
        SavedAddress.objects.create(user=ada, **ADDRESS)
    before = SavedAddress.objects.latest("used").used

    assert buy().url == Order.objects.get().get_absolute_url()

    assert saved(ada) == {}
    assert SavedAddress.objects.count() == 2
    assert SavedAddress.objects.first().used > before


def test_an_address_that_cannot_be_kept_is_no_error_for_the_shopper(ada, buy, monkeypatch):
    def fail(**_fields):
        raise DatabaseError

    monkeypatch.setattr(SavedAddress.objects, "create", fail)

    assert buy().url == Order.objects.get().get_absolute_url()
    assert saved(ada) == {}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_address_kept_by_many_requests_at_once_can_be_kept_again(django_user_model):
    ada = django_user_model.objects.create_user("ada", "ada@example.com", "pw")
    order = order_for({make_sku(): 1})

    assert race(lambda _: saved_addresses.keep(ada, order), 6) == [None] * 6
    saved_addresses.keep(ada, order)

    assert saved_addresses.of(ada)[0].city == order.city
