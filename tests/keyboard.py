"""A page used by its keyboard alone, which looks at every stop whether the focus can be seen.

https://www.w3.org/TR/WCAG22/: 2.1.1 (keyboard), 2.4.7 (visible), 2.4.11 (not covered).
"""

import time
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

SECONDS_TO_SETTLE = 2.0
LOOK = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


class Hands:
    """Somebody without a mouse, who has to see where they are.

    ``excused`` is a CSS selector of what may hold the focus unseen, for parts that are not ours.
    """

    def __init__(self, page: Page, *, excused: str = "") -> None:
        self.page = page
        self.excused = excused

    def press(self, key: str, times: int = 1) -> None:
        for _time in range(times):
            self.page.keyboard.press(key)

    def reach(self, wanted: Locator, *, key: str = "Tab", most: int = 120) -> None:
        """Press a key until this has the focus; the focus must be seen at every stop on the way.

        Raises AssertionError when it is not there after that many, or a stop cannot be seen.
        """
        expect(wanted.first).to_be_attached()
        # What is at rest is known before anything is reached.
        self.look()
        if self.holds(wanted):
            self.see()
        trail = []
        while not self.holds(wanted):
            assert len(trail) < most, "\n".join(["not reached by the keyboard:", *trail])
            self.press(key)
            trail.append(self.see())

    def walk(self, within: Locator, *, most: int = 300) -> list[str]:
        """Go on from where the focus is, as long as it stays within this: all that was not seen.

        Raises AssertionError when it does not come out at the other end.
        """
        complaints = []
        for _stop in range(most):
            self.press("Tab")
            if not within.evaluate("part => part.contains(document.activeElement)"):
                return complaints
            try:
                self.see()
            except AssertionError as complaint:
                complaints.append(str(complaint))
        raise AssertionError(f"{self.page.url}: no way out by the keyboard")

    def holds(self, wanted: Locator) -> bool:
        return wanted.evaluate_all("all => all.includes(document.activeElement)")

    def see(self) -> str:
        """What has the focus. Raises AssertionError unless it can be seen within a moment."""
        end = time.monotonic() + SECONDS_TO_SETTLE
        # Some things move into their place.
        while (found := self.look())["fault"] and time.monotonic() < end:
            time.sleep(0.05)
        assert not found["fault"], f"{self.page.url}: {found['name']} {found['fault']}"
        return found["name"]

    def look(self) -> dict[str, str]:
        return self.page.evaluate(LOOK, self.excused)

    def follow(self, wanted: Locator, **options: object) -> None:
        """Go to a link or a button, and press Enter."""
        self.reach(wanted, **options)
        self.press("Enter")

    def write(self, wanted: Locator, text: str, **options: object) -> None:
        """Go to a field, and write this instead of what it holds."""
        self.reach(wanted, **options)
        self.press("ControlOrMeta+a")
        self.press("Delete")
        self.page.keyboard.type(text)

    def tick(self, wanted: Locator, **options: object) -> None:
        self.reach(wanted, **options)
        self.press("Space")

    def pick(self, wanted: Locator, **options: object) -> None:
        """Go to one of several radio buttons, and by the arrow keys to this one of them."""
        name = wanted.get_attribute("name")
        self.reach(self.page.locator(f"input[type=radio][name='{name}']"), **options)
        self.reach(wanted, key="ArrowDown", most=20)

    def choose(self, wanted: Locator, label: str, **options: object) -> None:
        """Go to a list to choose from, and type what is chosen."""
        self.reach(wanted, **options)
        self.page.keyboard.type(label)
