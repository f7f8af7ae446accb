"""Take a picture of every page of a running demo shop, at three widths and in both themes.

    python -m bench.screenshots http://localhost:8000 [var/screenshots] [part of a name]

The shop must have loaded its demo and use the database that this process finds by its own
environment (DATA_DIR, DATABASE_URL): sessions of members are written there, because nobody in the
demo has a password. Errors of the console, answers that were not expected and pages wider than
their window are told at the end, and then the exit code is 1.
"""

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from itertools import groupby, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from home.demo.tour import Stop

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = (390, 820, 1440)
THEMES = ("light", "dark")
BROWSER = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Lazy pictures come when they are scrolled to.
SCROLL = """async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 700) {
        scrollTo({ top: y, behavior: "instant" });
        await new Promise((done) => setTimeout(done, 60));
    }
    scrollTo({ top: 0, behavior: "instant" });
}"""
ADD = "form[action$='/cart/add/'] [type=submit]"
ADMIN = {
    "admin": "wagtailadmin_home",
    "admin-pages": "wagtailadmin_explore_root",
    "admin-pictures": "wagtailimages:index",
}


def main() -> int:
    base = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://localhost:8000"
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "var" / "screenshots"
    wanted = sys.argv[3] if len(sys.argv) > 3 else ""
    folder.mkdir(parents=True, exist_ok=True)
    visits = list(read_visits(wanted))
    from playwright.sync_api import sync_playwright

    told: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS.split())
        for (session, stops, goods), width, theme in product(visits, WIDTHS, THEMES):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=theme
            )
            if session:
                context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
            if goods:
                fill_cart(context, base + goods)
            told += shoot(context, base, stops, folder, f"{width}-{theme}")
            context.close()
        browser.close()
    sys.stdout.write("\n".join(told or ["Nothing to complain of."]) + "\n")
    return 1 if told else 0


def fill_cart(context: Any, address: str) -> None:
    """Put a product into the cart as a shopper does."""
    page = context.new_page()
    page.goto(address)
    page.locator(ADD).first.click()
    page.wait_for_load_state("networkidle")
    page.close()


def shoot(context: Any, base: str, stops: "list[Stop]", folder: Path, kind: str) -> list[str]:
    """One picture of each stop; return what was wrong."""
    told: list[str] = []
    page = context.new_page()
    here = [stops[0]]

    def hear(message: Any) -> None:
        # That a page is missing is what its picture is about.
        if message.type == "error" and str(here[0].status) not in message.text:
            told.append(f"{here[0].name} {kind}: {message.text}")

    page.on("console", hear)
    for stop in stops:
        here[0] = stop
        answer = page.goto(base + stop.path, wait_until="load")
        if answer and answer.status != stop.status:
            told.append(f"{stop.name} {kind}: answered {answer.status}")
        page.evaluate(SCROLL)
        page.wait_for_load_state("networkidle")
        if (more := page.evaluate(WIDER)) > 0:
            told.append(f"{stop.name} {kind}: {more} px wider than the window")
        page.screenshot(path=folder / f"{stop.name}-{kind}.png", full_page=True)
        sys.stdout.write(f"{stop.name}-{kind}.png\n")
    page.close()
    return told


def read_visits(wanted: str) -> "Iterator[tuple[str, list[Stop], str]]":
    """For each who comes: the session they are logged in by, what they see, what they buy first."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.embedded")
    import django

    django.setup()
    from django.urls import reverse

    from home.demo.tour import Stop, stops
    from social.models import User

    tour = stops()
    goods = next(stop.path for stop in tour if stop.name == "product")
    owner = User.objects.filter(is_superuser=True).first()
    if owner:
        tour += [Stop(name, reverse(view), owner.username) for name, view in ADMIN.items()]
    chosen = sorted((one for one in tour if wanted in one.name), key=_who)
    for (member, has_goods), found in groupby(chosen, key=_who):
        session = session_of(User.objects.get(username=member)) if member else ""
        yield session, list(found), goods if has_goods else ""


def _who(stop: "Stop") -> tuple[str, bool]:
    return stop.member, stop.has_goods


def session_of(user: Any) -> str:
    """A session in which this member is logged in, as the shop itself would have begun it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return store.session_key


if __name__ == "__main__":
    sys.exit(main())
