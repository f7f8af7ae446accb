"""The shopper's way in a real browser, with JavaScript and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from orders.models import Order
from orders.tests.factories import CUSTOMER
from tests.shop import Shop

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request, browser: Browser, shop: Shop) -> Iterator[Page]:
    shop.start_redis()
    shop.start_web()
    context = browser.new_context(java_script_enabled=request.param, base_url=shop.url)
    context.scripts = request.param
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda line: line.type == "error" and page.complaints.append(line.text))
    page.on(
        "request",
        lambda sent: sent.url.startswith((shop.url, "data:")) or page.complaints.append(sent.url),
    )
    yield page
    context.close()


def test_a_shopper_buys_a_variant(page: Page, poster) -> None:
    page.goto("/")
    page.get_by_role("navigation").first.get_by_role("link", name="Posters").first.click()
    page.get_by_role("link", name="Dune at dawn").first.click()
    page.get_by_label("A2").check()
    page.get_by_label("Quantity").fill("2")
    page.get_by_role("button", name="Add to cart").click()

    expect(page.get_by_role("main")).to_contain_text("€79.00")
    page.goto("/posters/")
    cart = page.get_by_role("banner").get_by_role("link", name="Cart")
    if page.context.scripts:
        expect(cart).to_contain_text("€79.00")
    cart.click()
    page.get_by_label("Quantity").fill("3")
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_role("main")).to_contain_text("€118.50")
    expect(page.get_by_role("banner")).to_contain_text("€118.50")
    page.get_by_role("link", name="Checkout").click()
    fill_in(page)

    expect(page.get_by_role("main")).to_contain_text(Order.objects.get().number)
    assert Order.objects.get().items.get().quantity == 3
    assert page.complaints == []


def fill_in(page: Page) -> None:
    for field, value in CUSTOMER.items():
        if field == "country":
            page.locator("[name=country]").select_option(value)
        else:
            page.locator(f"main [name={field}]").fill(value)
    page.locator(
        "form[action='/orders/checkout/'] button[type=submit], main form button"
    ).last.click()
