import pytest

from cart.cart import Cart
from cart.keeping import InSession
from cart.tests.shopping import add, post, quantities, said
from catalog.models import Sku
from catalog.tests.factories import make_category, make_page, make_sku, set_price

pytestmark = pytest.mark.django_db


def test_adding_puts_the_thing_in_and_says_so(client):
    sku = make_sku(make_page("Dune"), "DUNE", price="25.00")

    response = add(client, sku, "2")

    assert response.url == "/cart/"
    assert said(response) == ["Added to your cart."]
    assert quantities(client) == {"DUNE": 2}


def test_the_session_knows_code_quantity_and_moment_and_no_price(client):
    sku = make_sku(code="DUNE", price="25.00")

    add(client, sku)

    assert set(client.session["cart"]["DUNE"]) == {"quantity", "added"}


def test_adding_again_adds_up(client):
    sku = make_sku(code="DUNE")

    add(client, sku, "2")
    add(client, sku, "3")

    assert quantities(client) == {"DUNE": 5}


def test_no_more_than_is_on_hand_goes_in(client):
    sku = make_sku(code="DUNE", on_hand=4)

    add(client, sku, "3")
    response = add(client, sku, "3")

    assert quantities(client) == {"DUNE": 4}
    assert said(response)[-1] == "Only 4 of it can be bought."


@pytest.mark.parametrize(
    "quantity", ["0", "-1", "1000", "999999999999999999999", "1e3", "NaN", "2.5", "", "a", "１２a"]
)
def test_a_hostile_quantity_changes_nothing_and_is_said(client, quantity):
    sku = make_sku(code="DUNE")
    add(client, sku, "2")

    for name in ("add", "update"):
        response = post(client, name, code="DUNE", quantity=quantity)
        assert said(response)[-1].startswith(("Choose a quantity", "A quantity is"))

    assert quantities(client) == {"DUNE": 2}


@pytest.mark.parametrize("code", ["", "NO-SUCH", "x" * 70, "a\x00b", "' OR 1=1 --", "<script>"])
def test_an_unknown_code_changes_nothing_and_is_said(client, code):
    response = post(client, "add", code=code, quantity="1")

    assert quantities(client) == {}
    assert len(said(response)) == 1


def test_what_may_not_be_sold_does_not_go_in(client):
    sku = make_sku(code="DUNE")
    sku.product.pages.get().unpublish()

    response = add(client, sku)

    assert quantities(client) == {}
    assert said(response) == ["This cannot be bought at the moment."]


def test_a_full_cart_takes_no_more_lines(client, monkeypatch):
    monkeypatch.setattr("cart.cart.MAX_LINES", 1)
    page = make_page()
    add(client, make_sku(page, "ONE", option1="1"))

    response = add(client, make_sku(page, "TWO", option1="2"))

    assert quantities(client) == {"ONE": 1}
    assert said(response)[-1] == "Your cart is full."


def test_the_quantity_can_be_changed_and_the_line_removed(client):
    sku = make_sku(code="DUNE")
    add(client, sku, "2")

    post(client, "update", code="DUNE", quantity="5")
    assert quantities(client) == {"DUNE": 5}

    response = post(client, "remove", code="DUNE")
    assert quantities(client) == {}
    assert response.url == "/cart/?removed=DUNE"


@pytest.mark.parametrize("name", ["remove", "update"])
def test_a_form_sent_again_after_removal_changes_nothing_and_says_so(client, name):
    add(client, make_sku(code="DUNE"))
    add(client, make_sku(code="MOON"))
    post(client, "remove", code="DUNE")

    response = post(client, name, code="DUNE", quantity="3")

    assert quantities(client) == {"MOON": 1}
    assert said(response)[-1] == "That was not in your cart any more."


class TestWhereAFormComesFrom:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "same-origin"},
            {"Origin": "http://testserver"},
            {"Referer": "http://testserver/posters/dune/"},
        ],
    )
    def test_the_shops_own_pages_may_send_it(self, headers):
        client = strict_client()
        sku = make_sku()

        assert post(client, "add", headers, code=sku.code, quantity="1").status_code == 302
        assert len(quantities(client)) == 1

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none"},
            {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://["},
            {"Origin": "https://testserver"},
            {"Origin": "http://testserver.evil.example"},
            {"Origin": "http://testserver:81"},
            {"Origin": "http://evil.example", "Referer": "http://testserver/"},
            {"Referer": "http://evil.example/http://testserver/"},
        ],
    )
    def test_nobody_else_may(self, headers):
        client = strict_client()
        sku = make_sku()

        assert post(client, "add", headers, code=sku.code, quantity="1").status_code == 403
        assert quantities(client) == {}

    @pytest.mark.parametrize("name", ["update", "remove"])
    def test_the_forms_of_private_pages_need_their_token(self, name):
        client = strict_client()

        assert post(client, name, code="DUNE", quantity="1").status_code == 403


def strict_client():
    from django.test import Client

    return Client(enforce_csrf_checks=True)


class TestCartPage:
    def page(self, client):
        return client.get("/cart/").content.decode()

    def test_an_empty_cart_says_so_and_creates_no_session(self, client):
        response = client.get("/cart/")

        assert response.status_code == 200
        assert "sessionid" not in response.cookies

    def test_it_shows_the_lines_with_prices_of_today_where_they_are_lower(self, client):
        sku = make_sku(make_page("Dune"), "DUNE", price="35.00", option1="A3")
        add(client, sku, "3")
        set_price(sku, "30.00")

        page = self.page(client)

        assert "Dune" in page
        assert "A3" in page
        assert "€90.00" in page

    @pytest.mark.parametrize(
        ("change", "what_it_says"),
        [
            ("unpublish", "no longer sold"),
            ("delete", "no longer sold"),
            ("retire", "no longer sold"),
            ("sell out", "sold out"),
            ("sell some", "Only 1 left"),
        ],
    )
    def test_a_line_that_cannot_be_bought_is_marked_and_breaks_nothing(
        self, client, change, what_it_says
    ):
        sku = make_sku(make_page("Dune"), "DUNE", price="25.00", on_hand=3)
        add(client, sku, "3")
        add(client, make_sku(make_page("Moon"), "MOON", price="10.00"))
        page = sku.product.pages.get()
        if change == "unpublish":
            page.unpublish()
        if change == "delete":
            page.delete()
        if change == "retire":
            Sku.objects.filter(pk=sku.pk).update(is_active=False)
        if change == "sell out":
            type(sku.stock).objects.filter(sku=sku).update(on_hand=0)
        if change == "sell some":
            type(sku.stock).objects.filter(sku=sku).update(on_hand=1)

        text = self.page(client)

        assert what_it_says in text
        assert "€10.00" in text
        response = client.get("/orders/checkout/")
        assert response.url == "/cart/"

    def test_going_through_it_costs_two_queries_whatever_its_lines(
        self, client, django_assert_num_queries
    ):
        for number in range(12):
            add(client, make_sku(make_page(), f"SKU-{number}", price="5.00"))
        cart = Cart(InSession(client.session))
        assert len(cart) == 12

        # The second asks for how long prices are held.
        with django_assert_num_queries(2):
            facts = [(line.sku.code, line.total, line.can_be_bought) for line in cart]
            total, can_be_bought = cart.total, cart.can_be_bought

        assert len(facts) == 12
        assert total == 60
        assert can_be_bought

    def test_its_queries_do_not_grow_with_its_lines(self, client, django_assert_max_num_queries):
        for number in range(12):
            add(client, make_sku(make_page(), f"SKU-{number}"))

        self.page(client)
        with django_assert_max_num_queries(20):
            self.page(client)

    def test_the_badge_is_small_and_private(self, client, django_assert_max_num_queries):
        add(client, make_sku(code="DUNE", price="25.00"), "2")

        with django_assert_max_num_queries(5):
            response = client.get("/me/")

        text = response.content.decode()
        assert "2" in text
        assert "€50.00" in text
        assert "no-store" in response["Cache-Control"]

    def test_a_line_leads_to_the_product_and_not_to_its_alias(self, client):
        sku = make_sku(make_page("Dune", make_category("Posters")), "DUNE")
        page = sku.product.pages.get()
        page.create_alias(parent=make_category("Gifts"))

        add(client, sku)

        assert 'href="/posters/dune/"' in self.page(client)
