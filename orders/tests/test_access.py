"""Who may open an order, tried as an attacker would: with its address, and with another login."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.test import Client

from catalog.tests.factories import make_sku
from orders.models import Order
from orders.tests.factories import order_for, paid

pytestmark = pytest.mark.django_db

PAGES = ["", "invoice.pdf", "demo-card/{key}/"]
STEPS = ["pay/", "cancel/", "demo-card/{key}/"]


def member(name):
    user = get_user_model().objects.create_user(name, f"{name}@example.com", "a-pass-word-123")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@pytest.fixture
def ada():
    return member("ada")


@pytest.fixture(autouse=True)
def _with_demo_cards(settings):
    settings.DEBUG = True


def an_order(user=None, payment_method="demo_card"):
    return order_for({make_sku(price="25.00"): 1}, user=user, payment_method=payment_method)


def address_of(order, path=""):
    return f"/orders/{order.secret}/" + path.format(key=order.payments.get().key)


@pytest.mark.parametrize("path", PAGES + STEPS)
def test_another_member_is_told_that_there_is_no_such_order(client, ada, path):
    order = an_order(ada)
    client.force_login(member("eve"))

    ask = client.post if path in STEPS else client.get
    assert ask(address_of(order, path)).status_code == 404

    order.refresh_from_db()
    assert order.state == Order.State.PENDING


@pytest.mark.parametrize("path", PAGES)
def test_who_is_not_logged_in_is_asked_to_before_a_member_s_order_is_shown(client, ada, path):
    order = an_order(ada)

    answer = client.get(address_of(order, path))

    assert answer.url == f"/account/login/?next={address_of(order, path)}"
    client.post(answer.url, {"login": "ada", "password": "a-pass-word-123"})
    assert order.number in client.get(address_of(order)).content.decode()


@pytest.mark.parametrize("path", STEPS)
def test_who_is_not_logged_in_changes_nothing_about_a_member_s_order(ada, path):
    order = an_order(ada)

    answer = Client().post(address_of(order, path), {"gateway": "bank_transfer"})

    assert answer.url == f"/account/login/?next={address_of(order)}"
    order.refresh_from_db()
    assert (order.state, order.payment_method) == (Order.State.PENDING, "demo_card")


def test_a_member_pays_and_reads_their_own_order_and_its_invoice(client, ada):
    order = paid(an_order(ada))
    client.force_login(ada)

    assert order.number in client.get(address_of(order)).content.decode()
    assert client.get(address_of(order, "invoice.pdf"))["Content-Type"] == "application/pdf"


def test_a_guest_s_order_is_open_to_whoever_has_its_address(client):
    order = an_order()
    client.force_login(member("eve"))

    assert order.number in client.get(address_of(order)).content.decode()
    assert order.number in Client().get(address_of(order)).content.decode()


def test_who_comes_back_from_a_gateway_logged_out_has_paid_all_the_same(client, ada):
    """The way back is the gateway's and opens in whatever browser it likes."""
    order = an_order(ada)

    answer = client.get(address_of(order, "paid/{key}/"))

    assert answer.url == address_of(order)
    assert order.number not in client.get(answer.url, follow=True).content.decode()
