"""A shop that is shut for a while, and how those who work on it get in."""

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def shut(settings):
    settings.MAINTENANCE = True


def test_an_open_shop_answers(client):
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/ko/", "/cart/", "/search/?q=x", "/me/", "/nowhere/", "/robots.txt", "/account/"],
)
def test_a_shut_shop_says_so_and_when_to_ask_again(shut, path):
    response = Client().get(path)

    assert response.status_code == 503
    assert response["Retry-After"] == "600"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert "<h1>" in response.content.decode()


def test_it_says_so_in_the_language_of_the_address(shut):
    assert '<html lang="zh-hans">' in Client().get("/zh-hans/cart/").content.decode()


def test_what_is_sent_is_not_taken(shut):
    sent = {"code": "X", "quantity": 1}

    assert Client().post("/cart/add/", sent).status_code == 503
    assert Client().post("/payments/stripe/", b"{}", "application/json").status_code == 503


def test_strangers_cost_no_query(shut, django_assert_num_queries):
    with django_assert_num_queries(0):
        Client().get("/")


def test_who_works_on_it_sees_the_shop(shut, client, editor):
    assert client.get("/").status_code == 200
    assert client.get("/admin/").status_code == 200


def test_members_of_a_trade_come_in_and_shoppers_do_not(shut, client, django_user_model):
    user = django_user_model.objects.create_user("ada", "ada@example.com", "secret")
    client.force_login(user)
    assert client.get("/").status_code == 503

    user.groups.add(Group.objects.get(name="Fulfilment"))

    assert client.get("/").status_code == 200


def test_the_doors_stay_open(shut):
    assert Client().get("/account/login/").status_code == 200
    assert Client().get("/ko/account/login/").status_code == 200
    assert Client().get("/admin/").status_code == 302
    assert Client().get("/health/").status_code == 200


def test_a_database_that_is_gone_shuts_out_even_those_who_work_on_it(shut, client, editor):
    def refuse(*_):
        raise DatabaseError("gone")

    client.get("/")
    with connection.execute_wrapper(refuse):
        assert client.get("/").status_code == 503


def test_health_tells_whether_the_database_answers(client):
    def refuse(*_):
        raise DatabaseError("gone")

    well = client.get("/health/")
    with connection.execute_wrapper(refuse):
        ill = client.get("/health/")

    assert (well.status_code, well.content) == (200, b"ok\n")
    assert ill.status_code == 503
    assert "no-store" in well["Cache-Control"]
    assert client.post("/health/").status_code == 405
