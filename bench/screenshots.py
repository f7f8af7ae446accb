"""Take a picture of every page of a running demo shop, at three widths and in both themes.

    python bench/screenshots.py http://localhost:8000 [var/screenshots] [only part of a name]

The shop must have loaded its demo, run with DEBUG=1, and use the database that this process finds
by its own environment (DATA_DIR, DATABASE_URL): a member's session is written there, because
nobody in the demo has a password. Errors of the console, answers of 5xx and pages that are wider
than their window are told at the end, and then the exit code is 1.
"""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = (390, 820, 1440)
THEMES = ("light", "dark")
MEMBER = "mara.lindqvist"
OPEN = {
    "cart-empty": "cart:detail",
    "login": "account_login",
    "signup": "account_signup",
    "people": "people:list",
    "rankings": "rankings:list",
}
# With something in the cart.
BUYING = {"cart": "cart:detail", "checkout": "orders:checkout"}
MEMBER_PAGES = {
    "stream": "stream:list",
    "account": "account:home",
    "wish-lists": "wishes:mine",
    "likes": "likes:list",
    "reviews": "reviews:mine",
    "orders": "orders:mine",
}
BROWSER = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking"
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Lazy pictures come when they are scrolled to.
SCROLL = """async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 700) {
        scrollTo(0, y);
        await new Promise((done) => setTimeout(done, 60));
    }
    scrollTo(0, 0);
}"""


@dataclass
class Shop:
    """What is looked at: paths by name, and the cookies of somebody who may see them."""

    open: dict[str, str] = field(default_factory=dict)
    buying: dict[str, str] = field(default_factory=dict)
    member: dict[str, str] = field(default_factory=dict)
    staff: dict[str, str] = field(default_factory=dict)
    member_session: str = ""
    staff_session: str = ""


def main() -> int:
    base = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://localhost:8000"
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "var" / "screenshots"
    wanted = sys.argv[3] if len(sys.argv) > 3 else ""
    folder.mkdir(parents=True, exist_ok=True)
    shop = read_shop()
    # Its own loop would keep Django from reading.
    from playwright.sync_api import sync_playwright

    told: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS.split())
        for width in WIDTHS:
            for theme in THEMES:
                for paths, session in (
                    (shop.open, ""),
                    (shop.buying, ""),
                    (shop.member, shop.member_session),
                    (shop.staff, shop.staff_session),
                ):
                    chosen = {name: path for name, path in paths.items() if wanted in name}
                    if not chosen:
                        continue
                    context = browser.new_context(
                        viewport={"width": width, "height": 900}, color_scheme=theme
                    )
                    if session:
                        cookie = {"name": "sessionid", "value": session, "url": base}
                        context.add_cookies([cookie])
                    if paths is shop.buying:
                        fill_cart(context, base + shop.open["product"])
                    told += shoot(context, base, chosen, folder, f"{width}-{theme}")
                    context.close()
        browser.close()
    sys.stdout.write("\n".join(told or ["Nothing to complain of."]) + "\n")
    return 1 if told else 0


def fill_cart(context: Any, product: str) -> None:
    """Put a product into the cart as a shopper does."""
    page = context.new_page()
    page.goto(product)
    page.locator("form[action$='/cart/add/'] [type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    page.close()


def shoot(context: Any, base: str, paths: dict[str, str], folder: Path, kind: str) -> list[str]:
    """One picture of each path; return what was wrong."""
    told: list[str] = []
    page = context.new_page()
    here = [""]
    page.on(
        "console",
        lambda message: (
            told.append(f"{here[0]} {kind}: {message.text}") if message.type == "error" else None
        ),
    )
    for name, path in paths.items():
        here[0] = name
        answer = page.goto(base + path, wait_until="load")
        if answer and answer.status >= 500 and name != "500":
            told.append(f"{name} {kind}: {answer.status}")
        page.evaluate(SCROLL)
        page.wait_for_load_state("networkidle")
        if (more := page.evaluate(WIDER)) > 0:
            told.append(f"{name} {kind}: {more} px wider than the window")
        page.screenshot(path=folder / f"{name}-{kind}.png", full_page=True)
        sys.stdout.write(f"{name}-{kind}.png\n")
    page.close()
    # That a page is missing is what its picture is about.
    return [line for line in told if not (line.startswith("404 ") and "404" in line[4:])]


def read_shop() -> Shop:
    """Which pages there are, from the shop's own database."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.embedded")
    import django

    django.setup()
    from django.urls import reverse

    from catalog.models import CategoryPage, CollectionPage, ProductPage
    from home.models import ArticlePage, ContentPage, FormPage, JournalPage
    from orders.models import Order
    from social.models import NewsletterIndexPage, User

    def first(kind: Any) -> str:
        return kind.objects.live().order_by("pk").first().url

    posters = CategoryPage.objects.get(title="Posters").url
    member = User.objects.get(username=MEMBER)
    order = Order.objects.filter(user=member).order_by("-created").first()
    shop = Shop()
    shop.open = {
        "home": "/",
        "category": posters,
        "faceted": f"{posters}?in_stock=1&sort=price",
        "product": ProductPage.objects.get(product__handle="dunes-at-dusk").url,
        "product-sold-out": ProductPage.objects.get(product__handle="first-frost").url,
        "collection": first(CollectionPage),
        "content": first(ContentPage),
        "form": first(FormPage),
        "journal": first(JournalPage),
        "article": first(ArticlePage),
        "newsletter": first(NewsletterIndexPage),
        "search": "/search/?q=moon",
        "search-nothing": "/search/?q=horse",
        "404": "/no-such-page/",
    }
    shop.open |= {name: reverse(view) for name, view in OPEN.items()}
    shop.buying = {name: reverse(view) for name, view in BUYING.items()}
    shop.member = {name: reverse(view) for name, view in MEMBER_PAGES.items()}
    shop.member["profile"] = reverse("people:profile", args=[member.username])
    if order:
        shop.member["order"] = order.get_absolute_url()
    admin = reverse("wagtailadmin_home")
    shop.staff = {"admin": admin, "admin-pages": f"{admin}pages/"}
    shop.member_session = session_of(member)
    owner = User.objects.filter(is_superuser=True).first()
    shop.staff_session = session_of(owner) if owner else ""
    if not owner:
        shop.staff = {}
    return shop


def session_of(user: Any) -> str:
    """A session in which this member is logged in, as the shop itself would have begun it."""
    from importlib import import_module

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
