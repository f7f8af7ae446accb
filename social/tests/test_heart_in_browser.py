"""The heart and the wish lists in a real browser, with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from cart.tests.shopping import PASSWORD, member
from catalog.models import Product
from catalog.tests.factories import make_page, make_sku
from social.models import Like, WishList

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def open_tab(browser, live_server):
    def open_tab(**options):
        context = browser.new_context(base_url=live_server.url, viewport=PHONE, **options)
        return context.new_page()

    return open_tab


@pytest.fixture
def dune():
    return make_sku(make_page("Dune"), "DUNE", price="25.00", on_hand=9)


@pytest.fixture
def ada(django_user_model):
    return member(django_user_model)


def log_in(tab, user):
    tab.get_by_label("Email address or username").fill(user.username)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("main").get_by_role("button", name="Log in").click()


def width_to_scroll(tab):
    return tab.evaluate("document.documentElement.scrollWidth - innerWidth")


def test_with_javascript_all_happens_in_place(open_tab, dune, ada):
    tab = open_tab()
    tab.goto("/prints/dune/")
    expect(tab.locator(".header__member")).to_contain_text("Log in")
    tab.get_by_role("button", name="Like").click()
    tab.wait_for_url("**/account/login/?next=*")
    log_in(tab, ada)

    # Liked by the click before the login; the public page learns of it by its private fragment.
    tab.wait_for_url("**/prints/dune/")
    heart = tab.get_by_role("button", name="Like")
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart).to_contain_text("1")
    expect(tab.locator(".header__member")).to_contain_text("ada")
    tab.evaluate("window.isTheSamePage = true")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "false")
    expect(heart).to_be_focused()
    assert not Like.objects.exists()
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")

    wish = tab.get_by_role("button", name="Add to wish list")
    wish.click()
    expect(tab.locator("#heart")).to_contain_text("“Dune” is on your list “My wish list” now.")
    expect(wish).to_have_attribute("aria-pressed", "true")
    tab.get_by_role("button", name="Add to cart").click()
    expect(tab.get_by_role("dialog")).to_contain_text("Added to your cart.")
    assert tab.evaluate("window.isTheSamePage") is True
    assert width_to_scroll(tab) == 0
    assert Product.objects.get().total_likes == 1
    assert WishList.objects.get().items.count() == 1


def test_where_no_answer_comes_the_form_is_sent_as_a_form(open_tab, dune, ada):
    tab = open_tab()
    tab.goto("/account/login/?next=/prints/dune/")
    log_in(tab, ada)
    tab.wait_for_url("**/prints/dune/")
    expect(tab.locator(".header__member")).to_contain_text("ada")
    tab.route(
        "**/account/likes/add/",
        lambda route: route.abort() if "hx-request" in route.request.headers else route.continue_(),
    )

    tab.get_by_role("button", name="Like").click()

    tab.wait_for_url("**/account/likes/")
    expect(tab.get_by_role("main")).to_contain_text("You like “Dune” now.")


def test_without_javascript_all_of_it_works_page_by_page(open_tab, dune, ada):
    tab = open_tab(java_script_enabled=False)
    tab.goto("/prints/dune/")
    tab.get_by_role("button", name="Like").click()
    log_in(tab, ada)
    tab.wait_for_url("**/prints/dune/")
    assert Like.objects.get().user == ada

    tab.get_by_role("button", name="Add to wish list").click()
    main = tab.get_by_role("main")
    expect(main).to_contain_text("“Dune” is on your list “My wish list” now.")
    assert width_to_scroll(tab) == 0
    tab.get_by_role("button", name="Take off").click()
    expect(main).to_contain_text("Nothing on this list yet")
    tab.get_by_role("button", name="Undo").click()
    tab.get_by_role("button", name="Share it by link").click()
    link = tab.get_by_label("Link to this list").input_value()
    stranger = open_tab(java_script_enabled=False)
    stranger.goto("/lists/" + link.split("/lists/")[1])
    expect(stranger.get_by_role("main")).to_contain_text("Dune")
    expect(stranger.get_by_role("main")).not_to_contain_text("ada")
    tab.get_by_role("button", name="Make it private").click()
    assert stranger.reload().status == 404
    tab.get_by_role("button", name="Move to cart").click()
    expect(main).to_contain_text("“Dune” has moved from your list to your cart.")

    tab.get_by_role("banner").get_by_role("link", name="ada").click()
    tab.goto("/account/likes/")
    tab.get_by_role("button", name="Unlike").click()
    expect(main).to_contain_text("You no longer like: Dune.")
    tab.get_by_role("button", name="Undo").click()
    expect(tab.locator(".card__link")).to_have_text("Dune")
    assert width_to_scroll(tab) == 0
