"""The checkout page: what a shopper chooses, what it costs, and that nothing typed is lost."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from catalog.models import TaxClass
from catalog.tests.factories import make_page, make_sku
from orders import draft
from orders.models import Coupon, Order, OrderSettings, SavedAddress, ShippingMethod, TaxRate
from orders.tests.factories import CUSTOMER, FORM, order_for, paid

pytestmark = pytest.mark.django_db

CHECKOUT = "/orders/checkout/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def sku():
    return make_sku(make_page("Dune"), "DUNE", price="25.00", on_hand=9, weight=400)


@pytest.fixture
def methods():
    """Two ways within Europe, and a dearer one overseas."""
    return {
        "post": ShippingMethod.objects.create(
            name="Post", price=Decimal("4.90"), countries=["DE", "GB"], value_below=Decimal(100)
        ),
        "express": ShippingMethod.objects.create(
            name="Express", price=Decimal("12.00"), countries=["DE", "GB"], position=1
        ),
        "overseas": ShippingMethod.objects.create(
            name="Overseas", price=Decimal("30.00"), countries=["US"]
        ),
    }


@pytest.fixture
def shopper(client, sku):
    put_in(client, sku, 2)
    return client


@pytest.fixture
def member(django_user_model):
    return django_user_model.objects.create_user("ada", "ada@example.com", "pw")


def put_in(client, sku, quantity) -> None:
    values = {"code": sku.code, "quantity": quantity}
    client.post("/cart/add/", values, headers={"Origin": "http://testserver"})


def hidden_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(token|shown)" value="([^"]+)"', page))


def page_of(answer) -> str:
    return answer.content.decode()


def buy(client, **changes):
    """Look at the page with these choices, then buy at what it shows."""
    shown = page_of(client.post(CHECKOUT, {**FORM, **changes, "do": "update"}))
    return client.post(CHECKOUT, {**FORM, **hidden_of(shown), **changes})


def test_the_total_holds_shipping_tax_and_coupon_and_is_what_the_order_says(shopper, methods):
    TaxRate.objects.create(country="GB", rate=Decimal(20))
    Coupon.objects.create(code="TEN", value=Decimal(10))

    answer = buy(shopper, method=methods["express"].pk, coupon="ten")

    order = Order.objects.get()
    assert answer.url == order.get_absolute_url()
    assert order.total == Decimal("57.00")
    assert (order.coupon_code, order.shipping_name) == ("TEN", "Express")
    assert order.totals.grand_total == order.total
    assert order.totals.discount == Decimal("5.00")
    assert order.totals.tax == Decimal("9.50")
    page = page_of(shopper.get(answer.url))
    for amount in ("€50.00", "-€5.00", "€12.00", "€57.00", "€9.50"):
        assert amount in page


def test_prices_without_tax_have_it_added_by_class_and_country(shopper, sku):
    OrderSettings.objects.create(prices_include_tax=False)
    books = TaxClass.objects.create(name="Books")
    type(sku).objects.update(tax_class=books)
    TaxRate.objects.create(country="GB", rate=Decimal(20))
    TaxRate.objects.create(country="GB", tax_class=books, rate=Decimal(5))

    buy(shopper)

    assert Order.objects.get().total == Decimal("52.50")


def test_a_change_of_the_country_works_out_the_total_anew_and_buys_nothing(shopper, methods):
    answer = shopper.post(CHECKOUT, {**FORM, "country": "US", "do": "update"})

    page = page_of(answer)
    assert "Overseas" in page
    assert "Express" not in page
    assert "€80.00" in page
    assert "St James&#x27;s Square" in page
    assert not Order.objects.exists()


def test_with_htmx_only_what_changes_comes_back(shopper, methods):
    page = page_of(shopper.post(CHECKOUT, {**FORM, "do": "update"}, headers=HTMX))

    assert "<html" not in page
    assert 'id="choices"' in page
    assert 'id="checkout-summary"' in page
    assert "data-hx-swap-oob" in page


def test_a_country_that_costs_more_to_send_to_than_was_shown_is_confirmed_first(shopper, methods):
    hidden = hidden_of(page_of(shopper.get(CHECKOUT)))

    answer = shopper.post(CHECKOUT, {**FORM, **hidden, "country": "US", "city": "New York",
                                     "region": "NY", "postal_code": "10001"})  # fmt: skip

    assert "has changed" in page_of(answer)
    assert not Order.objects.exists()
    again = hidden_of(page_of(answer))
    shopper.post(CHECKOUT, {**FORM, **again, "country": "US", "city": "New York", "region": "NY",
                            "postal_code": "10001"})  # fmt: skip
    assert Order.objects.get().total == 80


def test_a_country_the_shop_does_not_send_to_says_so_at_its_field(shopper, methods):
    answer = buy(shopper, country="JP", postal_code="100-0001", region="Tokyo")

    assert answer.context["form"].errors["country"]
    assert not Order.objects.exists()


def test_a_shop_with_nothing_set_up_sends_for_nothing(shopper):
    buy(shopper)

    assert Order.objects.get().total == 50


def test_what_is_only_downloaded_needs_no_shipping(client, methods):
    sku = make_sku(price="5.00")
    type(sku.product).objects.update(is_digital=True)
    put_in(client, sku, 1)

    buy(client, country="JP", postal_code="100-0001", region="Tokyo")

    order = Order.objects.get()
    assert (order.total, order.shipping_name) == (5, "")


@pytest.mark.parametrize("code", ["NOPE", "ＴＥＮ", "'; --", "x" * 40])
def test_a_wrong_coupon_is_told_at_its_field_and_nothing_is_bought(shopper, code):
    answer = buy(shopper, coupon=code)

    assert answer.context["form"].errors["coupon"]
    assert "This coupon is not valid." in page_of(answer)
    assert not Order.objects.exists()


def test_a_coupon_that_saves_nothing_is_not_used_up(shopper):
    coupon = Coupon.objects.create(code="SENT", kind=Coupon.Kind.FREE_SHIPPING)

    answer = buy(shopper, coupon="SENT")

    assert "saves nothing" in page_of(answer)
    coupon.refresh_from_db()
    assert coupon.used == 0


def test_who_was_wrong_too_often_is_told_so_and_nothing_is_bought_without_the_coupon(shopper):
    Coupon.objects.create(code="TEN", value=Decimal(10))
    for number in range(10):
        shopper.post(CHECKOUT, {**FORM, "coupon": f"GUESS{number}", "do": "update"})

    answer = buy(shopper, coupon="TEN")

    assert "Too many wrong codes" in page_of(answer)
    assert not Order.objects.exists()


def test_codes_that_wait_in_the_session_are_counted_when_the_page_is_opened(client, sku):
    """An empty cart sends the form back before its code is looked up."""
    Coupon.objects.create(code="TEN", value=Decimal(10))
    for number in range(10):
        client.post(CHECKOUT, {**FORM, "coupon": f"GUESS{number}"})
        put_in(client, sku, 1)
        client.get(CHECKOUT)
        client.post("/cart/remove/", {"code": sku.code}, headers={"Origin": "http://testserver"})
    put_in(client, sku, 1)

    assert "Too many wrong codes" in page_of(client.get(CHECKOUT))


def test_a_coupon_for_first_orders_does_not_tell_who_has_ordered(shopper):
    Coupon.objects.create(code="FIRST", value=Decimal(10), first_order_only=True)
    sku = make_sku(on_hand=50)
    for number in range(11):
        order_for({sku: 1}, email=f"a{number}@example.com")

    pages = [
        page_of(
            shopper.post(
                CHECKOUT,
                {**FORM, "coupon": "FIRST", "email": f"a{number}@example.com", "do": "update"},
            )
        )
        for number in range(11)
    ]

    assert all("This coupon is for a first order." in page for page in pages[:10])
    assert "Too many wrong codes" in pages[10]


def test_a_coupon_that_was_used_up_meanwhile_is_confirmed_first(shopper):
    coupon = Coupon.objects.create(code="ONE", value=Decimal(10), most_uses=1)
    hidden = hidden_of(page_of(shopper.post(CHECKOUT, {**FORM, "coupon": "ONE", "do": "update"})))
    order_for({make_sku(): 1}, coupon_code="ONE", email="other@example.com")

    answer = shopper.post(CHECKOUT, {**FORM, **hidden, "coupon": "ONE"})

    assert answer.status_code == 200
    assert "used up" in page_of(answer)
    assert Order.objects.count() == 1
    coupon.refresh_from_db()
    assert coupon.used == 1


def test_the_invoice_may_go_to_another_address(shopper):
    invoice = {f"invoice-{name}": value for name, value in CUSTOMER.items() if name != "email"}
    invoice |= {"invoice-company": "Analytical Engines", "invoice-last_name": "Babbage"}

    buy(shopper, other_invoice="on", **invoice)

    address = Order.objects.get().invoice_address
    assert (address.company, address.last_name) == ("Analytical Engines", "Babbage")


def test_a_mistake_in_the_invoice_address_places_no_order_and_is_shown(shopper):
    answer = buy(shopper, other_invoice="on", **{"invoice-country": "GB"})

    assert answer.context["invoice"].errors["last_name"]
    assert 'href="#id_invoice-last_name"' in page_of(answer)
    assert not Order.objects.exists()


def test_an_invoice_address_that_is_not_wanted_is_not_judged(shopper):
    page = page_of(buy(shopper, city=""))

    assert 'href="#id_city"' in page
    assert "id_invoice-city_error" not in page


def test_what_was_typed_is_there_again_after_a_look_at_the_cart(shopper):
    invoice = {"other_invoice": "on", "invoice-company": "Analytical Engines"}
    shopper.post(CHECKOUT, {**FORM, **invoice, "last_name": "", "message": "Please ring twice"})

    page = page_of(shopper.get(CHECKOUT))

    assert "St James&#x27;s Square" in page
    assert "Please ring twice" in page
    assert "Analytical Engines" in page
    assert re.search(r'name="other_invoice"[^>]* checked', page)


def test_nothing_of_it_is_left_in_the_session_when_it_has_become_an_order(shopper):
    shopper.post(CHECKOUT, {**FORM, "last_name": ""})
    buy(shopper)

    assert "checkout" not in shopper.session


def test_a_member_begins_with_the_address_used_last_and_may_keep_another(shopper, member):
    shopper.force_login(member)
    old = SavedAddress.objects.create(
        user=member, **{k: v for k, v in CUSTOMER.items() if k != "email"}
    )
    put_in(shopper, make_sku(code="MOON"), 1)

    assert "St James&#x27;s Square" in page_of(shopper.get(CHECKOUT))
    buy(shopper, address="1 Dorset Street", keep_address="on")

    assert [one.address for one in SavedAddress.objects.filter(user=member)] == [
        "1 Dorset Street",
        old.address,
    ]


def test_a_member_cannot_fill_in_the_address_of_another(shopper, member, django_user_model):
    other = django_user_model.objects.create_user("eve", "eve@example.com", "pw")
    foreign = SavedAddress.objects.create(
        user=other, **{**{k: v for k, v in CUSTOMER.items() if k != "email"}, "city": "Secretville"}
    )
    shopper.force_login(member)

    for number in (foreign.pk, "x", "", "9" * 40, "-1"):
        answer = shopper.post(CHECKOUT, {"do": f"address:{number}"})
        assert answer.status_code in {200, 302}
        assert "Secretville" not in page_of(answer)


def test_a_payment_that_is_not_offered_is_refused_at_its_field(shopper):
    for payment in ("", "gold", "demo_card"):
        answer = buy(shopper, payment=payment)
        assert answer.context["form"].errors["payment"]
    assert not Order.objects.exists()


def test_an_unpaid_order_can_be_cancelled_by_whoever_has_its_address(shopper, sku):
    order = order_for({sku: 1})

    shopper.post(f"/orders/{order.secret}/cancel/")
    again = shopper.post(f"/orders/{order.secret}/cancel/", follow=True)

    order.refresh_from_db()
    assert order.state == Order.State.CANCELLED
    assert "cannot be cancelled" in page_of(again)


def test_a_paid_order_is_not_cancelled_by_its_shopper(shopper, sku):
    order = paid(order_for({sku: 1}))

    shopper.post(f"/orders/{order.secret}/cancel/")

    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_a_member_sees_their_own_orders_and_nobody_elses(client, member, django_user_model):
    sku = make_sku(make_page("Dune"), on_hand=50)
    mine = order_for({sku: 1}, user=member)
    other = django_user_model.objects.create_user("eve", "eve@example.com", "pw")
    theirs = order_for({sku: 1}, user=other)
    guests = order_for({sku: 1}, email=member.email)
    client.force_login(member)

    page = page_of(client.get("/orders/mine/"))

    assert mine.number in page
    assert theirs.number not in page
    assert guests.number not in page


def test_a_guest_has_no_list_of_orders(client):
    assert client.get("/orders/mine/").status_code == 302


def test_the_list_of_orders_takes_a_constant_number_of_queries(
    client, member, django_assert_max_num_queries
):
    sku = make_sku(make_page("Dune"), on_hand=50)
    for _ in range(12):
        order_for({sku: 1}, user=member)
    client.force_login(member)
    client.get("/orders/mine/")

    with django_assert_max_num_queries(16):
        client.get("/orders/mine/")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["", "pay/", "cancel/", "paid/{key}/"])
def test_an_order_is_reached_by_its_whole_secret_alone(sku, path, method):
    order = order_for({sku: 1})
    stranger = Client()
    path = path.format(key=order.payments.get().key)
    guesses = [
        order.number,
        order.number.replace("-", ""),
        str(order.pk),
        str(order.checkout_token),
        order.secret[:-1],
        order.secret + "A",
        order.secret.upper(),
        "%00",
        "..%2f",
    ]

    for guess in guesses:
        answer = getattr(stranger, method)(f"/orders/{guess}/{path}")
        assert answer.status_code in {404, 405}, (guess, answer.status_code)
    order.refresh_from_db()
    assert order.state == Order.State.PENDING


def test_the_key_of_another_orders_payment_opens_nothing(sku):
    one, other = order_for({sku: 1}), order_for({sku: 1})

    answer = Client().get(f"/orders/{one.secret}/paid/{other.payments.get().key}/")

    assert answer.status_code == 404


@pytest.mark.parametrize("what", ["empties the cart", "leaves another thing in it"])
def test_the_second_click_that_finds_the_cart_of_the_first_emptied_is_the_same_order(
    shopper, sku, monkeypatch, what
):
    """The first one is placed after the second has looked for it, and before it reads the cart."""
    hidden = hidden_of(page_of(shopper.get(CHECKOUT)))
    second, keep = Client(), draft.keep
    second.cookies = shopper.cookies
    if what == "leaves another thing in it":
        put_in(shopper, make_sku(code="MOON", price="1.00"), 1)
        hidden = hidden_of(page_of(shopper.get(CHECKOUT)))

    def first_click(*args):
        monkeypatch.setattr(draft, "keep", keep)
        assert (
            shopper.post(CHECKOUT, {**FORM, **hidden}).url == Order.objects.get().get_absolute_url()
        )
        if what == "leaves another thing in it":
            put_in(shopper, make_sku(code="SUN", price="2.00"), 1)
        return keep(*args)

    monkeypatch.setattr(draft, "keep", first_click)
    answer = second.post(CHECKOUT, {**FORM, **hidden})

    assert Order.objects.count() == 1
    assert answer.url == Order.objects.get().get_absolute_url()
