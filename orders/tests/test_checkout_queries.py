"""How few questions placing an order asks of the database, and that none of them is left out."""

from decimal import Decimal

import pytest
from django.test import Client

from cart.tests.counting import as_committed, questions
from catalog import kept
from catalog.models import Stock
from catalog.tests.factories import make_page, make_sku
from orders.models import Order, OrderSettings, ShippingMethod, TaxRate
from orders.tests.factories import FORM
from orders.tests.test_checkout_views import CHECKOUT, hidden_of, page_of, put_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def skus(a_redis):
    kept.forget()
    yield [make_sku(make_page(f"Print {number}"), f"P{number}") for number in range(3)]
    kept.forget()


@pytest.fixture
def shown(skus):
    """Somebody with three lines before the filled form, and the form."""
    ShippingMethod.objects.create(name="Post", price=Decimal("4.90"))
    TaxRate.objects.create(country="GB", rate=Decimal(20))
    client = Client()
    for sku in skus:
        put_in(client, sku, 2)
    as_committed()
    page = page_of(client.post(CHECKOUT, {**FORM, "do": "update"}))
    as_committed()
    return client, {**FORM, **hidden_of(page)}


def test_an_order_of_three_lines_takes_at_most_thirty(shown):
    client, form = shown

    with questions() as asked:
        answer = client.post(CHECKOUT, form)

    order = Order.objects.get()
    assert answer.url == order.get_absolute_url()
    assert order.total == Decimal("64.90")
    assert [item.title for item in order.items.all()] == ["Print 0", "Print 1", "Print 2"]
    assert set(Stock.objects.values_list("on_hand", flat=True)) == {8}
    assert not client.session.get("cart")
    assert "checkout" not in client.session
    assert len(asked) <= 30, asked


@pytest.mark.parametrize("change", ["shipping", "tax", "rules"])
def test_what_the_merchant_has_changed_since_is_shown_before_it_is_charged(shown, change):
    """Also where this process knows nothing of it yet: what is kept is not what is charged."""
    client, form = shown
    # As if written elsewhere: nobody tells.
    if change == "shipping":
        ShippingMethod.objects.update(price=Decimal("9.90"))
    elif change == "tax":
        TaxRate.objects.update(rate=Decimal(5))
    else:
        OrderSettings.objects.update(prices_include_tax=False)

    answer = client.post(CHECKOUT, form)

    assert not Order.objects.exists()
    assert "Please check the total and buy again." in page_of(answer)
    if change == "shipping":
        assert "€69.90" in page_of(answer)


def test_the_price_that_is_shown_then_is_the_one_of_then(shown, skus, monkeypatch):
    """It rises between the beginning of the request and the order."""
    from catalog.tests.factories import set_price
    from orders import checkout_views

    client, form = shown
    session = client.session
    session["cart"] = {
        code: {**line, "added": "2020-01-01T00:00:00+00:00"}
        for code, line in session["cart"].items()
    }
    session.save()
    original = checkout_views._order_from

    def rises(*arguments):
        set_price(skus[0], "11.00")
        return original(*arguments)

    monkeypatch.setattr(checkout_views, "_order_from", rises)

    answer = client.post(CHECKOUT, form)

    assert not Order.objects.exists()
    assert "€66.90" in page_of(answer)


def test_the_same_form_sent_twice_is_one_order(shown):
    client, form = shown
    first = client.post(CHECKOUT, form)

    again = client.post(CHECKOUT, form)

    assert first.url == again.url
    assert Order.objects.count() == 1
