"""A member's way in a real browser: sign up, prove the address, and log in with a second factor."""

import re

import pytest
from playwright.sync_api import Page, expect

from social.tests.accounts import PASSWORD, code, link, mails
from tests.test_browser import page  # noqa: F401 - a fixture

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]


def press(page: Page, name: str) -> None:  # noqa: F811
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def log_in(page: Page) -> None:  # noqa: F811
    page.goto("/account/login/")
    page.get_by_label("Email address or username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Log in")


def log_out(page: Page) -> None:  # noqa: F811
    page.goto("/account/logout/")
    press(page, "Log out")
    page.goto("/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def test_a_member_signs_up_and_protects_the_account(page: Page) -> None:  # noqa: F811
    page.goto("/account/signup/")
    main = page.get_by_role("main")
    main.get_by_label("Email address").fill("ada@example.com")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign up")
    expect(page.get_by_role("heading", level=1)).to_contain_text("look into your mail")
    [message] = mails()
    page.goto(link(message))
    press(page, "Confirm my address")
    expect(main).to_contain_text("ada@example.com is confirmed.")

    log_out(page)
    log_in(page)
    page.goto("/account/2fa/")
    page.get_by_role("link", name="Switch it on").click()
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Go on")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    key = page.locator(".second-factor__key").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows").fill(code(key))
    press(page, "Switch it on")
    expect(page.locator(".second-factor__codes li")).to_have_count(10)

    log_out(page)
    log_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your second factor")
    page.get_by_label("Code").fill(code(key))
    press(page, "Log in")
    expect(page).to_have_url(re.compile(r"/account/$"))
    assert page.complaints == []
