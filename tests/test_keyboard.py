"""Shoppers without a mouse, who see at every stop where they are."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image
from playwright.sync_api import Page, expect

from catalog.models import Brand, Picture, ProductOption, ProductPicture
from catalog.tests.factories import make_category, make_page, make_sku
from home.models import Menu
from orders.models import Order, ShippingMethod
from orders.payments import demo_card
from orders.tests.factories import CUSTOMER
from social.models import Like, User
from social.tests.accounts import PASSWORD, link, mails
from tests.keyboard import Hands

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]
DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}}
GOOD, DECLINED, *_OTHERS = demo_card.CARDS


@pytest.fixture
def prints(settings):
    """Prints of two brands, of which one comes in two sizes and hangs in three pictures."""
    # Where the demo card is offered.
    settings.DEBUG = True
    expect.set_options(timeout=20_000)
    posters = make_category("Posters")
    landscapes = make_category("Landscapes", posters)
    elm, birch = (Brand.objects.create(name=name) for name in ("Elm", "Birch"))
    make_sku(make_page("Dune in fog", landscapes, brand=birch), "FOG", price="15.00")
    pictures = [ProductPicture(image=drawn(title), alt_text=title) for title in ("Front", "Room")]
    dune = make_page(
        "Dune at dawn",
        landscapes,
        brand=elm,
        gallery=pictures,
        options=[ProductOption(name="Size")],
    )
    link = {"page": landscapes, "title": "Landscapes"}
    Menu.objects.create(
        title="Main",
        entries=[("entry", {"title": "Posters", "page": posters, "links": [link]})],
        locale=posters.locale,
    )
    make_sku(dune, "DUNE-A3", price="25.00", option1="A3", on_hand=9)
    make_sku(dune, "DUNE-A2", price="39.50", option1="A2", on_hand=9)


def drawn(title: str) -> Picture:
    file = BytesIO()
    Image.effect_noise((60, 80), 50).save(file, "PNG")
    return Picture.objects.create(title=title, file=ContentFile(file.getvalue(), f"{title}.png"))


def test_a_shopper_buys_by_keyboard_alone(open_tab, prints) -> None:
    tab = open_tab(**DESK)
    hands = Hands(tab)
    tab.goto("/")

    skip_to_the_content(tab, hands)
    go_to_the_landscapes(tab, hands)
    narrow_down_and_widen(tab, hands)
    choose_a_size(tab, hands)
    look_at_the_pictures(tab, hands)
    put_it_into_the_cart(tab, hands)
    change_the_cart(tab, hands)
    order_at_the_second_try(tab, hands)
    pay_at_the_second_try(tab, hands)

    order = Order.objects.get()
    assert order.state == Order.State.PAID
    assert order.items.get().quantity == 2


def skip_to_the_content(tab: Page, hands: Hands) -> None:
    hands.press("Tab")
    assert "Skip to the content" in hands.see()
    hands.press("Enter")
    expect(tab.get_by_role("main")).to_be_focused()
    hands.press("Tab")
    assert tab.evaluate("document.activeElement.closest('main') !== null")


def go_to_the_landscapes(tab: Page, hands: Hands) -> None:
    menu = tab.get_by_role("navigation", name="Shop")
    posters = menu.locator("summary").filter(has_text="Posters")
    hands.follow(posters, key="Shift+Tab")
    landscapes = menu.get_by_role("link", name="Landscapes")
    expect(landscapes).to_be_visible()
    hands.press("Tab")
    hands.press("Escape")
    expect(landscapes).to_be_hidden()
    expect(posters).to_be_focused()
    hands.press("Enter")
    hands.follow(landscapes)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Landscapes")


def narrow_down_and_widen(tab: Page, hands: Hands) -> None:
    elm = tab.get_by_role("checkbox", name="Elm")
    hands.tick(elm)
    expect(tab.locator("[data-browse-said]")).to_have_text("1 product")
    expect(elm).to_be_focused()
    expect(elm).to_be_checked()
    hands.follow(tab.get_by_role("link", name="Brand: Elm"))
    expect(tab.locator(".card")).to_have_count(2)
    # The link is gone; the number of products is where to go on.
    expect(tab.locator("[data-browse-count]")).to_be_focused()
    hands.follow(tab.get_by_role("main").get_by_role("link", name="Dune at dawn"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Dune at dawn")


def choose_a_size(tab: Page, hands: Hands) -> None:
    price = tab.locator(".product__price [data-chosen-price]")
    expect(price).to_have_text("€25.00")
    sizes = tab.get_by_role("group", name="Size")
    hands.reach(sizes.get_by_label("A3"))
    hands.press("ArrowRight")
    expect(sizes.get_by_label("A2")).to_be_focused()
    hands.see()
    expect(price).to_have_text("€39.50")


def look_at_the_pictures(tab: Page, hands: Hands) -> None:
    links = tab.locator("[data-gallery-link]")
    hands.reach(links.nth(1), key="Shift+Tab")
    hands.reach(links.nth(0), key="Shift+Tab")
    hands.press("ArrowRight")
    expect(links.nth(1)).to_be_focused()
    hands.press("Enter")
    enlarged = tab.get_by_role("dialog", name="Enlarged picture")
    expect(enlarged.get_by_role("img", name="Room")).to_be_visible()
    hands.follow(enlarged.get_by_role("button", name="Previous picture"))
    expect(enlarged.get_by_role("img", name="Front")).to_be_visible()
    hands.press("Escape")
    expect(enlarged).to_be_hidden()
    expect(links.nth(0)).to_be_focused()
    hands.see()


def put_it_into_the_cart(tab: Page, hands: Hands) -> None:
    add = tab.locator("#buy").get_by_role("button", name="Add to cart")
    hands.follow(add)
    panel = tab.get_by_role("dialog", name="Your cart")
    expect(panel).to_contain_text("€39.50")
    # Nothing behind it can be reached.
    for _stop in range(6):
        hands.press("Tab")
        hands.see()
        assert tab.evaluate("document.activeElement.closest('dialog') || !document.hasFocus()")
    hands.press("Escape")
    expect(panel).to_be_hidden()
    expect(add).to_be_focused()
    hands.see()
    hands.follow(add)
    hands.follow(panel.get_by_role("link", name="To the cart"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Your cart")


def change_the_cart(tab: Page, hands: Hands) -> None:
    total = tab.locator(".summary__amount")
    hands.write(tab.get_by_label("Quantity of Dune at dawn"), "3")
    hands.press("Enter")
    expect(total).to_have_text("€118.50")
    hands.follow(tab.get_by_role("button", name="Remove"))
    undo = tab.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    hands.see()
    hands.press("Enter")
    expect(total).to_have_text("€118.50")
    hands.write(tab.get_by_label("Quantity of Dune at dawn"), "2", key="Shift+Tab")
    hands.follow(tab.get_by_role("button", name="Change"))
    expect(total).to_have_text("€79.00")
    hands.follow(tab.get_by_role("link", name="To the checkout"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Checkout")


def order_at_the_second_try(tab: Page, hands: Hands) -> None:
    typed = {**CUSTOMER, "postal_code": "12345"}
    for name in ("email", "first_name", "last_name", "address", "postal_code", "city"):
        hands.write(tab.locator(f"main [name={name}]"), typed[name])
    hands.choose(tab.locator("[name=country]"), "United Kingdom")
    expect(tab.locator("[name=country]")).to_have_value("GB")
    hands.pick(tab.get_by_role("radio", name="Demo card"))
    hands.follow(tab.get_by_role("button", name="Buy now"))

    summary = tab.get_by_role("alert")
    expect(summary).to_be_focused()
    hands.see()
    hands.follow(summary.get_by_role("link", name="Postal code"))
    expect(tab.locator("[name=postal_code]")).to_be_focused()
    hands.see()
    hands.write(tab.locator("[name=postal_code]"), CUSTOMER["postal_code"])
    hands.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Pay with a demo card")


def pay_at_the_second_try(tab: Page, hands: Hands) -> None:
    number = tab.get_by_label("Card number")
    hands.write(number, DECLINED)
    hands.press("Enter")
    expect(tab.get_by_role("main")).to_contain_text("payment was refused")
    hands.follow(tab.get_by_role("button", name="Pay by: Demo card"))
    hands.write(number, GOOD)
    hands.follow(tab.get_by_role("button", name="Pay", exact=True))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Thank you for your order")
    expect(tab.get_by_role("main")).to_contain_text(Order.objects.get().number)


def test_what_changes_the_total_keeps_the_focus(open_tab, prints) -> None:
    for name, price in (("Post", 5), ("Express", 12)):
        ShippingMethod.objects.create(name=name, price=price, countries=["DE", "GB"])
    tab = open_tab(**DESK)
    hands = Hands(tab)
    tab.goto("/posters/landscapes/dune-at-dawn/")
    hands.follow(tab.get_by_role("button", name="Add to cart").first)
    hands.follow(tab.get_by_role("dialog").get_by_role("link", name="To the cart"))
    hands.follow(tab.get_by_role("link", name="To the checkout"))
    buy = tab.get_by_role("button", name="Buy now")

    country = tab.locator("[name=country]")
    hands.choose(country, "Germany")
    expect(buy).to_contain_text("€30.00")
    expect(country).to_be_focused()
    express = tab.get_by_role("radio", name="Express")
    hands.pick(express)
    expect(buy).to_contain_text("€37.00")
    expect(express).to_be_focused()
    hands.see()
    hands.write(tab.get_by_label("Coupon"), "NOTHING")
    apply = tab.get_by_role("button", name="Apply")
    hands.follow(apply)
    expect(tab.locator("#id_coupon_error")).to_be_visible()
    expect(apply).to_be_focused()
    hands.see()


def test_the_newsletter_is_asked_for_and_the_answer_has_the_focus(open_tab, prints) -> None:
    tab = open_tab(**DESK)
    hands = Hands(tab)
    tab.goto("/")
    signup = tab.locator("#signup-footer")

    hands.write(signup.get_by_label("Email"), "ada@")
    hands.press("Enter")
    expect(signup.get_by_label("Email")).to_have_attribute("aria-invalid", "true")
    hands.write(signup.get_by_label("Email"), "ada@example.com")
    hands.follow(signup.get_by_role("button", name="Get the newsletter"))
    expect(signup.get_by_role("status")).to_contain_text("Thank you.")
    expect(signup).to_be_focused()
    hands.see()


def test_without_javascript_a_shopper_buys_by_keyboard_alone(open_tab, prints) -> None:
    tab = open_tab(java_script_enabled=False, **DESK)
    hands = Hands(tab)
    main = tab.get_by_role("main")
    tab.goto("/")

    skip_to_the_content(tab, hands)
    hands.follow(tab.locator("#menu summary", has_text="Posters"), key="Shift+Tab")
    hands.follow(tab.get_by_role("link", name="Landscapes").first)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Landscapes")
    hands.tick(tab.get_by_role("checkbox", name="Elm"))
    hands.follow(tab.get_by_role("button", name="Show products"))
    expect(tab.locator(".card")).to_have_count(1)
    hands.follow(tab.get_by_role("link", name="Brand: Elm"))
    expect(tab.locator(".card")).to_have_count(2)
    hands.follow(main.get_by_role("link", name="Dune at dawn"))

    hands.reach(tab.get_by_role("link", name="Front"))
    hands.reach(tab.get_by_role("link", name="Room"))
    hands.pick(tab.get_by_role("radio", name="A2"))
    hands.follow(tab.get_by_role("button", name="Add to cart"))
    expect(main).to_contain_text("€39.50")
    hands.write(tab.get_by_label("Quantity of Dune at dawn"), "2")
    hands.follow(tab.get_by_role("button", name="Change"))
    expect(tab.locator(".summary__amount")).to_have_text("€79.00")
    hands.follow(tab.get_by_role("button", name="Remove"))
    hands.follow(tab.get_by_role("button", name="Undo"))
    hands.follow(tab.get_by_role("link", name="To the checkout"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Checkout")
    order_at_the_second_try(tab, hands)
    pay_at_the_second_try(tab, hands)

    assert Order.objects.get().state == Order.State.PAID


def test_a_shopper_on_a_small_window_finds_and_sorts_by_keyboard_alone(open_tab, prints) -> None:
    tab = open_tab(**PHONE)
    hands = Hands(tab)
    tab.goto("/")

    hands.follow(tab.get_by_role("button", name="Menu", exact=True))
    hands.follow(tab.locator("#menu summary", has_text="Posters"))
    hands.follow(tab.get_by_role("link", name="Everything in Posters"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Posters")
    hands.follow(tab.locator("summary", has_text="Filter"))
    hands.write(tab.get_by_label("From"), "20")
    hands.press("Enter")
    expect(tab.locator("[data-browse-said]")).to_have_text("1 product")
    hands.follow(tab.get_by_role("main").get_by_role("link", name="Dune at dawn"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Dune at dawn")
    hands.reach(tab.get_by_role("contentinfo").get_by_role("link").last)


def test_what_is_searched_for_is_found_by_keyboard_alone(open_tab, prints) -> None:
    tab = open_tab(**DESK)
    hands = Hands(tab)
    field = tab.get_by_role("banner").get_by_role("combobox")
    suggestions = tab.get_by_role("option")
    tab.goto("/")

    hands.write(field, "dawn")
    expect(suggestions.first).to_contain_text("Dune at dawn")
    hands.press("ArrowDown")
    expect(suggestions.first).to_have_attribute("aria-selected", "true")
    expect(suggestions.first).to_have_css("outline-style", "solid")
    hands.press("Escape")
    expect(suggestions.first).to_be_hidden()
    expect(field).to_be_focused()
    hands.press("ArrowDown")
    hands.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Dune at dawn")

    hands.write(field, "dune")
    hands.press("Enter")
    tab.wait_for_url("**/search/?q=dune")
    titles = tab.get_by_role("main").locator(".card__link")
    expect(titles).to_have_count(2)
    order = tab.get_by_label("Sort by")
    for sort, dearest in (("price", 1), ("-price", 0)):
        hands.reach(order)
        # The next one whose name begins so.
        hands.press("P")
        tab.wait_for_url(f"**&sort={sort}")
        expect(titles.nth(dearest)).to_have_text("Dune at dawn")
        expect(order).to_be_focused()
        hands.see()
    hands.follow(titles.first)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Dune at dawn")


def test_a_member_likes_orders_and_cancels_by_keyboard_alone(open_tab, prints) -> None:
    tab = open_tab(**DESK)
    hands = Hands(tab)
    tab.goto("/")

    sign_up(tab, hands)
    like(tab, hands)
    keep_an_address(tab, hands)
    order_what_is_liked(tab, hands)
    cancel_the_order(tab, hands)

    ada = User.objects.get()
    assert Like.objects.get().user == ada
    assert Order.objects.get(user=ada).state == Order.State.CANCELLED


def sign_up(tab: Page, hands: Hands) -> None:
    hands.follow(tab.get_by_role("banner").get_by_role("link", name="Log in"))
    heading = tab.get_by_role("heading", level=1)
    expect(heading).to_have_text("Log in")
    main = tab.get_by_role("main")
    hands.follow(main.get_by_role("link", name="Sign up"))
    expect(heading).to_have_text("Sign up")
    hands.write(main.get_by_label("Email address"), "ada@example.com")
    hands.write(main.get_by_label("Username"), "ada")
    hands.write(main.get_by_label("Password"), PASSWORD)
    hands.press("Enter")
    expect(heading).to_contain_text("look into your mail")
    [message] = mails()
    tab.goto(link(message))
    hands.follow(tab.get_by_role("button", name="Confirm my address"))
    # Back where they came from, and known there.
    expect(tab.get_by_role("banner").get_by_role("link", name="ada")).to_be_visible()


def like(tab: Page, hands: Hands) -> None:
    go_to_the_landscapes(tab, hands)
    hands.follow(tab.get_by_role("main").get_by_role("link", name="Dune at dawn"))
    heart = tab.get_by_role("button", name="Like")
    expect(tab.get_by_role("banner").get_by_role("link", name="ada")).to_be_visible()
    hands.follow(heart)
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart).to_be_focused()
    hands.see()


def keep_an_address(tab: Page, hands: Hands) -> None:
    hands.follow(tab.get_by_role("banner").get_by_role("link", name="ada"), key="Shift+Tab")
    main = tab.get_by_role("main")
    hands.follow(main.get_by_role("link", name="Addresses"))
    hands.follow(main.get_by_role("link", name="Add an address"))
    hands.follow(main.get_by_role("button", name="Save the address"))
    expect(main.get_by_role("alert")).to_be_focused()
    hands.see()
    for name in ("first_name", "last_name", "address", "postal_code", "city"):
        hands.write(main.locator(f"[name={name}]"), CUSTOMER[name])
    hands.choose(main.locator("[name=country]"), "United Kingdom")
    hands.follow(main.get_by_role("button", name="Save the address"))
    expect(main).to_contain_text("Ada Lovelace")


def order_what_is_liked(tab: Page, hands: Hands) -> None:
    main = tab.get_by_role("main")
    hands.follow(main.get_by_role("link", name="Liked products"), key="Shift+Tab")
    hands.follow(main.get_by_role("link", name="Dune at dawn"))
    hands.follow(main.get_by_role("button", name="Add to cart").first)
    hands.follow(tab.get_by_role("dialog").get_by_role("link", name="To the cart"))
    hands.follow(main.get_by_role("link", name="To the checkout"))
    expect(main.locator("[name=city]")).to_have_value("London")
    hands.pick(main.get_by_role("radio", name="Bank transfer"))
    hands.follow(main.get_by_role("button", name="Buy now"))
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Your order waits")


def cancel_the_order(tab: Page, hands: Hands) -> None:
    main = tab.get_by_role("main")
    hands.follow(tab.get_by_role("banner").get_by_role("link", name="ada"))
    hands.follow(main.get_by_role("link", name="Orders"))
    hands.follow(main.get_by_role("link", name=Order.objects.get().number))
    hands.follow(main.locator("summary", has_text="Cancel this order"))
    hands.follow(main.get_by_role("button", name="Yes, cancel it"))
    expect(tab.get_by_role("heading", level=1)).to_contain_text("cancelled")
