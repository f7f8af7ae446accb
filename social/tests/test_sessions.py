"""The member and their cart come with the session; who is logged in, the session alone says."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from cart.cart import Cart
from cart.tests.shopping import add, words
from catalog.tests.factories import make_page, make_sku
from social.models import User
from social.sessions import SessionStore
from social.tests.people import logged_in, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return make_member("ada")


@pytest.fixture
def client(ada):
    return logged_in(ada)


def name_in(client):
    text = words(client.get("/me/"))
    return text.rpartition(": ")[2] if "Your account" in text else ""


def test_session_member_and_cart_are_one_query(client, ada, rf, django_assert_num_queries):
    add(client, make_sku(make_page("Dune"), "DUNE"), "2")
    session = SessionStore(client.session.session_key)

    with django_assert_num_queries(1):
        assert session[SESSION_KEY] == str(ada.pk)
        assert session.member == ada
        assert session.member.saved_cart.entries["DUNE"]["quantity"] == 2
        assert session.member.saved_cart.user is session.member


def test_a_member_without_a_cart_costs_no_more(client, rf, django_assert_num_queries):
    request = rf.get("/")
    request.session = SessionStore(client.session.session_key)

    with django_assert_num_queries(1):
        _ = request.session[SESSION_KEY]
        request.user = request.session.member
        assert not Cart.of(request)


def test_without_a_row_for_the_device_the_member_is_read_by_itself(client):
    UserSession.objects.all().delete()

    assert name_in(client) == "ada"


def test_a_row_that_names_somebody_else_lets_nobody_in_as_them(client):
    UserSession.objects.update(user=make_member("grace"))

    assert name_in(client) == "ada"


def test_a_row_for_a_session_in_which_nobody_is_logged_in_lets_nobody_in(ada):
    stranger = Client()
    add(stranger, make_sku(make_page("Dune"), "DUNE"))
    UserSession.objects.create(
        user=ada, session_key=stranger.session.session_key, ip="127.0.0.1", user_agent=""
    )

    assert name_in(stranger) == ""


def test_a_new_password_ends_the_session(client, ada):
    assert name_in(client) == "ada"
    ada.set_password("quite another password")
    ada.save()

    assert name_in(client) == ""
    assert not Session.objects.exists()


def test_a_session_signed_for_nobody_known_is_ended(client):
    session = client.session
    session[HASH_SESSION_KEY] = "x" * 64
    session.save()

    assert name_in(client) == ""


def test_whoever_is_no_longer_active_is_logged_in_nowhere(client, ada):
    User.objects.filter(pk=ada.pk).update(is_active=False)

    assert name_in(client) == ""


def test_a_session_that_has_run_out_is_none(client):
    Session.objects.update(expire_date=timezone.now())

    assert name_in(client) == ""


def test_what_is_put_in_is_in_the_cart_of_the_same_request(client, ada):
    dune = make_sku(make_page("Dune"), "DUNE", price="25.00")
    add(client, dune)

    answer = add(client, dune, "2", headers={"HX-Request": "true", "Origin": "http://testserver"})

    assert "3 items in your cart" in words(answer)
