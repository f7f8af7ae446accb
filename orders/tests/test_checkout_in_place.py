"""What a script is answered in the checkout, and what nobody's text can break in it."""

import pytest
from django.test import Client

from cart.tests.shopping import add, post
from catalog.tests.factories import make_page, make_sku
from orders import draft
from orders.models import Coupon, Order, OrderSettings
from orders.tests.factories import FORM
from orders.tests.test_draft import CHECKOUT, hidden_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def dune():
    return make_sku(make_page("Dune"), "DUNE", price="25.00", on_hand=9)


@pytest.fixture
def shopper(client, dune):
    add(client, dune)
    return client


def update(client, **changes):
    return client.post(CHECKOUT, {**FORM, "do": "update", **changes}, headers=HTMX)


def test_a_script_is_led_to_the_cart_that_cannot_be_bought(shopper):
    post(shopper, "remove", code="DUNE")

    answer = update(shopper)

    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/cart/")
    assert answer.content == b""


def test_a_script_is_led_to_the_order_that_its_form_has_become(shopper):
    hidden = hidden_of(shopper.get(CHECKOUT))
    shopper.post(CHECKOUT, {**FORM, **hidden})

    answer = update(shopper, **hidden)

    assert answer["HX-Redirect"] == Order.objects.get().get_absolute_url()
    assert "Location" not in answer


def test_the_page_has_words_for_when_no_answer_comes(shopper):
    page = shopper.get(CHECKOUT).content.decode()

    assert "js/cart" in page
    assert "data-cart-trouble" in page
    assert "could not be worked out anew" in page


def test_the_states_that_are_offered_follow_the_country(shopper):
    assert 'list="regions"' in shopper.get(CHECKOUT).content.decode()
    american = update(shopper, country="US").content.decode()
    german = update(shopper, country="DE").content.decode()

    assert '<option value="California">' in american
    assert "California" not in german


def test_a_state_is_ordered_as_it_was_typed(shopper):
    address = {"country": "CN", "region": "Guangdong", "city": "Shenzhen", "postal_code": "518000"}
    hidden = hidden_of(shopper.post(CHECKOUT, {**FORM, **address, "do": "update"}))

    shopper.post(CHECKOUT, {**FORM, **address, **hidden})

    assert Order.objects.get().region == "Guangdong"


@pytest.mark.parametrize("do", ["update", "place", "address:1", "address:\0", "\0"])
@pytest.mark.parametrize(
    "text", ["\0", "a\0b@example.com", "DE\0", "'\";--", "\u202e", "9" * 5_000]
)
def test_no_text_in_any_field_breaks_the_page_or_stays_to_break_the_next(dune, do, text):
    Coupon.objects.create(code="FIRST", value=10, first_order_only=True)
    home = str(OrderSettings.load().home_country)
    names = [*draft.FIELDS, "token", "shown"]

    for hostile in ([name] for name in ("country", "email", "method")):
        _survives(dune, home, do, {**FORM, "coupon": "FIRST", **dict.fromkeys(hostile, text)})
    _survives(dune, home, do, dict.fromkeys(names, text))


def _survives(sku, home, do, form):
    shopper = Client()
    add(shopper, sku)
    hidden = hidden_of(shopper.get(CHECKOUT))
    sent = shopper.post(CHECKOUT, {**hidden, **form, "do": do})
    again = shopper.get(CHECKOUT)

    assert (sent.status_code, again.status_code) == (200, 200), form
    assert again.context["quote"].country in {home, FORM["country"]}
    kept = shopper.session[draft.KEY]
    assert "\0" not in "".join(kept.values())
    assert max(map(len, kept.values())) <= draft.LONGEST
