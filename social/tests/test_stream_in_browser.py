"""An open stream in a real browser: news come in at the top, older things at the end."""

import pytest
from playwright.sync_api import expect

from catalog.tests.factories import make_page
from social.models import Action, Like, User
from social.stream import create_action
from social.tests.people import make_member

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.browser,
    pytest.mark.slow,
]
# The poll of the page waits four seconds.
LONG = 30_000
BOTTOM = "scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })"


@pytest.fixture
def ada() -> User:
    ada = make_member("ada")
    for number in range(45):
        like(ada, number)
    return ada


def like(user: User, number: int) -> None:
    product = make_page(f"Print {number}").product
    Like.objects.create(user=user, product=product)
    create_action(user, Action.Verb.LIKES, product)


def place(page, number: int) -> float:
    """Where in the window this entry stands."""
    entry = page.locator(".stream__entry", has_text=f"Print {number}.")
    return entry.evaluate("entry => entry.getBoundingClientRect().top")


def test_news_move_nothing_away_from_under_the_reader(open_tab, ada) -> None:
    page = open_tab()
    page.goto("/stream/")
    page.mouse.wheel(0, 500)
    page.wait_for_function("scrollY >= 500")
    before = place(page, 30)

    like(ada, 100)

    expect(page.locator(".stream__entry").first).to_contain_text("Print 100", timeout=LONG)
    page.wait_for_timeout(300)
    assert place(page, 30) == pytest.approx(before, abs=2)


def test_whoever_has_gone_on_meanwhile_is_not_taken_back(open_tab, ada) -> None:
    page = open_tab()
    page.goto("/stream/")
    page.mouse.wheel(0, 300)
    page.wait_for_function("scrollY >= 300")
    # An answer that tells of nothing new.
    with page.expect_response(lambda answer: answer.status == 204, timeout=LONG):
        pass

    page.evaluate(BOTTOM)
    expect(page.locator(".stream__entry", has_text="Print 0.")).to_have_count(0)
    expect(page.locator(".stream__entry")).not_to_have_count(20, timeout=LONG)
    page.wait_for_timeout(300)

    assert page.evaluate("scrollY") > 300 + 400
