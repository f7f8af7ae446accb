"""A review from a member's telephone to the product's page, by way of the moderator."""

import pytest
from playwright.sync_api import expect

from catalog.tests.factories import make_page, make_sku
from social.models import Review

from .reviewing import make_member, picture

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def tab_of(browser, live_server, client):
    """A tab of somebody who is logged in; of a stranger without ``user``."""

    def tab_of(user=None, **options):
        context = browser.new_context(base_url=live_server.url, **options)
        if user:
            client.force_login(user)
            session = client.cookies["sessionid"].value
            cookie = {"name": "sessionid", "value": session, "url": live_server.url}
            context.add_cookies([cookie])
        return context.new_page()

    return tab_of


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_it_is_written_by_keyboard_approved_and_read_on_a_telephone(
    tab_of, django_user_model, has_script
):
    page = make_page("Dune", slug="dune")
    make_sku(page)
    tab = tab_of(make_member("ada", is_public=True), viewport=PHONE, java_script_enabled=has_script)
    tab.goto(page.url)
    tab.get_by_role("link", name="Write the first review").click()
    tab.get_by_role("radio", name="1 of 5 stars").focus()
    for _press in range(3):
        tab.keyboard.press("ArrowRight")
    expect(tab.get_by_role("radio", name="4 of 5 stars")).to_be_checked()
    tab.get_by_label("In one line").fill("Deep colours")
    tab.get_by_label("Your review").fill("It hangs above my desk.")
    files = [
        {"name": f"{colour}.png", "mimeType": "image/png", "buffer": picture(colour).read()}
        for colour in ("teal", "navy")
    ]
    tab.get_by_label("Pictures").set_input_files(files)
    tab.get_by_role("button", name="Send the review").click()
    expect(tab.get_by_text("Thank you. We look at your review first")).to_be_visible()

    desk = tab_of(django_user_model.objects.create_superuser("boss", "boss@example.com", "secret"))
    desk.goto("/admin/reviews/")
    desk.get_by_role("link", name="Deep colours").click()
    desk.get_by_role("button", name="Approve").click()
    expect(desk.get_by_text("everybody can read it")).to_be_visible()
    assert Review.objects.get().state == Review.State.APPROVED

    reader = tab_of(viewport=PHONE, java_script_enabled=has_script)
    reader.goto(page.url)
    reader.get_by_role("link", name="4 of 5 stars").click()
    shown = reader.locator(".review")
    expect(shown).to_contain_text("It hangs above my desk.")
    expect(shown).to_contain_text("ada")
    expect(shown.get_by_role("img")).to_have_count(2)
    assert reader.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for link in shown.locator(".review__picture").all():
        box = link.bounding_box()
        assert (round(box["width"]), round(box["height"])) == (112, 112)
    reader.get_by_role("link", name="4 stars").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Reviews of Dune")
    expect(shown).to_have_count(1)
