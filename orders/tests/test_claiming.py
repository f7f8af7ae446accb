"""Guests' orders become a member's once the address is proven to be theirs, and never before."""

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed

from catalog.tests.factories import make_sku
from orders.claiming import claim
from orders.models import Coupon, CouponUse, Order
from orders.tests.factories import order_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create_user("ada", "ada@example.com", "secret")


@pytest.fixture
def sku():
    return make_sku(on_hand=100)


def address_of(user, email="ada@example.com", *, verified=True, primary=True):
    return EmailAddress.objects.create(user=user, email=email, verified=verified, primary=primary)


def test_a_confirmed_address_brings_the_orders_of_before(ada, sku):
    address = address_of(ada)
    own = [order_for({sku: 1}), order_for({sku: 1}, email="ADA@Example.com")]
    others = [
        order_for({sku: 1}, email="ada@example.com.test"),
        order_for({sku: 1}, email="b@c.de"),
    ]

    email_confirmed.send(EmailAddress, request=None, email_address=address)

    assert set(Order.objects.filter(user=ada)) == set(own)
    assert set(Order.objects.filter(user=None)) == set(others)


def test_they_stand_in_the_list_of_orders_and_open_for_the_member_alone(ada, sku, client):
    address_of(ada)
    order = order_for({sku: 1})
    claim(ada)

    assert client.get(order.get_absolute_url()).status_code == 302
    client.force_login(ada)
    assert order.number in client.get("/orders/mine/").content.decode()
    assert client.get(order.get_absolute_url()).status_code == 200


def test_an_address_that_only_looks_alike_in_capitals_brings_nothing(ada, sku):
    """PostgreSQL's capital of ``ı`` is ``I``: whoever owns "gıthub.com" is not "github.com"."""
    address_of(ada, "mia@thıng.example")
    order_for({sku: 1}, email="mia@thing.example")
    order_for({sku: 1}, email="MIA@THING.EXAMPLE")

    assert claim(ada) == 0


def test_an_address_that_nobody_confirmed_brings_nothing(ada, sku):
    address_of(ada, verified=False)
    address_of(ada, "new@example.com", verified=False, primary=False)
    order_for({sku: 1})
    order_for({sku: 1}, email="new@example.com")

    assert claim(ada) == 0
    assert not Order.objects.filter(user=ada).exists()


def test_a_user_without_addresses_gets_no_orders_without_one(ada, sku):
    order = order_for({sku: 1})
    Order.objects.filter(pk=order.pk).update(email="")

    assert claim(ada) == 0


def test_a_changed_address_brings_its_own(ada, sku):
    order = order_for({sku: 1}, email="new@example.com")
    new = address_of(ada, "new@example.com")

    email_changed.send(
        type(ada), request=None, user=ada, from_email_address=None, to_email_address=new
    )

    order.refresh_from_db()
    assert order.user == ada


def test_claiming_again_changes_nothing(ada, sku):
    address_of(ada)
    order_for({sku: 1})

    assert (claim(ada), claim(ada)) == (1, 0)


def test_the_order_of_another_member_stays_theirs(ada, sku, django_user_model):
    bob = django_user_model.objects.create_user("bob", "bob@example.com", "secret")
    order = order_for({sku: 1}, user=bob)
    address_of(ada)

    assert claim(ada) == 0
    order.refresh_from_db()
    assert order.user == bob


def test_a_coupon_that_was_used_as_a_guest_counts_for_the_member(ada, sku):
    Coupon.objects.create(code="ONCE", value=10, most_uses_each=1)
    order_for({sku: 1}, coupon_code="ONCE")
    address_of(ada)

    claim(ada)

    assert CouponUse.objects.get().user == ada


def test_claiming_costs_the_same_however_many_there_are(ada, sku, django_assert_num_queries):
    address_of(ada)
    for _ in range(5):
        order_for({sku: 1})

    # A savepoint is two.
    with django_assert_num_queries(5):
        assert claim(ada) == 5
