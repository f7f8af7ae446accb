"""Recently and most viewed, below the cart: private, without a row for a mere visitor."""

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cart import recent, shelves
from cart.tests.shopping import add, cart_page, log_in, member
from catalog.models import Product, Sku, Stock
from catalog.tests.factories import make_category, make_page, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_cached():
    cache.clear()


@pytest.fixture(autouse=True)
def _rows_of_the_cart_alone(monkeypatch):
    """What the apps above show there is theirs to test."""
    monkeypatch.setattr(shelves, "_sources", [])


def looked_at(client, *skus, **options):
    """As htmx asks for the badge of a product's page."""
    for sku in skus:
        path = f"/me/?viewed={sku.product_id}"
        response = client.get(path, headers={"HX-Request": "true"}, **options)
    return response


def seen(client):
    return shelf(client, "Recently viewed")


def shelf(client, heading):
    """The titles of the cards below a heading of the cart page, in their order."""
    page = cart_page(client)
    if f">{heading}</h2>" not in page:
        return []
    part = page.split(f">{heading}</h2>")[1].split("</section>")[0]
    return [
        text.split("<")[0]
        for text in part.split('class="card__link"')[1:]
        for text in [text.split(">", 1)[1]]
    ]


def make(title, **fields):
    return make_sku(make_page(title), title.upper(), **fields)


def test_what_was_looked_at_last_stands_first_and_once():
    client = Client()
    dune, moon = make("Dune"), make("Moon")

    looked_at(client, dune, moon, dune)

    assert seen(client) == ["Dune", "Moon"]


def test_the_page_of_a_product_asks_for_it_and_sets_no_cookie_itself():
    client = Client()
    dune = make("Dune")

    response = client.get("/prints/dune/")

    assert f'data-hx-get="/me/?viewed={dune.product_id}"' in response.content.decode()
    assert not response.cookies
    assert "?viewed" not in client.get("/prints/").content.decode()


def test_a_visitor_leaves_no_row_in_the_database():
    client = Client()

    response = looked_at(client, make("Dune"))

    assert not Session.objects.exists()
    assert set(response.cookies) == {recent.COOKIE}


def test_its_cookie_is_small_and_no_script_can_read_it():
    client = Client()

    response = looked_at(client, *[make(f"P{number}") for number in range(20)], secure=True)

    cookie = response.cookies[recent.COOKIE]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"
    assert len(cookie.value) < 200
    assert len(signing.loads(cookie.value, salt=recent.SALT)) == 1 + recent.MOST


def test_what_is_put_in_was_looked_at():
    client = Client()

    add(client, make("Dune"))

    assert seen(client) == ["Dune"]


@pytest.mark.parametrize(
    "key", ["", "0", "-1", "1.5", "1e3", "x", "9" * 30, "9223372036854775808", "\x00", "１"]
)
def test_a_hostile_number_sets_no_cookie(key):
    response = Client().get("/me/", {"viewed": key}, headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert not response.cookies


def test_a_number_of_nothing_breaks_nothing():
    client = Client()
    client.get("/me/?viewed=9223372036854775807", headers={"HX-Request": "true"})

    assert seen(client) == []


def test_a_link_from_elsewhere_puts_nothing_among_them():
    response = Client().get(f"/me/?viewed={make('Dune').product_id}")

    assert not response.cookies


@pytest.mark.parametrize("value", ["", "x", "WzAsMV0:1:forged", "a:b:c", "[0,1]", "é"])
def test_a_forged_cookie_is_no_cookie(value):
    make("Dune")
    client = Client()
    client.cookies[recent.COOKIE] = value

    assert seen(client) == []


def test_a_cookie_signed_for_something_else_is_no_cookie():
    dune = make("Dune")
    client = Client()
    client.cookies[recent.COOKIE] = signing.dumps([0, dune.product_id], salt="other")

    assert seen(client) == []


def test_what_a_member_looked_at_is_not_shown_to_the_next_on_the_same_device(django_user_model):
    client = Client()
    before = make("Before")
    looked_at(client, before)
    log_in(client, member(django_user_model, "ada"))
    looked_at(client, make("Dune"))
    assert seen(client) == ["Dune", "Before"]

    # The session is gone without a logout: expired, or ended from elsewhere.
    del client.cookies["sessionid"]
    assert seen(client) == []

    log_in(client, member(django_user_model, "grace"))
    assert seen(client) == []


@pytest.mark.parametrize("change", ["unpublish", "delete", "retire", "retire SKU", "sell out"])
def test_what_cannot_be_bought_is_on_no_shelf(change):
    client = Client()
    dune = make("Dune")
    moon = make("Moon")
    Product.objects.update(views=5)
    looked_at(client, dune, moon)
    page = dune.product.pages.get()
    if change == "unpublish":
        page.unpublish()
    if change == "delete":
        page.delete()
    if change == "retire":
        Product.objects.filter(pk=dune.product_id).update(retired=timezone.now())
    if change == "retire SKU":
        Sku.objects.filter(pk=dune.pk).update(is_active=False)
    if change == "sell out":
        Stock.objects.filter(sku=dune).update(on_hand=0)

    assert seen(client) == ["Moon"]
    assert shelf(Client(), "Most viewed") == ["Moon"]


def test_most_viewed_is_by_views_and_repeats_nothing():
    skus = [make(f"P{number}") for number in range(7)]
    for views, sku in enumerate(skus):
        Product.objects.filter(pk=sku.product_id).update(views=views)
    client = Client()
    looked_at(client, skus[6], skus[0])

    assert seen(client) == ["P0", "P6"]
    assert shelf(client, "Most viewed") == ["P5", "P4", "P3", "P2"]


def test_an_empty_cart_has_the_shelves_too():
    client = Client()
    dune = make("Dune")
    looked_at(client, dune)

    page = cart_page(client)

    assert "Your cart is empty" in page
    assert "Recently viewed" in page


def test_a_product_with_a_page_and_an_alias_stands_once():
    dune = make("Dune")
    dune.product.pages.get().create_alias(parent=make_category("Gifts"))
    client = Client()
    looked_at(client, dune)

    assert seen(client) == ["Dune"]


def test_the_shelves_take_the_same_queries_whatever_is_on_them(django_assert_max_num_queries):
    client = Client()
    skus = [make(f"P{number}") for number in range(16)]
    Product.objects.update(views=1)
    looked_at(client, *skus[:8])
    cart_page(client)

    # Two for the most viewed and what can be had, one for pages, three for cards,
    # and what every page needs.
    with django_assert_max_num_queries(13):
        cart_page(client)
