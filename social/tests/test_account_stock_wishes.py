"""What a member waits for, on a page of their account."""

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import ProductPage
from catalog.tests.factories import make_page, make_sku
from orders.models import BackInStock

pytestmark = pytest.mark.django_db
URL = "/account/waiting/"


@pytest.fixture
def ada(client, django_user_model):
    user = django_user_model.objects.create_user("ada", "ada@example.com", "secret")
    EmailAddress.objects.create(user=user, email="ada@example.com", primary=True, verified=True)
    client.force_login(user)
    return user


def wish(sku, email, **fields):
    return BackInStock.objects.create(sku=sku, email=email, language="en", **fields)


def sold_out(title="Dune"):
    return make_sku(make_page(title), title.upper(), option1="A3", on_hand=0)


def test_strangers_are_asked_to_log_in(client):
    assert client.get(URL).url.startswith(reverse("account_login"))


def test_who_waits_for_nothing_reads_so(client, ada):
    assert "You wait for nothing" in client.get(URL).content.decode()


def test_they_see_what_they_asked_for_under_each_address_that_is_theirs(
    client, ada, django_user_model
):
    sku = sold_out()
    EmailAddress.objects.create(user=ada, email="maybe@example.com", verified=False)
    wish(sku, "ADA@example.com")
    wish(sku, "work@example.com", user=ada)
    other = django_user_model.objects.create_user("eve", "eve@example.com", "secret")
    wish(sku, "eve@example.com", user=other)
    wish(sku, "maybe@example.com")

    shown = client.get(URL).content.decode()

    assert 'href="/prints/dune/"' in shown
    assert "ADA@example.com" in shown
    assert "work@example.com" in shown
    assert "eve@example.com" not in shown
    assert "maybe@example.com" not in shown


def test_they_stop_waiting_for_one_thing_and_a_second_click_does_no_harm(client, ada):
    first, second = wish(sold_out(), ada.email), wish(sold_out("Moon"), ada.email)
    address = reverse("account:stop_waiting", args=[first.pk])

    for _time in range(2):
        answer = client.post(address)
        assert (answer.status_code, answer.url) == (302, URL)

    assert BackInStock.objects.get() == second
    assert client.get(address).status_code == 405


def test_nobody_stops_another_one_from_waiting(client, ada):
    other = wish(sold_out(), "eve@example.com")

    client.post(reverse("account:stop_waiting", args=[other.pk]))

    assert BackInStock.objects.get() == other


def test_what_is_hidden_meanwhile_is_named_by_its_code(client, ada):
    wish(sold_out(), ada.email)
    ProductPage.objects.update(live=False)

    shown = client.get(URL).content.decode()

    assert "DUNE" in shown
    assert 'href="/prints/dune/"' not in shown


def test_the_number_of_queries_does_not_grow_with_the_wishes(
    client, ada, django_assert_num_queries
):
    wish(sold_out("One"), ada.email)
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for title in ("Two", "Three", "Four"):
        wish(sold_out(title), ada.email)

    with django_assert_num_queries(len(few)):
        client.get(URL)
