"""The control of all journeys by keyboard: the hands that walk them notice what cannot be seen."""

import pytest
from playwright.sync_api import Browser, Page

from tests.keyboard import Hands

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.once]
BEGIN = "<button>Begin</button>"
END = "<button id=end>End</button>"
GOOD = {
    "the browser's own mark": END,
    "an outline": f"<style>#end:focus-visible {{ outline: 2px solid red }}</style>{END}",
    "a shadow": f"<style>#end:focus {{ outline: 0; box-shadow: 0 0 0 3px red }}</style>{END}",
    "a mark on the label": """<style>input { opacity: 0; position: absolute; outline: 0 }
        label:has(:focus-visible) { outline: 2px solid red }</style>
        <label><input id=end type=checkbox>End</label>""",
    "a mark that a shadow at rest becomes": f"""<style>#end {{ box-shadow: 0 1px 1px #999 }}
        #end:focus {{ outline: 0; box-shadow: 0 0 0 3px red }}</style>{END}""",
    "far below": f"<p style='height: 300vh'></p>{END}",
    "what the mouse passes through": f"<style>#end {{ pointer-events: none }}</style>{END}",
}
BAD = {
    "no mark": (f"<style>* {{ outline: 0 }}</style>{END}", "has no mark"),
    "a transparent mark": (
        f"<style>#end:focus {{ outline: 2px solid transparent }}</style>{END}",
        "has no mark",
    ),
    "always the same mark": (
        f"<style>#end {{ outline: 2px solid red !important }}</style>{END}",
        "has no mark",
    ),
    "only the mark of what stands beside it": (
        f"""<style>p button {{ outline: 0 }}
            p:has(:focus) {{ outline: 2px solid red }}</style><p><button>One</button>{END}</p>""",
        "One</button> has no mark",
    ),
    "transparent": (f"<style>#end {{ opacity: 0 }}</style>{END}", "is transparent"),
    "of no size": (
        "<a id=end href=x style='display: inline-block; width: 1px; height: 1px'></a>",
        "has no size",
    ),
    "outside the window": (
        f"<div style='position: fixed; inset-inline-start: -999px'>{END}</div>",
        "is outside the window",
    ),
    "below something else": (
        f"{END}<div style='position: fixed; inset: 0; background: #fff'></div>",
        "is covered by <div",
    ),
    "out of reach": ("<button id=end tabindex=-1>End</button>", "not reached"),
    "no button at all": ("<span id=end>End</span>", "not reached"),
    "behind a trap": (
        f"""<script>addEventListener("keydown", (event) => event.preventDefault())</script>{END}""",
        "not reached",
    ),
}


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page()


def test_what_can_be_reached_and_seen_is_reached(page) -> None:
    for body in GOOD.values():
        page.set_content(BEGIN + body)

        Hands(page).reach(page.locator("#end"), most=3)

        assert page.evaluate("document.activeElement.id") == "end"


def test_what_cannot_be_reached_or_seen_is_noticed(page, monkeypatch) -> None:
    monkeypatch.setattr("tests.keyboard.SECONDS_TO_SETTLE", 0.2)
    for body, complaint in BAD.values():
        page.set_content(BEGIN + body)

        with pytest.raises(AssertionError, match=complaint):
            Hands(page).reach(page.locator("#end"), most=3)


def test_what_is_not_ours_may_be_excused(page, monkeypatch) -> None:
    monkeypatch.setattr("tests.keyboard.SECONDS_TO_SETTLE", 0.2)
    page.set_content(f"<style>* {{ outline: 0 }}</style><nav>{BEGIN}</nav>{END}")

    with pytest.raises(AssertionError, match="Begin</button> has no mark"):
        Hands(page).reach(page.locator("#end"))
    page.set_content(f"<style>* {{ outline: 0 }}</style><nav>{BEGIN}</nav>{END}")
    with pytest.raises(AssertionError, match="End</button> has no mark"):
        Hands(page, excused="nav").reach(page.locator("#end"))
