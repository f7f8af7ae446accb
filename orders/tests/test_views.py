import re

import pytest
from django.test import Client

from cart.models import CartSettings
from catalog.models import Stock
from catalog.tests.factories import make_page, make_sku, set_price
from orders.checkout import place_order
from orders.models import Order
from orders.tests.factories import CUSTOMER, FORM, order_for

pytestmark = pytest.mark.django_db

CHECKOUT = "/orders/checkout/"


@pytest.fixture
def sku():
    return make_sku(make_page("Dune"), "DUNE", price="25.00", on_hand=9)


@pytest.fixture
def shopper(client, sku):
    """Somebody with two of the thing in the cart."""
    put_in(client, sku, 2)
    return client


def put_in(client, sku, quantity):
    values = {"code": sku.code, "quantity": quantity}
    client.post("/cart/add/", values, headers={"Origin": "http://testserver"})


def hidden_fields(client):
    page = client.get(CHECKOUT).content.decode()
    return dict(re.findall(r'name="(token|shown)" value="([^"]+)"', page))


def send(client, **changes):
    return client.post(CHECKOUT, {**FORM, **hidden_fields(client), **changes})


def test_a_guest_places_an_order_and_sees_it_at_an_address_of_their_own(shopper):
    response = send(shopper)

    order = Order.objects.get()
    assert response.url == f"/orders/{order.secret}/"
    page = shopper.get(response.url).content.decode()
    assert order.number in page
    assert "€50.00" in page
    assert shopper.session.get("cart") is None


def test_the_address_cannot_be_had_from_the_number(shopper, client):
    send(shopper)
    order = Order.objects.get()

    assert len(order.secret) == 32
    for guess in (order.number, str(order.pk), order.secret[:-1], "0", order.secret.swapcase()):
        assert Client().get(f"/orders/{guess}/").status_code == 404


def test_the_thank_you_page_is_kept_by_no_cache_and_no_search_engine(shopper):
    page = shopper.get(send(shopper).url)

    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page.content.decode()


def test_an_empty_cart_has_no_checkout(client):
    assert client.get(CHECKOUT).url == "/cart/"
    assert client.post(CHECKOUT, CUSTOMER).url == "/cart/"
    assert not Order.objects.exists()


def test_the_second_click_and_the_reload_lead_to_the_same_order(shopper):
    hidden = hidden_fields(shopper)

    first = shopper.post(CHECKOUT, {**FORM, **hidden})
    second = shopper.post(CHECKOUT, {**FORM, **hidden})

    assert first.url == second.url
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", ""),
        ("first_name", "x" * 101),
        ("last_name", "Love\nlace"),
        ("email", "not an address"),
        ("email", "a@b.c\nBcc: everybody@example.com"),
        ("postal_code", "1" * 21),
        ("city", "\x00"),
        ("country", "XX"),
        ("country", ""),
    ],
)
def test_a_mistake_is_shown_at_its_field_and_nothing_typed_is_lost(shopper, field, value):
    response = send(shopper, **{field: value})

    page = response.content.decode()
    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert "St James&#x27;s Square" in page
    assert not Order.objects.exists()
    assert shopper.session["cart"]["DUNE"]["quantity"] == 2


def test_a_price_that_changed_since_the_page_was_shown_is_shown_again(shopper, sku):
    CartSettings.objects.create(hold_hours=0)
    hidden = hidden_fields(shopper)
    set_price(sku, "30.00")

    response = shopper.post(CHECKOUT, {**FORM, **hidden})

    page = response.content.decode()
    assert "€60.00" in page
    assert "has changed" in page
    assert not Order.objects.exists()
    # What it shows now can be sent.
    again = dict(re.findall(r'name="(token|shown)" value="([^"]+)"', page))
    assert shopper.post(CHECKOUT, {**FORM, **again}).status_code == 302
    assert Order.objects.get().total == 60


def test_what_was_added_in_another_tab_is_confirmed_first(shopper):
    hidden = hidden_fields(shopper)
    put_in(shopper, make_sku(make_page("Moon"), "MOON", price="0.00"), 1)

    response = shopper.post(CHECKOUT, {**FORM, **hidden})

    assert "Moon" in response.content.decode()
    assert not Order.objects.exists()


def test_what_sold_out_while_the_form_was_filled_in_leads_back_to_the_cart(shopper, sku):
    hidden = hidden_fields(shopper)
    Stock.objects.update(on_hand=1)

    response = shopper.post(CHECKOUT, {**FORM, **hidden}, follow=True)

    assert response.redirect_chain == [("/cart/", 302)]
    assert "Only 1 left" in response.content.decode()


@pytest.mark.parametrize("token", ["", "x", "00000000", "' OR 1=1"])
def test_a_form_with_a_broken_token_places_no_order(shopper, token):
    response = send(shopper, token=token)

    assert response.status_code == 200
    assert not Order.objects.exists()


def test_the_checkout_needs_its_csrf_token(sku):
    client = Client(enforce_csrf_checks=True)
    put_in(client, sku, 1)

    assert client.post(CHECKOUT, CUSTOMER).status_code == 403


def test_a_signed_in_member_owns_the_order(shopper, django_user_model):
    member = django_user_model.objects.create_user("ada", "ada@example.com", "pw")
    shopper.force_login(member)
    put_in(shopper, make_sku(code="MOON"), 1)

    send(shopper)

    assert Order.objects.get().user == member


def test_the_checkout_takes_a_constant_number_of_queries(client, django_assert_max_num_queries):
    for number in range(12):
        put_in(client, make_sku(make_page(), f"SKU-{number}"), 1)
    client.get(CHECKOUT)

    with django_assert_max_num_queries(18):
        client.get(CHECKOUT)


def test_the_thank_you_page_takes_few_queries(client, django_assert_max_num_queries):
    order = order_for({make_sku(make_page()): 1 for _ in range(6)})
    client.get(order.get_absolute_url())

    with django_assert_max_num_queries(14):
        client.get(order.get_absolute_url())


def test_a_form_sent_again_after_a_crash_empties_the_cart_it_ordered(shopper, sku):
    hidden = hidden_fields(shopper)
    in_the_cart = shopper.session["cart"]
    shopper.post(CHECKOUT, {**FORM, **hidden})
    # The process died between the order's commit and the session's.
    session = shopper.session
    session["cart"] = in_the_cart
    session.save()

    shopper.post(CHECKOUT, {**FORM, **hidden})

    assert shopper.session.get("cart") is None
    assert Order.objects.count() == 1


def test_what_is_put_in_after_an_order_stays_when_its_form_is_sent_again(shopper, sku):
    hidden = hidden_fields(shopper)
    shopper.post(CHECKOUT, {**FORM, **hidden})
    put_in(shopper, sku, 1)

    shopper.post(CHECKOUT, {**FORM, **hidden})

    assert shopper.session["cart"]["DUNE"]["quantity"] == 1


def test_what_another_tab_puts_in_while_the_order_is_placed_stays(shopper, monkeypatch):
    moon = make_sku(make_page("Moon"), "MOON")
    other_tab = Client()
    other_tab.cookies = shopper.cookies

    def place_slowly(*args, **kwargs):
        put_in(other_tab, moon, 1)
        return place_order(*args, **kwargs)

    monkeypatch.setattr("orders.checkout_views.place_order", place_slowly)

    send(shopper)

    assert set(shopper.session["cart"]) == {"MOON"}
    assert Order.objects.get().items.get().sku_code == "DUNE"
