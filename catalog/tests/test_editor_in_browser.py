"""The editor of a product in a real browser: what stands around the grid, and without scripts."""

import threading

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from wagtail.admin.views.pages.create import CreateView

from catalog.models import ProductPage, Sku
from catalog.tests.factories import make_category, make_page, make_sku

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]


def is_autosave(request):
    return request.method == "POST" and request.headers.get("accept") == "application/json"


@pytest.fixture
def alone(tab):
    """Nobody asks who else edits the page, at a moment that no test chooses."""
    nobody = {"session_id": 1, "ping_url": "", "release_url": "", "other_sessions": [], "html": ""}
    tab.route("**/editing-sessions/**", lambda route: route.fulfill(json=nobody))


@pytest.fixture
def kept_waiting(monkeypatch):
    """The autosave that makes a page is answered once this is set.

    Held in the server: one that the browser kept back was refused now and then.
    """
    let_go = threading.Event()
    dispatch = CreateView.dispatch

    def wait(view, request, *args, **kwargs):
        if request.method == "POST" and not request.accepts("text/html"):
            let_go.wait(30)
        return dispatch(view, request, *args, **kwargs)

    monkeypatch.setattr(CreateView, "dispatch", wait)
    yield let_go
    let_go.set()


@pytest.mark.parametrize(("button", "done"), [("Save draft", "updated"), ("Publish", "published")])
def test_what_is_saved_while_an_autosave_makes_the_page_goes_into_that_page(
    tab, alone, kept_waiting, editor, settings, button, done
):
    # Long enough to fill in all of it first: an autosave of half a product is refused.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 6_000
    tab.goto(reverse("wagtailadmin_pages:add", args=["catalog", "productpage", make_category().pk]))
    with tab.expect_request(is_autosave):
        tab.locator("[name=title]").fill("Jug")
        tab.get_by_role("tab", name="Variants, prices & stock").click()
        tab.locator("[name=first_sku-code]").fill("JUG")
        tab.locator("[name=first_sku-price]").fill("9")
        # By itself Wagtail's form does not notice what is typed as soon as it is there.
        tab.locator("[data-edit-form]").dispatch_event("w-unsaved:add")

    if button == "Publish":
        tab.get_by_role("button", name="More actions").click()
    tab.get_by_role("button", name=button).click()
    kept_waiting.set()

    expect(tab.get_by_text(f"Page 'Jug' has been {done}.")).to_be_visible(timeout=20_000)
    page = ProductPage.objects.get()
    assert page.live == (button == "Publish")
    assert Sku.objects.get().product == page.product


def test_a_sku_that_was_refused_is_not_left_behind_unnoticed(tab, alone, editor, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 500
    page = make_page("Jug", make_category())
    tab.route(
        f"**/admin/pages/{page.pk}/edit/",
        lambda route: (
            route.fulfill(json={"success": True})
            if is_autosave(route.request)
            else route.continue_()
        ),
    )
    tab.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    tab.get_by_role("tab", name="Variants, prices & stock").click()
    tab.locator("[name=first_sku-code]").fill("JUG")
    tab.locator("[name=first_sku-price]").fill("nine")
    tab.get_by_role("button", name="Save draft").click()
    expect(tab.get_by_text("The page could not be saved")).to_be_visible()
    # The story is saved by then, and Wagtail itself has no more to warn of.
    tab.locator("[data-edit-form]").dispatch_event("w-unsaved:add")
    expect(tab.locator("#w-autosave-indicator")).to_contain_text("Saved")
    asked = []
    tab.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    tab.get_by_role("link", name="Products").click()

    tab.wait_for_url("**/admin/products/")
    assert asked == ["beforeunload"]


def test_the_checker_tells_what_the_shop_and_wagtail_find(tab, editor):
    page = make_page("Bare", make_category())
    make_sku(page, "BARE")
    tab.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    tab.get_by_role("button", name="Toggle checks").click()

    checks = tab.locator("[data-side-panel=checks]")
    expect(checks.get_by_text("The product has no picture")).to_be_visible()
    expect(checks.get_by_text("Meta description is empty")).to_be_visible()
    expect(checks.get_by_text("The product has no price")).to_have_count(0)
    # The checker tells the console, too.
    tab.complaints[:] = [line for line in tab.complaints if "axe.run results" not in line]


def test_the_figures_beside_the_editor_follow_the_grid(tab, editor):
    page = make_page("Tee", make_category())
    make_sku(page, "TEE", price="10", on_hand=5)
    tab.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    tab.get_by_role("tab", name="Variants, prices & stock").click()
    panel = tab.locator("[data-side-panel=shop-facts]")
    tab.get_by_role("button", name="Toggle live figures").click()
    expect(panel.get_by_text("€10.00")).to_be_visible()

    tab.locator("[data-name=price]").fill("11")
    tab.locator("[data-name=price]").press("Enter")

    expect(panel.get_by_text("€11.00")).to_be_visible()


def test_the_grid_can_be_scrolled_beside_an_open_side_panel(tab, editor):
    page = make_page("Tee", make_category())
    make_sku(page, "TEE")
    tab.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    tab.get_by_role("tab", name="Variants, prices & stock").click()

    tab.get_by_role("button", name="Toggle live figures").click()
    panel = tab.locator("[data-form-side]")
    expect(panel.get_by_text("Price now")).to_be_visible()
    tab.locator("[data-name=is_active]").focus()

    cell = tab.locator("[data-name=is_active]").bounding_box()
    assert cell["x"] + cell["width"] <= panel.bounding_box()["x"]


def test_without_javascript_the_tab_leads_to_a_form_of_its_own(browser, tab, live_server):
    page = make_page("Tee", make_category())
    make_sku(page, "TEE", price="10")
    context = browser.new_context(
        base_url=live_server.url,
        java_script_enabled=False,
        storage_state=tab.context.storage_state(),
    )
    plain = context.new_page()
    plain.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    plain.get_by_role("link", name="Edit variants, prices & stock").click()
    plain.get_by_label("Price (EUR)").fill("11.50")
    plain.get_by_role("button", name="Save").click()

    expect(plain.get_by_text("Saved. The shop sells by these prices")).to_be_visible()
    assert Sku.objects.with_prices().get().price.amount == 11.5
    context.close()
