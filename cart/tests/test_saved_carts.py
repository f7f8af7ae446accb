"""A member's cart is theirs on every device; on a device nothing of it stays behind."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from cart.cart import Cart
from cart.entries import Entry, dump
from cart.keeping import InRow
from cart.models import SavedCart
from cart.tests.shopping import (
    add,
    age,
    cart_page,
    log_in,
    member,
    post,
    quantities,
    said,
    saved,
)
from catalog.models import Stock
from catalog.tests.factories import make_page, make_sku, set_price

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(django_user_model):
    return member(django_user_model)


@pytest.fixture
def dune():
    return make_sku(make_page("Dune"), "DUNE", price="25.00", on_hand=9)


def test_what_a_member_puts_in_is_there_on_the_next_device(ada, dune):
    phone, desk = Client(), Client()
    log_in(phone, ada)
    log_in(desk, ada)

    add(phone, dune, "2")

    assert "€50.00" in cart_page(desk)
    post(desk, "update", code="DUNE", quantity="3")
    assert "€75.00" in cart_page(phone)
    assert "cart" not in phone.session


def test_the_cart_of_a_stranger_joins_the_members_own_at_login(ada, dune):
    moon = make_sku(make_page("Moon"), "MOON", price="10.00")
    phone, desk = Client(), Client()
    log_in(phone, ada)
    add(phone, dune, "2")
    add(desk, dune, "3")
    add(desk, moon, "1")

    log_in(desk, ada)

    assert saved(ada) == {"DUNE": 5, "MOON": 1}
    assert desk.session.get("cart") is None
    assert "now in one cart" in cart_page(desk)


def test_nothing_is_said_where_there_was_nothing_to_join(ada, dune):
    client = Client()
    add(client, dune)

    log_in(client, ada)

    assert saved(ada) == {"DUNE": 1}
    assert "now in one cart" not in cart_page(client)


@pytest.mark.parametrize(
    ("on_hand", "when_sold_out", "there_are"),
    [(4, "stop", 4), (5, "stop", 5), (0, "sell_on", 5), (0, "stop", 5)],
    ids=["fewer", "just enough", "on back order", "sold out: the line stays and says so"],
)
def test_what_is_joined_is_no_more_than_can_be_bought(ada, dune, on_hand, when_sold_out, there_are):
    phone, desk = Client(), Client()
    log_in(phone, ada)
    add(phone, dune, "2")
    add(desk, dune, "3")
    Stock.objects.update(on_hand=on_hand, when_sold_out=when_sold_out)

    log_in(desk, ada)

    assert saved(ada) == {"DUNE": there_are}


def test_no_more_than_999_are_joined(ada):
    sku = make_sku(code="SCREW", on_hand=5000)
    phone, desk = Client(), Client()
    log_in(phone, ada)
    add(phone, sku, "600")
    add(desk, sku, "600")

    log_in(desk, ada)

    assert saved(ada) == {"SCREW": 999}


def test_no_more_lines_are_joined_than_a_cart_has_room_for(ada, monkeypatch):
    monkeypatch.setattr("cart.merging.MAX_LINES", 2)
    skus = [make_sku(code=f"SKU-{number}") for number in range(3)]
    phone, desk = Client(), Client()
    log_in(phone, ada)
    add(phone, skus[0])
    for sku in skus:
        add(desk, sku)

    log_in(desk, ada)

    assert saved(ada) == {"SKU-0": 2, "SKU-1": 1}


def test_of_two_prices_that_are_held_the_lower_one_stays(ada):
    dune = make_sku(make_page("Dune"), "DUNE", price=None)
    now = timezone.now()
    early, late = now - timedelta(hours=5), now - timedelta(hours=1)
    set_price(dune, "20.00", at=now - timedelta(hours=6))
    set_price(dune, "30.00", at=now - timedelta(hours=2))
    set_price(dune, "40.00", at=now - timedelta(minutes=1))
    SavedCart.objects.create(user=ada, entries=dump({"DUNE": Entry(1, early)}))
    client = Client()
    add(client, dune)
    age(client, "DUNE", hours=1)

    log_in(client, ada)

    assert Cart(InRow(ada)).lines[0].unit_price == Decimal("20.00")
    assert Cart(InRow(ada)).lines[0].added == early
    assert late > early


def test_a_price_whose_hold_has_ended_does_not_cost_the_one_that_is_held(ada):
    dune = make_sku(make_page("Dune"), "DUNE", price=None)
    now = timezone.now()
    set_price(dune, "20.00", at=now - timedelta(hours=60))
    set_price(dune, "30.00", at=now - timedelta(hours=20))
    set_price(dune, "40.00", at=now - timedelta(minutes=1))
    long_ago = now - timedelta(hours=50)
    SavedCart.objects.create(user_id=ada.pk, entries=dump({"DUNE": Entry(1, long_ago)}))
    client = Client()
    add(client, dune)
    age(client, "DUNE", hours=2)

    log_in(client, ada)

    assert Cart(InRow(ada)).lines[0].unit_price == Decimal("30.00")


def test_logging_out_leaves_nothing_behind(ada, dune):
    client = Client()
    add(client, dune, "2")
    log_in(client, ada)
    post(client, "remove", code="DUNE")
    post(client, "undo", code="DUNE")
    client.get("/me/?viewed=1", headers={"HX-Request": "true"})

    client.post("/account/logout/")

    assert quantities(client) == {}
    assert "Dune" not in cart_page(client)
    left = {name: morsel.value for name, morsel in client.cookies.items()}
    assert not left.get("sessionid")
    assert not left.get("recently_viewed")
    assert saved(ada) == {"DUNE": 2}


def test_the_next_member_on_the_same_device_gets_nothing_of_the_last_one(
    ada, dune, django_user_model
):
    grace = member(django_user_model, "grace")
    client = Client()
    log_in(client, ada)
    add(client, dune)

    # Without having logged the first one out.
    log_in(client, grace)

    assert saved(grace) == {}
    assert "Dune" not in cart_page(client)


def test_a_login_without_a_cart_makes_no_row(ada):
    client = Client()

    log_in(client, ada)
    cart_page(client)
    post(client, "remove", code="DUNE")

    assert not SavedCart.objects.exists()


def test_after_a_login_where_one_came_from_and_nowhere_else(ada):
    for wanted, there in [
        ("/cart/", "/cart/"),
        ("https://evil.example/", "/account/"),
        ("//evil.example/", "/account/"),
        ("javascript:alert(1)", "/account/"),
        ("", "/account/"),
    ]:
        assert log_in(Client(), ada, next=wanted).url == there


def test_a_wrong_password_is_said_and_the_cart_stays(ada, dune):
    client = Client()
    add(client, dune, "2")

    response = log_in(client, ada, password="wrong")

    assert response.status_code == 200
    assert "The form was not sent" in response.content.decode()
    assert quantities(client) == {"DUNE": 2}
    assert saved(ada) == {}


def test_the_login_page_begins_no_session_and_is_kept_by_nobody():
    response = Client().get("/account/login/?next=/cart/")

    assert "sessionid" not in response.cookies
    assert "no-store" in response["Cache-Control"]
    assert 'name="next" value="/cart/"' in response.content.decode()


def test_logging_out_takes_a_form(ada):
    client = Client()
    log_in(client, ada)

    assert "Log out?" in client.get("/account/logout/").content.decode()
    assert client.get("/account/").status_code == 200


def test_a_new_key_for_the_session_at_login(ada, dune):
    client = Client()
    add(client, dune)
    before = client.session.session_key

    log_in(client, ada)

    assert client.session.session_key != before


def test_a_members_badge_takes_few_queries(ada, dune, django_assert_num_queries):
    client = Client()
    log_in(client, ada)
    add(client, dune)

    # The session with the member and their cart, what is in it, and for how long prices are
    # held: which is kept where there is a Redis.
    with django_assert_num_queries(3):
        client.get("/me/")


def test_a_full_cart_of_a_member_takes_no_more_lines(ada, dune, monkeypatch):
    monkeypatch.setattr("cart.cart.MAX_LINES", 1)
    client = Client()
    log_in(client, ada)
    add(client, dune)

    response = add(client, make_sku(code="MOON"))

    assert saved(ada) == {"DUNE": 1}
    assert said(response)[-1] == "Your cart is full."
