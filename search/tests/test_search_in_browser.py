"""Suggestions by keyboard and filters in place, in a real browser; and both without scripts."""

import pytest
from playwright.sync_api import expect

from catalog.models import Brand
from catalog.tests.factories import make_category, make_page, make_sku

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]


@pytest.fixture
def open_tab(open_tab):
    """Tabs that keep what they asked for."""
    expect.set_options(timeout=30_000)

    def open_one(**options):
        tab = open_tab(**options)
        tab.set_default_timeout(60_000)
        tab.asked = []
        tab.on("request", lambda request: tab.asked.append(request.url))
        return tab

    return open_one


@pytest.fixture
def shop():
    """Five prints by two brands, of which three are of dunes."""
    prints = make_category("Prints")
    brands = [Brand.objects.create(name=name) for name in ("Elm", "Birch")]
    titles = ("Dune at dawn", "Dune at noon", "Dune by night", "Open sea", "Sail")
    for number, title in enumerate(titles):
        page = make_page(title, prints, brand=brands[number % 2])
        make_sku(page, price=str(10 * (number + 1)))


def test_suggestions_are_reached_by_keyboard_alone(open_tab, shop):
    tab = open_tab()
    tab.goto("/")
    field = tab.get_by_role("banner").get_by_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.focus()
    field.press_sequentially("d")
    field.press_sequentially("un", delay=20)
    options = tab.get_by_role("option")
    expect(options.first).to_contain_text("Dune")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(tab.locator("[data-suggest-said]")).to_contain_text("suggestions")
    # One letter is nothing to ask for.
    asked = [url.partition("?")[2] for url in tab.asked if "/suggest/" in url]
    assert asked[-1] == "q=dun"
    assert "q=d" not in asked

    field.press("ArrowUp")
    last = options.last.get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", last)
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("dun")
    expect(field).to_be_focused()
    field.press("ArrowDown")
    address = options.first.get_attribute("href")
    field.press("Enter")
    tab.wait_for_url(f"**{address}")
    assert tab.complaints == []


def test_enter_without_a_choice_searches_for_what_was_written(open_tab, shop):
    tab = open_tab()
    tab.goto("/")
    field = tab.get_by_role("banner").get_by_role("combobox")
    field.fill("sea")
    expect(tab.get_by_role("option").first).to_be_visible()
    field.press("Enter")
    tab.wait_for_url("**/search/?q=sea")
    expect(tab.get_by_role("main")).to_contain_text("1 product")


def test_a_filter_is_followed_without_a_new_page(open_tab, shop):
    tab = open_tab()
    tab.goto("/search/?q=dune")
    tab.evaluate("window.isTheSamePage = true")
    box = tab.get_by_role("checkbox", name="Birch")
    box.check()
    tab.wait_for_url("**/search/?q=dune&brand=*")
    expect(tab.locator("[data-browse-said]")).to_have_text("1 product")
    expect(tab.locator(".card")).to_have_count(1)
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    tab.get_by_label("Sort by").select_option("price")
    tab.wait_for_url("**sort=price*")

    tab.get_by_role("link", name="Brand: Birch").click()
    expect(tab.locator(".card")).to_have_count(3)
    # What was clicked on is gone: the number of products is where to go on.
    expect(tab.locator("[data-browse-count]")).to_be_focused()
    tab.go_back()
    expect(tab.locator(".card")).to_have_count(1)
    expect(box).to_be_checked()
    tab.go_back()
    tab.go_back()
    expect(tab.locator(".card")).to_have_count(3)
    assert tab.url.endswith("/search/?q=dune")
    assert tab.evaluate("window.isTheSamePage") is True
    # What htmx gave up, as somebody went back twice, it writes down as an error.
    given_up = ("htmx:afterRequest", "htmx:sendAbort")
    tab.complaints[:] = [line for line in tab.complaints if not line.startswith(given_up)]
    assert tab.complaints == []


def test_a_price_is_narrowed_down_on_a_phone_with_the_filters_left_open(open_tab, shop):
    tab = open_tab(viewport={"width": 390, "height": 844})
    tab.goto("/prints/")
    tab.get_by_text("Filter", exact=True).click()
    tab.get_by_label("From").fill("25")
    tab.get_by_label("From").press("Enter")
    tab.wait_for_url("**/prints/?price_from=25")
    expect(tab.locator("[data-browse-said]")).to_have_text("3 products")
    expect(tab.get_by_label("From")).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_without_scripts_all_of_it_is_forms_and_links(open_tab, shop):
    tab = open_tab(java_script_enabled=False)
    tab.goto("/")
    tab.get_by_role("banner").get_by_role("searchbox").fill("dune")
    tab.get_by_role("banner").get_by_role("searchbox").press("Enter")
    tab.wait_for_url("**/search/?q=dune")
    tab.get_by_role("checkbox", name="Birch").check()
    tab.get_by_role("button", name="Show products").click()
    expect(tab.locator(".card")).to_have_count(1)
    tab.get_by_label("Sort by").select_option("price")
    tab.get_by_role("button", name="Sort").click()
    tab.wait_for_url("**sort=price*")
    tab.get_by_role("link", name="Brand: Birch").click()
    expect(tab.locator(".card")).to_have_count(3)
