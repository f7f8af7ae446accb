"""With JavaScript the cart answers with the part that changed; without, with a page."""

import pytest
from django.test import Client

from cart.tests.shopping import (
    BY_SCRIPT,
    SAME_ORIGIN,
    add,
    age,
    cart_page,
    post,
    quantities,
    said,
    words,
)
from catalog.models import Stock
from catalog.tests.factories import make_page, make_sku, set_price

pytestmark = pytest.mark.django_db


@pytest.fixture
def dune():
    return make_sku(make_page("Dune"), "DUNE", price="25.00", on_hand=9, option1="A3")


class TestPanel:
    def test_adding_answers_with_the_line_the_total_and_the_badge(self, client, dune):
        response = add(client, dune, "2", headers=BY_SCRIPT)

        text = words(response)
        assert response.status_code == 200
        assert "<html" not in response.content.decode()
        for expected in ("Added to your cart.", "Dune", "A3", "2 × €25.00", "€50.00", "2 items"):
            assert expected in text
        assert 'data-hx-swap-oob="innerHTML:.header__badge"' in response.content.decode()
        assert quantities(client) == {"DUNE": 2}

    def test_no_message_is_left_for_the_next_page(self, client, dune):
        add(client, dune, headers=BY_SCRIPT)

        assert "Added to your cart" not in cart_page(client)

    @pytest.mark.parametrize(
        ("values", "what_it_says"),
        [
            ({"quantity": "-1"}, "Choose a quantity from 1 to 999."),
            ({"quantity": "1e3"}, "A quantity is a whole number."),
            ({"quantity": "NaN"}, "A quantity is a whole number."),
            ({"code": "NO-SUCH"}, "This cannot be bought at the moment."),
            ({"code": "a\x00b"}, "Choose a variant first."),
            ({"code": ""}, "Choose a variant first."),
        ],
    )
    def test_a_mistake_is_said_in_the_panel(self, client, dune, values, what_it_says):
        response = post(client, "add", BY_SCRIPT, **{"code": "DUNE", "quantity": "1", **values})

        assert response.status_code == 200
        assert what_it_says in words(response)
        assert quantities(client) == {}

    def test_fewer_than_wanted_is_said_in_the_panel(self, client, dune):
        response = add(client, dune, "50", headers=BY_SCRIPT)

        assert "Only 9 of it can be bought." in words(response)
        assert quantities(client) == {"DUNE": 9}

    def test_its_queries_do_not_grow_with_the_cart(
        self, client, dune, django_assert_max_num_queries
    ):
        page = make_page()
        for number in range(12):
            add(client, make_sku(page, f"SKU-{number}", option1=str(number)))
        add(client, dune, headers=BY_SCRIPT)

        with django_assert_max_num_queries(17):
            add(client, dune, headers=BY_SCRIPT)

    def test_the_page_of_a_product_has_the_empty_panel_for_everybody(self, client, dune):
        stranger = Client().get("/prints/dune/")
        add(client, dune)

        assert client.get("/prints/dune/").content == stranger.content
        assert stranger.content.decode().count("data-cart-panel") == 1
        assert not stranger.cookies


class TestCartPage:
    def test_a_quantity_is_changed_in_place(self, client, dune):
        add(client, dune, "2")

        response = post(client, "update", BY_SCRIPT, code="DUNE", quantity="3")

        text = words(response)
        assert "Your cart is changed." in text
        assert "€75.00" in text
        assert "<html" not in response.content.decode()
        assert "data-hx-swap-oob" in response.content.decode()

    def test_a_mistake_leaves_the_cart_and_says_so(self, client, dune):
        add(client, dune, "2")

        response = post(client, "update", BY_SCRIPT, code="DUNE", quantity="0")

        assert "Choose a quantity from 1 to 999." in words(response)
        assert quantities(client) == {"DUNE": 2}

    @pytest.mark.parametrize("headers", [SAME_ORIGIN, BY_SCRIPT], ids=["page", "in place"])
    def test_what_is_removed_can_be_put_back_as_it_was(self, client, dune, headers):
        add(client, dune, "2")
        add(client, make_sku(make_page("Moon"), "MOON"))
        set_price(dune, "30.00")
        before = client.session["cart"]

        response = post(client, "remove", headers, code="DUNE")

        shown = response if headers is BY_SCRIPT else client.get(response.url)
        assert quantities(client) == {"MOON": 1}
        assert "Removed: Dune." in words(shown)
        assert 'action="/cart/undo/"' in shown.content.decode()

        post(client, "undo", headers, code="DUNE")

        assert client.session["cart"] == before
        page = cart_page(client)
        assert page.index("Dune") < page.index("Moon")
        assert "€50.00" in page

    def test_the_focus_goes_to_the_way_back_and_then_to_what_came_back(self, client, dune):
        add(client, dune)

        removed = post(client, "remove", BY_SCRIPT, code="DUNE").content.decode()
        back = post(client, "undo", BY_SCRIPT, code="DUNE").content.decode()

        assert removed.count("autofocus") == back.count("autofocus") == 1
        assert "autofocus" in removed.split("Undo")[0].rsplit("<button", 1)[1]
        assert "autofocus" in back.split("line__title")[1][:80]

    def test_a_page_without_script_takes_the_focus_nowhere(self, client, dune):
        add(client, dune)
        response = post(client, "remove", code="DUNE")

        assert "autofocus" not in client.get(response.url).content.decode()

    def test_a_way_back_is_taken_once(self, client, dune):
        add(client, dune)
        post(client, "remove", code="DUNE")
        post(client, "undo", code="DUNE")
        post(client, "update", code="DUNE", quantity="5")

        response = post(client, "undo", code="DUNE")

        assert said(response)[-1] == "That can no longer be put back."
        assert quantities(client) == {"DUNE": 5}

    def test_what_was_put_in_anew_is_not_doubled_by_the_way_back(self, client, dune):
        add(client, dune, "2")
        post(client, "remove", code="DUNE")
        add(client, dune, "1")

        post(client, "undo", code="DUNE")

        assert quantities(client) == {"DUNE": 1}

    @pytest.mark.parametrize("code", ["", "NO-SUCH", "a\x00b", "x" * 500, "<script>"])
    def test_what_was_never_there_cannot_be_put_back(self, client, dune, code):
        add(client, dune)

        response = post(client, "undo", code=code)

        assert said(response)[-1] == "That can no longer be put back."
        assert quantities(client) == {"DUNE": 1}

    @pytest.mark.parametrize("code", ["NO-SUCH", "a\x00b", "<script>", "x" * 500])
    def test_an_address_with_a_hostile_code_shows_the_cart(self, client, dune, code):
        add(client, dune)

        response = client.get("/cart/", {"removed": code})

        assert response.status_code == 200
        assert "Removed:" not in response.content.decode()

    def test_only_a_few_ways_back_are_kept(self, client):
        page = make_page()
        for number in range(8):
            add(client, make_sku(page, f"SKU-{number}", option1=str(number)))
        for number in range(8):
            post(client, "remove", code=f"SKU-{number}")

        assert set(client.session["cart removed"]) == {f"SKU-{number}" for number in range(3, 8)}

    def test_a_full_cart_takes_nothing_back(self, client, dune, monkeypatch):
        add(client, dune)
        post(client, "remove", code="DUNE")
        monkeypatch.setattr("cart.cart.MAX_LINES", 1)
        add(client, make_sku(code="MOON"))

        response = post(client, "undo", code="DUNE")

        assert said(response)[-1] == "That can no longer be put back."
        assert quantities(client) == {"MOON": 1}

    def test_one_click_changes_to_what_is_left(self, client, dune):
        add(client, dune, "5")
        Stock.objects.update(on_hand=2)

        page = cart_page(client)

        form = page.split("Change to 2")[0].rsplit("<form", 1)[1]
        assert 'action="/cart/update/"' in form
        assert 'name="quantity" value="2"' in form
        post(client, "update", code="DUNE", quantity="2")
        assert "Change to" not in cart_page(client)

    def test_what_is_sold_out_can_only_be_removed(self, client, dune):
        add(client, dune, "5")
        Stock.objects.update(on_hand=0)

        page = cart_page(client)

        assert "sold out. Please remove it." in page
        assert 'action="/cart/update/"' not in page
        assert 'action="/cart/remove/"' in page


class TestHeldPrice:
    def test_it_is_said_until_when_a_price_is_held(self, client, dune):
        add(client, dune, "2")
        set_price(dune, "30.00")

        text = words(client.get("/cart/"))

        assert "This price is held for you until" in text
        assert "UTC. Today’s price is €30.00." in text
        assert "€50.00" in text

    def test_when_it_has_ended_the_old_and_the_new_price_are_said(self, client, dune):
        set_price(dune, "24.00", at=dune.stock.sku.product.created.replace(year=2025))
        add(client, dune, "2")
        set_price(dune, "30.00")
        age(client, "DUNE", hours=25)

        text = words(client.get("/cart/"))

        assert "it was €24.00 and is now €30.00" in text
        assert "held for you" not in text
        assert "€60.00" in text

    def test_of_a_price_that_is_as_it_was_nothing_is_said(self, client, dune):
        add(client, dune, "2")

        text = words(client.get("/cart/"))

        assert "held" not in text
        assert "gone up" not in text

    def test_changing_the_quantity_keeps_the_price(self, client, dune):
        add(client, dune)
        set_price(dune, "30.00")

        add(client, dune)
        post(client, "update", code="DUNE", quantity="4")

        assert "€100.00" in cart_page(client)

    def test_taking_it_out_and_putting_it_in_again_does_not(self, client, dune):
        add(client, dune)
        set_price(dune, "30.00")

        post(client, "remove", code="DUNE")
        add(client, dune)

        assert "€30.00" in cart_page(client)
        assert "held" not in cart_page(client)
