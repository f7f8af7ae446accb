"""The desk and the editor without a mouse, who see at every stop where they are."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from catalog.models import ProductPage, Sku
from catalog.tests.factories import make_page, make_sku
from orders.models import Order
from orders.tests.desk_orders import an_order
from social.tests.accounts import PASSWORD, member
from tests.keyboard import Hands
from tests.test_keyboard import drawn

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]
# Whether its pictures stand in a grid or a list; of what else there is, all can be seen.
UNSEEN_IN_WAGTAIL = "[role=dialog] input[name=layout]"


@pytest.fixture
def tab(open_tab) -> Iterator[Page]:
    tab = open_tab(viewport={"width": 1440, "height": 900})
    yield tab
    # The shop's pages fade into each other, and the browser says that Wagtail's do not.
    tab.complaints[:] = [line for line in tab.complaints if "ViewTransition opt-in" not in line]


@pytest.fixture
def owner():
    expect.set_options(timeout=20_000)
    return member("owner", is_staff=True, is_superuser=True)


def log_in(tab: Page, hands: Hands) -> None:
    tab.goto("/admin/")
    hands.write(tab.get_by_label("Email address or username"), "owner")
    hands.write(tab.get_by_label("Password"), PASSWORD)
    hands.press("Enter")
    expect(tab.get_by_role("navigation", name="Main menu")).to_be_visible()


def test_an_order_is_sent_and_given_back_by_keyboard_alone(tab, owner) -> None:
    tee = make_sku(make_page("Tee"), "TEE", price="12.50")
    order = an_order(Order.State.PAID, quantities={tee: 2})
    an_order(quantities={tee: 1})
    hands = Hands(tab)

    log_in(tab, hands)
    open_the_order(tab, hands, order)
    pack_and_ship(tab, hands)
    give_one_piece_back(tab, hands)
    write_a_note(tab, hands)

    order.refresh_from_db()
    assert order.state == Order.State.SHIPPED
    assert order.amount_refunded == tee.price.amount
    assert order.shipments.get().tracking_number == "JD014600001"
    assert order.events.filter(text="The box was wet.").exists()


def open_the_order(tab: Page, hands: Hands, order: Order) -> None:
    hands.follow(tab.get_by_role("link", name="Orders", exact=True).first)
    rows = tab.locator("main tbody tr")
    expect(rows).to_have_count(2)
    hands.follow(tab.get_by_role("button", name="Filter"))
    hands.follow(tab.get_by_role("button", name="State", exact=True))
    hands.tick(tab.get_by_role("checkbox", name="Paid"))
    expect(rows).to_have_count(1)
    hands.press("Escape")
    hands.follow(rows.get_by_role("link", name=order.number))
    expect(tab.get_by_role("heading", name=order.number).last).to_be_visible()


def pack_and_ship(tab: Page, hands: Hands) -> None:
    main = tab.get_by_role("main")
    hands.follow(main.get_by_role("link", name="Mark as packed"))
    hands.follow(main.get_by_role("button", name="Mark as packed"))
    expect(tab.get_by_text("The order is packed.")).to_be_visible()
    hands.follow(main.get_by_role("link", name="Mark as shipped"))
    hands.write(main.get_by_label("Carrier"), "DHL")
    hands.write(main.get_by_label("Tracking number"), "JD014600001")
    hands.press("Enter")
    expect(tab.get_by_text("The order is shipped.")).to_be_visible()


def give_one_piece_back(tab: Page, hands: Hands) -> None:
    main = tab.get_by_role("main")
    hands.follow(main.get_by_role("link", name="Give money back"))
    hands.write(main.get_by_label("Pieces to give back: TEE"), "3")
    hands.follow(main.get_by_role("button", name="Go on to the sum"))
    hands.write(main.get_by_label("Pieces to give back: TEE"), "1")
    hands.follow(main.get_by_role("button", name="Go on to the sum"))
    hands.follow(main.get_by_role("button", name="Give €12.50 back"))
    expect(main.get_by_text("partly refunded").first).to_be_visible()


def write_a_note(tab: Page, hands: Hands) -> None:
    main = tab.get_by_role("main")
    hands.write(main.get_by_label("Note"), "The box was wet.")
    hands.follow(main.get_by_role("button", name="Add the note"))
    expect(main.get_by_role("listitem").filter(has_text="The box was wet.")).to_be_visible()


def test_a_product_is_put_on_sale_by_keyboard_alone(tab, owner, settings) -> None:
    # It would save at a moment that no test chooses.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    shelf = drawn("Shelf")
    hands = Hands(tab, excused=UNSEEN_IN_WAGTAIL)

    log_in(tab, hands)
    add_a_category(tab, hands)
    add_a_product(tab, hands)

    page = ProductPage.objects.get()
    assert page.live
    category = page.get_parent().specific
    assert (category.title, category.picture) == ("Prints", shelf)
    assert "Drawn by hand." in category.intro
    assert [sku.code for sku in Sku.objects.purchasable()] == ["LIGHTHOUSE"]


def add_a_category(tab: Page, hands: Hands) -> None:
    hands.follow(tab.get_by_role("button", name="Pages", exact=True))
    hands.follow(tab.get_by_role("link", name="Home English"))
    hands.follow(tab.get_by_role("link", name="Add child page").first)
    hands.follow(tab.get_by_role("link", name="Category page").first)
    hands.write(tab.get_by_role("textbox", name="Title*"), "Prints")
    hands.reach(tab.get_by_role("region", name="Introduction").get_by_role("textbox"))
    tab.keyboard.type("Drawn by hand.")
    # Another file than those that are there already needs the window of the operating system.
    hands.follow(tab.get_by_role("button", name="Choose an image"))
    hands.follow(tab.get_by_role("dialog").get_by_role("link", name="Shelf"))
    expect(tab.get_by_role("img", name="Shelf")).to_be_visible()
    publish(tab, hands)


def add_a_product(tab: Page, hands: Hands) -> None:
    hands.follow(tab.get_by_role("link", name="Add a child page to 'Prints'"))
    hands.follow(tab.get_by_role("link", name="Product page").first)
    hands.write(tab.get_by_role("textbox", name="Title*"), "Lighthouse")
    hands.reach(tab.get_by_role("tab", selected=True), key="Shift+Tab")
    hands.reach(tab.get_by_role("tab", name="Variants, prices & stock"), key="ArrowRight")
    hands.write(tab.get_by_label("SKU code"), "LIGHTHOUSE")
    hands.write(tab.get_by_label("Price"), "24.50")
    hands.write(tab.get_by_label("On hand"), "3")
    publish(tab, hands)


def publish(tab: Page, hands: Hands) -> None:
    hands.follow(tab.get_by_role("button", name="More actions"))
    hands.follow(tab.get_by_role("button", name="Publish"))
    expect(tab.get_by_text("created and published")).to_be_visible()
