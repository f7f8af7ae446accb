"""What a product's page says of sending it, from the shop's own methods."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from catalog.tests.factories import make_page, make_sku
from orders import delivery
from orders.models import OrderSettings, ShippingMethod

pytestmark = pytest.mark.django_db


def method(price="4.90", **fields):
    return ShippingMethod.objects.create(name="Parcel", price=Decimal(price), **fields)


def at_home(weight=500, goods="20.00"):
    return delivery.at_home(weight=weight, goods=Decimal(goods), rules=OrderSettings.load())


def test_it_is_the_first_way_that_the_checkout_would_offer():
    method("14.90", position=2)
    method("4.90", position=1, description="3 to 5 working days")
    method("1.00", countries=["FR"])

    found = at_home()

    assert (found.country, found.method.price) == ("Germany", Decimal("4.90"))
    assert found.method.description == "3 to 5 working days"


def test_from_which_order_on_it_is_free_is_found_where_the_checkout_would_find_it():
    method("4.90", value_below=Decimal(80))
    method("0", value_from=Decimal(80))
    method("0", value_from=Decimal(50), countries=["FR"])
    method("0", value_from=Decimal(60), is_active=False)
    method("0", value_from=Decimal(70), weight_from=1_000)

    assert at_home().free_from == Decimal(80)
    assert at_home(weight=1_000).free_from == Decimal(70)
    # It is free already.
    assert at_home(goods="80.00").free_from is None
    assert at_home(goods="80.00").method.price == 0


def test_an_express_way_keeps_nothing_from_being_free():
    method("4.90", position=1)
    method("0", position=2, value_from=Decimal(80))

    # The first way that is offered still costs something there.
    assert at_home(goods="90.00").method.price == Decimal("4.90")
    assert at_home().free_from is None


def test_nothing_is_said_where_nothing_is_set_up_or_sent():
    assert at_home() is None
    method(countries=["FR"])
    assert at_home() is None
    method(weight_until=400)
    assert at_home() is None
    rules = OrderSettings.load()
    rules.ships_to = ["AT"]
    method()
    assert delivery.at_home(weight=1, goods=Decimal(1), rules=rules) is None


def words(client, page):
    html = BeautifulSoup(client.get(page.url).content, "html.parser")
    return [" ".join(fact.get_text(" ").split()) for fact in html.select(".delivery__fact")]


def test_a_products_page_says_it_beside_the_button(client):
    method("4.90", value_below=Decimal(80), description="3 to 5 working days")
    method("0", value_from=Decimal(80))
    cheap, dear = make_page(), make_page()
    make_sku(cheap, price="20.00")
    make_sku(dear, price="99.00")

    assert words(client, cheap) == [
        "Delivery to Germany from €4.90 3 to 5 working days",
        "Free delivery for orders from €80.00",
    ]
    assert words(client, dear) == ["Free delivery to Germany"]


def test_what_is_not_sent_has_no_delivery(client):
    method()
    page = make_page()
    make_sku(page)
    page.product.is_digital = True
    page.product.save()

    assert words(client, page) == []
