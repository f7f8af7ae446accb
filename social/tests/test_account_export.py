"""Everything the shop knows of a member, in one file, for that member alone."""

import json
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.tests.factories import make_page, make_sku
from orders.models import Coupon, Order
from orders.tests.factories import order_for
from social import contacts, likes
from social.account import export
from social.models import Contact, Review, User, WishList, WishListItem
from social.tests.marked_member import EMAIL, MARKER, seed_account, seed_order, seed_shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

DATA, FILE = "/account/privacy/data/", "/account/privacy/data/file/"


def data_of(user: User) -> dict:
    return json.loads("".join(export.written(User.objects.get(pk=user.pk))))


def test_it_holds_everything(marked, other):
    Coupon.objects.create(code="ONCE", value=10)
    seed_account(marked, other)
    product = seed_shop(marked, other)
    order = seed_order(product, Order.State.DELIVERED, user=marked)

    data = data_of(marked)

    assert (data["format"], data["version"]) == ("storefront-member-data", 1)
    assert (data["account"]["username"], data["account"]["email"]) == (MARKER, EMAIL)
    assert {one["email"] for one in data["email_addresses"]} == {EMAIL, f"second-{EMAIL}"}
    assert data["profile"]["about"] == MARKER
    assert data["profile"]["picture"].startswith("http")
    assert data["addresses"][0]["city"] == MARKER
    assert [one["username"] for one in data["following"]] == ["bob"]
    assert [one["username"] for one in data["followers"]] == ["bob"]
    assert data["likes"][0]["title"] == "Tee"
    assert (data["reviews"][0]["product"], data["reviews"][0]["text"]) == ("Tee", MARKER)
    assert data["wish_lists"][0]["wishes"][0]["product"] == "Tee"
    assert {one["verb"] for one in data["actions"]} >= {"likes", "wished", "follows"}
    assert data["second_factor"][0]["type"] == "totp"
    assert data["devices"][0]["user_agent"] == MARKER
    assert data["form_submissions"][0]["answers"]["text"] == MARKER
    [kept] = data["orders"]
    assert kept["number"] == order.number
    assert kept["total"] == {"amount": f"{order.total:.2f}", "currency": order.currency}
    assert kept["lines"][0]["unit_price"] == {"amount": "12.50", "currency": "EUR"}
    assert kept["invoice_address"]["company"] == MARKER
    assert [step["state"] for step in kept["events"]][-1] in {"delivered", ""}
    assert datetime.fromisoformat(kept["placed"]) == order.created


def test_it_tells_no_secret_of_gateways_nor_of_the_second_factor(marked, other):
    Coupon.objects.create(code="ONCE", value=10)
    seed_account(marked, other)
    product = seed_shop(marked, other)
    order = seed_order(product, Order.State.DELIVERED, user=marked)

    text = "".join(export.written(marked))
    data = json.loads(text)

    assert f"ref{order.pk}" not in text
    assert set(data["second_factor"][0]) == {"type", "created_at", "last_used_at"}
    assert marked.password not in text
    assert "session_key" not in text
    # Nor what the shop's people wrote down for themselves.
    assert all(set(step) == {"state", "reason", "when"} for step in data["orders"][0]["events"])


def test_people_who_hide_are_not_named(member, other, django_user_model):
    carol = django_user_model.objects.create_user("carol", "c@example.com", "x")
    contacts.set_public(other, True)
    for person in (other, carol):
        Contact.objects.create(user_from=member, user_to=person)
        Contact.objects.create(user_from=person, user_to=member)

    data = data_of(member)

    assert [one["username"] for one in data["following"]] == ["bob"]
    assert [one["username"] for one in data["followers"]] == ["bob"]
    assert "carol" not in json.dumps(data)


def test_nothing_of_anybody_else_is_in_it(marked, other):
    Coupon.objects.create(code="ONCE", value=10)
    seed_account(marked, other)
    product = seed_shop(marked, other)
    seed_order(product, Order.State.DELIVERED, user=marked)

    data = data_of(other)

    assert {name for name, part in data.items() if MARKER in json.dumps(part)} == {
        "following",
        "followers",
    }


def test_an_empty_account_has_an_empty_file(member):
    data = data_of(member)

    lists = ["addresses", "orders", "likes", "reviews", "wish_lists", "newsletter", "actions"]
    assert [data[name] for name in lists] == [[]] * len(lists)
    assert data["cart"] is None


def test_it_costs_the_same_however_much_there_is(member):
    sku = make_sku(make_page("Tee"), on_hand=100)

    def more(number: int) -> None:
        order_for({sku: 1}, user=member)
        product = make_sku(make_page(f"Mug {number}")).product
        likes.like(member, product)
        Review.objects.create(user=member, product=product, stars=4, text="x", language="en")
        wishes = WishList.objects.create(user=member, name="x")
        WishListItem.objects.create(wish_list=wishes, product=product)

    def queries() -> int:
        with CaptureQueriesContext(connection) as log:
            data_of(member)
        return len(log)

    more(1)
    first = queries()
    more(2)
    more(3)

    assert queries() == first
    assert first <= 34


def test_the_file_is_for_who_has_just_typed_the_password(client, member):
    asked = client.get(FILE)
    assert asked.url.startswith("/account/reauthenticate/")
    assert client.get(DATA).url.startswith("/account/reauthenticate/")
    back = client.post("/account/reauthenticate/", {"password": "secret", "next": DATA})
    assert back.url == DATA

    assert FILE in client.get(DATA).content.decode()
    answer = client.get(FILE)
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert "no-store" in answer["Cache-Control"]
    assert json.loads(answer.getvalue())["account"]["username"] == "ada"


def test_who_is_logged_out_gets_nothing(client):
    assert client.get(FILE).url.startswith("/account/login/")
