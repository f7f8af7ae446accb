"""The first page of an account: what there is of a member's, and the ways to it."""

import pytest
from allauth.account.models import EmailAddress

from cart.tests.shopping import add
from catalog.tests.factories import make_page, make_sku
from orders.models import SavedAddress
from orders.tests.factories import order_for
from social import likes
from social.models import Review, Subscriber, WishList
from social.tests.test_account_addresses import ADDRESS

pytestmark = pytest.mark.django_db

HOME, NEWSLETTER = "/account/", "/account/newsletter/"


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_an_empty_account_says_so(client, member):
    page = words(client.get(HOME))

    assert "<h1>ada</h1>" in page
    assert "Your profile is hidden." in page
    assert "You have not ordered anything yet." in page
    assert page.count("None yet") == 4
    assert "Nothing in it" in page
    assert "You do not get it" in page


def test_it_shows_the_latest_orders_the_cart_and_how_many_there_are(client, member):
    page = make_page("Tee")
    sku = make_sku(page, price="12.50", on_hand=100)
    orders = [order_for({sku: 1}, user=member) for _ in range(3)]
    add(client, sku, 2)
    likes.like(member, sku.product)
    Review.objects.create(user=member, product=sku.product, stars=4, text="x", language="en")
    WishList.objects.create(user=member, name="x")
    SavedAddress.objects.create(user=member, **ADDRESS)

    shown = words(client.get(HOME))

    assert [order.number in shown for order in orders] == [False, True, True]
    assert "See all 3 orders" in shown
    assert "2 things, €25.00" in shown
    assert "None yet" not in shown


def test_it_costs_the_same_however_much_there_is(client, member, django_assert_max_num_queries):
    sku = make_sku(make_page("Tee"), on_hand=100)
    order_for({sku: 1}, user=member)
    order_for({sku: 1}, user=member)
    client.get(HOME)
    with django_assert_max_num_queries(28) as few:
        client.get(HOME)
    for number in range(3):
        order_for({sku: 1, make_sku(make_page(f"Mug {number}"), on_hand=9): 1}, user=member)
        likes.like(member, make_sku(make_page(f"Cup {number}")).product)

    with django_assert_max_num_queries(28) as many:
        client.get(HOME)

    assert len(many) == len(few)


def test_the_newsletter_begins_at_once_for_an_address_that_is_proven(client, member):
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)

    page = words(client.post(NEWSLETTER, {"do": "subscribe"}, follow=True))
    assert "You get our newsletter at <strong>ada@example.com</strong>" in page
    assert Subscriber.objects.get().state == "confirmed"
    assert "You get it" in words(client.get(HOME))

    page = words(client.post(NEWSLETTER, {"do": "leave"}, follow=True))
    assert "You do not get our newsletter" in page
    assert Subscriber.objects.get().state == "left"


def test_an_address_that_is_not_proven_gets_a_mail_first(client, member):
    page = words(client.post(NEWSLETTER, {"do": "subscribe"}, follow=True))

    assert "We wait for your answer" in page
    assert Subscriber.objects.get().state == "asked"
    page = words(client.post(NEWSLETTER, {"do": "leave"}, follow=True))
    assert "You do not get our newsletter" in page


def test_nonsense_and_leaving_what_one_does_not_get_change_nothing(client, member):
    client.post(NEWSLETTER, {"do": "leave"})
    client.get(NEWSLETTER, {"do": "subscribe"})

    assert not Subscriber.objects.exists()
