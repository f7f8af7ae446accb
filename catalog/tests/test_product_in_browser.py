"""Looking at a product's pictures and choosing its variant, by mouse, finger and keyboard."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image
from playwright.sync_api import expect

from catalog.models import Picture, ProductOption, ProductPicture

from .factories import make_page, make_sku

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}
FERN = "/prints/fern/"


@pytest.fixture
def fern():
    """Two sizes and two frames of which one combination is sold out and one was never made."""
    pictures = [drawn(title, (600, 800)) for title in ("Front", "Room", "Detail", "Framed")]
    page = make_page(
        "Fern",
        gallery=[ProductPicture(image=one, alt_text=one.title) for one in pictures[:3]],
        options=[ProductOption(name="Size"), ProductOption(name="Frame")],
        summary="A frond. " * 30,
        description=[("text", "<p>" + "Drawn leaf by leaf. " * 400 + "</p>")],
    )
    make_sku(page, "F-A3", price="29.00", option1="A3", option2="None", on_hand=9)
    oak = {"option2": "Oak", "picture": pictures[3]}
    make_sku(page, "F-A3-OAK", price="68.00", compare_at="79.00", option1="A3", on_hand=3, **oak)
    make_sku(page, "F-A2", price="49.00", option1="A2", option2="None", on_hand=0)
    make_sku(page, "F-A2-ASH", price="99.00", option1="A2", option2="Ash", on_hand=9)
    return page


def drawn(title, size):
    file = BytesIO()
    Image.effect_noise(size, 50).save(file, "PNG")
    content = ContentFile(file.getvalue(), f"{title}.png")
    return Picture.objects.create(title=title, description=f"{title} of a fern", file=content)


def price(tab):
    return tab.locator(".product__price [data-chosen-price]")


def test_a_variant_is_chosen_option_by_option_and_everything_follows(open_tab, fern):
    tab = open_tab(**DESK)
    tab.goto(FERN)
    add = tab.locator("#buy [type=submit]")
    size, frame = tab.get_by_role("group", name="Size"), tab.get_by_role("group", name="Frame")
    expect(size.get_by_label("A3")).to_be_checked()
    expect(price(tab)).to_have_text("€29.00")
    expect(tab.get_by_role("group", name="Size / Frame")).to_be_hidden()

    frame.get_by_label("Oak").check()

    expect(price(tab)).to_contain_text("€68.00")
    expect(price(tab)).to_contain_text("€79.00")
    expect(tab.locator("[data-chosen-said]")).to_contain_text("A3 / Oak")
    expect(tab.locator("[data-chosen-said]")).to_contain_text("Only 3 left")
    expect(tab.locator("[data-chosen-code]")).to_have_text("F-A3-OAK")
    expect(tab.locator("[name=quantity]")).to_have_attribute("max", "3")
    expect(tab.locator("[data-gallery-count]")).to_have_text("4 / 4")
    assert tab.url.endswith("?sku=F-A3-OAK")

    # That was never made: the frame goes along, and said so before.
    expect(size.get_by_label("A2 (only with another choice)")).to_be_visible()
    size.get_by_label("A2").check()
    expect(frame.get_by_label("Ash")).to_be_checked()
    expect(price(tab)).to_have_text("€99.00")
    expect(tab.locator("[data-gallery-count]")).to_have_text("1 / 4")

    # That is sold out: it can be seen, and waited for.
    frame.get_by_label("None (Sold out)").check()
    expect(add).to_be_disabled()
    expect(add).to_have_text("Sold out")
    expect(tab.locator("[data-tell]")).to_have_attribute("open", "")
    expect(tab.locator("[data-tell] [name=code]")).to_have_value("F-A2")

    # The address that is shared opens the same.
    tab.reload()
    expect(add).to_be_disabled()
    expect(frame.get_by_label("None")).to_be_checked()

    size.get_by_label("A3").check()
    expect(tab.locator("[data-tell]")).to_be_hidden()
    add.click()
    expect(tab.locator("[data-cart-panel]")).to_contain_text("€29.00")


def test_options_are_chosen_by_keyboard(open_tab, fern):
    tab = open_tab(**DESK)
    tab.goto(FERN)
    tab.get_by_role("group", name="Frame").get_by_label("None").focus()

    tab.keyboard.press("ArrowRight")

    expect(tab.get_by_role("group", name="Frame").get_by_label("Oak")).to_be_focused()
    expect(price(tab)).to_contain_text("€68.00")


def test_without_scripts_the_list_is_a_form_that_works(open_tab, fern):
    tab = open_tab(java_script_enabled=False, **DESK)
    tab.goto(FERN)
    variants = tab.get_by_role("group", name="Size / Frame")
    expect(variants).to_be_visible()
    expect(tab.get_by_role("group", name="Frame", exact=True)).to_be_hidden()
    expect(tab.locator(".product__price .without-scripts")).to_contain_text("from")
    expect(tab.locator(".product__price .without-scripts")).to_contain_text("€29.00")
    expect(variants.get_by_label("A2 / None")).to_be_disabled()

    # The pictures are a row that scrolls; a small one leads to a large one, that to the file.
    tab.get_by_role("link", name="Picture 2").click()
    expect(tab.locator("#picture-2")).to_be_in_viewport(ratio=0.5)
    assert tab.locator("#picture-2 a").get_attribute("href").endswith(".png")

    variants.get_by_label("A2 / Ash").check()
    tab.get_by_role("button", name="Add to cart").first.click()

    expect(tab.get_by_role("main")).to_contain_text("€99.00")


def test_pictures_are_gone_through_by_keyboard_and_enlarged(open_tab, fern):
    tab = open_tab(reduced_motion="reduce", **DESK)
    tab.goto(FERN)
    gallery = tab.get_by_role("region", name="Pictures")
    links = gallery.locator("[data-gallery-link]")
    links.first.focus()

    tab.keyboard.press("ArrowRight")
    expect(links.nth(1)).to_be_focused()
    expect(links.nth(1)).to_be_in_viewport(ratio=0.9)
    expect(gallery.get_by_role("status")).to_have_text("Picture 2 of 4")
    expect(gallery.locator("[aria-current]")).to_contain_text("Picture 2")
    tab.keyboard.press("End")
    expect(gallery.get_by_role("status")).to_have_text("Picture 4 of 4")
    tab.keyboard.press("ArrowRight")
    expect(links.nth(3)).to_be_focused()
    tab.keyboard.press("Home")
    tab.keyboard.press("Enter")

    dialog = tab.get_by_role("dialog", name="Enlarged picture")
    expect(dialog.get_by_role("img", name="Front")).to_be_visible()
    tab.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("img", name="Room")).to_be_visible()
    expect(dialog.get_by_role("status")).to_have_text("Picture 2 of 4")
    small = dialog.get_by_role("img").bounding_box()["width"]
    tab.keyboard.press("+")
    assert dialog.get_by_role("img").bounding_box()["width"] > 1.5 * small
    top = scrolled(tab)
    tab.keyboard.press("ArrowUp")
    tab.wait_for_function(f"document.querySelector('[data-zoom-pane]').scrollTop < {top}")
    expect(dialog.get_by_role("status")).to_have_text("Picture 2 of 4")
    tab.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(links.nth(1)).to_be_focused()
    expect(links.nth(1)).to_be_in_viewport(ratio=0.9)


def scrolled(tab):
    return tab.locator("[data-zoom-pane]").evaluate("pane => pane.scrollTop")


def test_an_enlarged_picture_is_pulled_along_by_the_mouse(open_tab, fern):
    tab = open_tab(**DESK)
    tab.goto(FERN)
    tab.locator("[data-gallery-link]").first.click()
    dialog = tab.get_by_role("dialog", name="Enlarged picture")
    dialog.get_by_role("img").click()
    expect(dialog.get_by_role("button", name="Full size")).to_have_attribute("aria-pressed", "true")
    before = scrolled(tab)

    tab.mouse.move(600, 500)
    tab.mouse.down()
    tab.mouse.move(600, 300, steps=5)
    tab.mouse.up()

    assert scrolled(tab) == pytest.approx(before + 200, abs=5)
    # Pulling is no click: it is as large as before. A click makes it small again.
    expect(dialog.get_by_role("button", name="Full size")).to_have_attribute("aria-pressed", "true")
    tab.mouse.click(600, 300)
    expect(dialog.get_by_role("button", name="Full size")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_on_a_phone_pictures_are_swiped_and_the_button_stays_at_hand(open_tab, fern):
    tab = open_tab(**PHONE)
    tab.goto(FERN)
    track = tab.locator("[data-gallery-track]")
    expect(tab.locator(".gallery__thumbs")).to_be_hidden()

    # As a finger leaves it: between two pictures, from where it snaps to the next.
    track.evaluate("track => track.scrollBy({ left: track.clientWidth * 0.8 })")

    expect(tab.locator("[data-gallery-count]")).to_have_text("2 / 4")
    tab.wait_for_function(
        "(() => { const track = document.querySelector('[data-gallery-track]');"
        " return track.scrollLeft === track.clientWidth })()"
    )
    bar = tab.locator("[data-buybar]")
    expect(bar).to_be_hidden()
    tab.get_by_role("group", name="Frame").get_by_label("Oak").check()
    tab.locator("#reviews").scroll_into_view_if_needed()
    expect(bar).to_be_visible()
    expect(bar).to_contain_text("A3 / Oak")
    expect(bar).to_contain_text("€68.00")
    assert tab.evaluate("document.documentElement.scrollWidth") == 390

    bar.get_by_role("button", name="Add to cart").tap()

    panel = tab.locator("[data-cart-panel]")
    expect(panel).to_contain_text("€68.00")
    # Its content is there a moment before it opens.
    expect(panel).to_be_visible()
    tab.keyboard.press("Escape")
    expect(bar.get_by_role("button", name="Add to cart")).to_be_focused()
