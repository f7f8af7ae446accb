"""The tab "Variants, prices & stock" in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from catalog.models import ProductOption, ProductPage, Sku, Stock
from catalog.tests.factories import make_category, make_page, make_sku, set_price

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]
SENT_WITH_THE_PAGE = """() => new URLSearchParams(
    new FormData(document.getElementById("page-edit-form"))).toString()"""


@pytest.fixture
def tee(editor):
    page = make_page("Tee", make_category())
    page.options = [ProductOption(name="Size")]
    page.save_revision().publish()
    make_sku(page, "TEE-S", option1="Small", price="10", on_hand=5)
    make_sku(page, "TEE-L", option1="Large", price="12", on_hand=5)
    return page


def open_tab(tab, address):
    tab.goto(address)
    tab.get_by_role("tab", name="Variants, prices & stock").click()


def box(tab, name, code="TEE-S"):
    return tab.locator(f'tr[data-code="{code}"] [data-name="{name}"]')


def test_facts_are_saved_at_once_and_the_page_around_them_knows_nothing_of_it(tab, tee):
    drafts = tee.revisions.count()
    tab.goto(reverse("wagtailadmin_pages:edit", args=[tee.pk]))
    before = tab.evaluate(SENT_WITH_THE_PAGE)
    tab.get_by_role("tab", name="Variants, prices & stock").click()

    box(tab, "price").fill("11.5")
    box(tab, "price").press("Enter")
    expect(tab.get_by_text("TEE-S: Price (EUR) 10.00 → 11.50")).to_be_visible()
    expect(box(tab, "price", "TEE-L")).to_be_focused()
    expect(box(tab, "price")).to_have_value("11.50")
    box(tab, "on_hand").fill("-1")
    box(tab, "low_at").fill("2")
    box(tab, "low_at").blur()
    expect(tab.get_by_text("Stock cannot be below zero.")).to_be_visible()
    expect(box(tab, "on_hand")).to_have_value("-1")
    box(tab, "on_hand").fill("7")
    box(tab, "on_hand").blur()
    expect(tab.get_by_text("On hand 5 → 7")).to_be_visible()
    expect(tab.get_by_text("Stock cannot be below zero.")).to_have_count(0)

    assert Sku.objects.with_prices().get(code="TEE-S").price.amount == 11.5
    stock = Stock.objects.get(sku__code="TEE-S")
    assert (stock.on_hand, stock.low_at) == (7, 2)
    # Long enough for the page's autosave, had anything called for it.
    tab.wait_for_timeout(4000)
    assert tab.evaluate(SENT_WITH_THE_PAGE) == before
    assert tee.revisions.count() == drafts

    for _time in range(3):
        tab.get_by_role("button", name="Undo").click()
    expect(tab.get_by_text("Undone. TEE-S: Price (EUR) 11.50 → 10.00")).to_be_visible()
    expect(tab.get_by_role("button", name="Undo")).to_be_hidden()
    assert Sku.objects.with_prices().get(code="TEE-S").price.amount == 10
    stock.refresh_from_db()
    assert (stock.on_hand, stock.low_at) == (5, None)


def test_what_was_typed_in_vain_stays_and_the_reason_stands_beside_it(tab, tee):
    make_sku(tee, "TEE-M", option1="Small", option2="Red", price="10", compare_at="12")
    make_sku(tee, "TEE-X", option1="Small", option2="Blue")
    open_tab(tab, reverse("wagtailadmin_pages:edit", args=[tee.pk]))

    box(tab, "option2", "TEE-X").fill("red")
    box(tab, "option2", "TEE-X").blur()
    expect(tab.get_by_text("TEE-M already has these options.")).to_be_visible()
    expect(box(tab, "option2", "TEE-X")).to_have_value("red")
    box(tab, "option2", "TEE-X").fill("Green")
    box(tab, "option2", "TEE-X").blur()
    expect(tab.get_by_text("Option 2 Blue → Green")).to_be_visible()
    expect(tab.get_by_text("TEE-M already has these options.")).to_have_count(0)

    box(tab, "price", "TEE-M").fill("15")
    box(tab, "price", "TEE-M").blur()
    expect(tab.get_by_text("Must be above the price.")).to_be_visible()
    expect(box(tab, "price", "TEE-M")).to_have_value("15")
    box(tab, "compare_at", "TEE-M").fill("18")
    box(tab, "compare_at", "TEE-M").blur()
    expect(
        tab.get_by_text("Price (EUR) 10.00 → 15.00, Earlier price 12.00 → 18.00")
    ).to_be_visible()
    expect(tab.get_by_text("Must be above the price.")).to_have_count(0)


def test_a_cell_that_says_again_what_it_said_before_is_not_wrong_any_more(tab, tee):
    open_tab(tab, reverse("wagtailadmin_pages:edit", args=[tee.pk]))

    box(tab, "price").fill("-5")
    box(tab, "price").blur()
    expect(tab.get_by_text("A price cannot be below zero.")).to_be_visible()
    box(tab, "price").fill("10.00")
    box(tab, "price").blur()

    expect(tab.get_by_text("A price cannot be below zero.")).to_have_count(0)


def test_a_colleagues_price_is_shown_before_it_is_overwritten(tab, tee):
    open_tab(tab, reverse("wagtailadmin_pages:edit", args=[tee.pk]))
    expect(box(tab, "price")).to_have_value("10.00")
    set_price(Sku.objects.get(code="TEE-S"), "20")

    box(tab, "price").fill("11")
    box(tab, "price").blur()
    expect(tab.get_by_text("Somebody changed this to “20.00” meanwhile")).to_be_visible()
    # Leaving another cell of the row does not decide it.
    box(tab, "low_at").fill("1")
    box(tab, "low_at").blur()
    expect(tab.get_by_text("Low at – → 1")).to_be_visible()
    assert Sku.objects.with_prices().get(code="TEE-S").price.amount == 20

    box(tab, "price").press("Enter")
    expect(tab.get_by_text("Price (EUR) 20.00 → 11.00")).to_be_visible()
    assert Sku.objects.with_prices().get(code="TEE-S").price.amount == 11


def test_options_that_were_only_just_named_become_variants(tab, editor):
    page = make_page("Mug", make_category())
    make_sku(page, "MUG")
    open_tab(tab, reverse("wagtailadmin_pages:edit", args=[page.pk]))

    tab.get_by_role("button", name="Name the options").click()
    tab.locator('[name="options-0-name"]').fill("Colour")
    tab.get_by_role("tab", name="Variants, prices & stock").click()
    tab.get_by_role("textbox", name="Colour").fill("Blue\nRed\nblue")
    tab.get_by_role("button", name="Make the missing variants").click()
    expect(tab.get_by_text("“blue” is there twice.")).to_be_visible()
    tab.get_by_role("textbox", name="Colour").fill("Blue\nRed")
    tab.get_by_role("button", name="Make the missing variants").click()

    expect(tab.get_by_text("2 variants were made.")).to_be_visible()
    expect(box(tab, "code", "MUG-RED")).to_be_visible()
    made = Sku.objects.with_prices().filter(option1__in=["Blue", "Red"])
    assert [(sku.code, sku.price.amount) for sku in made] == [("MUG-BLUE", 10), ("MUG-RED", 10)]


def test_a_simple_product_is_made_in_one_form(tab, editor, tee):
    category = tee.get_parent()
    address = reverse("wagtailadmin_pages:add", args=["catalog", "productpage", category.pk])
    tab.goto(address)
    tab.locator("[name=title]").fill("Jug")
    tab.get_by_role("tab", name="Variants, prices & stock").click()
    tab.locator("[name=first_sku-code]").fill("tee-s")
    expect(tab.get_by_role("link", name="Tee", exact=True)).to_be_visible()
    tab.locator("[name=first_sku-code]").fill("JUG")
    tab.locator("[name=first_sku-price]").fill("9")
    tab.locator("[name=first_sku-on_hand]").fill("3")
    tab.get_by_role("button", name="More actions").click()
    tab.get_by_role("button", name="Publish").click()

    expect(tab.get_by_text("Page 'Jug' created and published.")).to_be_visible()
    sku = Sku.objects.purchasable().get(code="JUG")
    assert sku.product.pages.get().title == "Jug"
    assert ProductPage.objects.get(title="Jug").live


def test_one_price_fills_the_whole_grid_of_many_products(tab, tee):
    mug = make_page("Mug", tee.get_parent())
    make_sku(mug, "MUG")
    tab.goto(f"{reverse('catalog_many_variants')}?id={tee.pk}&id={mug.pk}")

    tab.get_by_label("In all rows shown, set").select_option(label="Price (EUR)")
    tab.get_by_label("to", exact=True).fill("5")
    tab.get_by_role("button", name="Apply").click()

    expect(tab.get_by_text("Saved.")).to_be_visible()
    prices = {sku.code: sku.price.amount for sku in Sku.objects.with_prices()}
    assert prices == {"TEE-S": 5, "TEE-L": 5, "MUG": 5}
    tab.get_by_role("button", name="Undo").click()
    expect(tab.get_by_text("Undone.")).to_be_visible()
    prices = {sku.code: sku.price.amount for sku in Sku.objects.with_prices()}
    assert prices == {"TEE-S": 10, "TEE-L": 12, "MUG": 10}
