"""Whatever a script sends, the cart holds only what may be in it, and every page can be shown."""

from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cart.tests.shopping import BY_SCRIPT, SAME_ORIGIN, cart_page, post
from catalog.models import Sku
from catalog.tests.factories import make_page, make_sku

pytestmark = pytest.mark.django_db

ON_HAND = {"DUNE": 5, "MOON": 999, "SOLD": 0}

codes = st.one_of(
    st.sampled_from(["DUNE", "MOON", "SOLD", "dune", " DUNE ", "DUNE\x00", "' OR 1=1 --", ""]),
    st.text(max_size=80),
)
amounts = st.one_of(
    st.integers(-5, 1200).map(str),
    st.sampled_from(
        ["1e3", "NaN", "Infinity", "-0", "0x10", "1.0", "1,5", " 3 ", "٣", "+2", "9" * 400, "\x00"]
    ),
    st.text(max_size=12),
)
forms = st.lists(
    st.tuples(
        st.sampled_from(["add", "update", "remove", "undo"]),
        codes,
        amounts,
        st.sampled_from([SAME_ORIGIN, BY_SCRIPT]),
    ),
    max_size=8,
)


@pytest.fixture
def skus():
    page = make_page("Dune")
    return [
        make_sku(page, code, option1=code, price="10.00", on_hand=on_hand)
        for code, on_hand in ON_HAND.items()
    ]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sent=forms)
def test_no_form_puts_in_what_may_not_be_there(skus, sent):
    client = Client()

    for name, code, quantity, headers in sent:
        response = post(client, name, headers, code=code, quantity=quantity)
        assert response.status_code in (200, 302)

    there = client.session.get("cart", {})
    for code, line in there.items():
        assert set(line) == {"quantity", "added"}
        assert 1 <= line["quantity"] <= ON_HAND[code] <= 999
    total = sum(line["quantity"] for line in there.values()) * Decimal(10)
    page = cart_page(client)
    assert "Your cart is empty" in page if not there else f"€{total:,.2f}" in page
    assert Sku.objects.count() == len(ON_HAND)


stored = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
entries = st.dictionaries(
    codes,
    st.fixed_dictionaries(
        {},
        optional={
            "quantity": st.integers() | stored,
            "added": st.datetimes().map(str) | st.datetimes().map(lambda at: f"{at}Z") | stored,
        },
    )
    | stored,
    max_size=5,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cart=entries | stored)
def test_no_session_breaks_the_page_or_costs_less_than_nothing(skus, cart):
    client = Client()
    session = client.session
    session["cart"] = cart
    session.save()
    client.cookies["sessionid"] = session.session_key

    page = cart_page(client)

    assert "Your cart" in page
    assert "€-" not in page
    assert "-€" not in page
