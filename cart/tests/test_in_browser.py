"""The cart panel and the cart page in a real browser, with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from cart.tests.shopping import PASSWORD, member
from catalog.tests.factories import make_page, make_sku

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def dune():
    return make_sku(make_page("Dune"), "DUNE", price="25.00", on_hand=9)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_adding_opens_a_panel_that_can_be_used_and_left_by_keyboard(open_tab, dune, size):
    tab = open_tab(viewport=size)
    tab.goto("/prints/dune/")
    panel, button = tab.get_by_role("dialog"), tab.get_by_role("button", name="Add to cart")

    button.focus()
    tab.keyboard.press("Enter")

    expect(panel).to_contain_text("Added to your cart.")
    expect(panel.get_by_role("status")).to_have_text("Added to your cart.")
    expect(panel.get_by_role("heading")).to_be_focused()
    expect(tab.locator(".header__badge")).to_contain_text("€25.00")
    assert tab.url.endswith("/prints/dune/")
    box = panel.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('dialog') !== null")

    tab.keyboard.press("Escape")

    expect(panel).to_be_hidden()
    expect(button).to_be_focused()


def test_a_mistake_is_said_in_the_panel_and_nothing_is_put_in(open_tab, dune):
    tab = open_tab()
    tab.goto("/prints/dune/")
    tab.locator("[name=quantity]").evaluate("field => (field.type = 'text')")
    tab.locator("[name=quantity]").fill("1e3")

    tab.get_by_role("button", name="Add to cart").click()

    expect(tab.get_by_role("dialog")).to_contain_text("A quantity is a whole number.")
    tab.goto("/cart/")
    expect(tab.get_by_role("main")).to_contain_text("Your cart is empty")


def test_a_shop_that_does_not_answer_is_said_in_the_panel(open_tab, dune):
    tab = open_tab()
    tab.goto("/prints/dune/")
    tab.route("**/cart/add/", lambda route: route.abort())

    tab.get_by_role("button", name="Add to cart").click()

    expect(tab.get_by_role("dialog")).to_contain_text("That did not work.")
    # The browser's own words about what was aborted, and htmx's.
    tab.complaints.clear()


def test_quantity_and_removal_in_place_with_a_way_back(open_tab, dune):
    tab = open_tab()
    tab.goto("/prints/dune/")
    tab.get_by_role("button", name="Add to cart").click()
    tab.get_by_role("link", name="To the cart").click()
    tab.evaluate("window.isTheSamePage = true")

    tab.get_by_label("Quantity of Dune").fill("3")
    tab.get_by_role("button", name="Change").click()
    expect(tab.locator(".summary__amount")).to_have_text("€75.00")
    expect(tab.locator(".header__badge")).to_contain_text("€75.00")
    expect(tab.get_by_role("button", name="Change")).to_be_focused()

    tab.get_by_role("button", name="Remove").click()
    expect(tab.get_by_role("button", name="Undo")).to_be_focused()
    expect(tab.get_by_role("main")).to_contain_text("Your cart is empty")
    expect(tab.locator("p[data-cart-said]")).to_have_text("Removed: Dune.")

    tab.get_by_role("button", name="Undo").click()
    expect(tab.locator(".summary__amount")).to_have_text("€75.00")
    expect(tab.locator("h2.line__title")).to_be_focused()
    assert tab.evaluate("window.isTheSamePage") is True


def test_without_javascript_all_of_it_works_page_by_page(open_tab, dune):
    tab = open_tab(java_script_enabled=False)
    tab.goto("/prints/dune/")

    tab.get_by_role("button", name="Add to cart").click()
    expect(tab.get_by_role("main")).to_contain_text("Added to your cart.")
    tab.get_by_label("Quantity of Dune").fill("3")
    tab.get_by_role("button", name="Change").click()
    expect(tab.locator(".summary__amount")).to_have_text("€75.00")
    tab.get_by_role("button", name="Remove").click()
    expect(tab.get_by_role("main")).to_contain_text("Your cart is empty")
    tab.get_by_role("button", name="Undo").click()
    expect(tab.locator(".summary__amount")).to_have_text("€75.00")


def test_a_members_cart_moves_from_one_browser_to_the_next(open_tab, dune, django_user_model):
    ada = member(django_user_model)
    phone, desk = open_tab(viewport=PHONE), open_tab(viewport=DESK)
    phone.goto("/prints/dune/")
    phone.get_by_role("button", name="Add to cart").click()
    expect(phone.get_by_role("dialog")).to_contain_text("Added to your cart.")

    for tab in (phone, desk):
        tab.goto("/cart/")
        tab.get_by_role("link", name="Log in to find your cart").click()
        tab.get_by_label("Username").fill(ada.username)
        tab.get_by_label("Password").fill(PASSWORD)
        tab.get_by_role("button", name="Log in").click()
        expect(tab.locator(".summary__amount")).to_have_text("€25.00")

    desk.get_by_role("button", name="Log out").click()
    desk.goto("/cart/")
    expect(desk.get_by_role("main")).to_contain_text("Your cart is empty")
    left = {cookie["name"] for cookie in desk.context.cookies()}
    assert not left & {"sessionid", "recently_viewed"}
