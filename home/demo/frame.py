"""What stands around every page of the demo shop: navigation, footer, announcement, contact."""

from collections.abc import Iterable, Sequence
from datetime import time, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Locale, Page, Site

from home.demo import catalogue
from home.models import Announcement, Menu, ShopSettings

PHONE = "+49 30 555 01 23"
ADDRESS = "Paper & Ink\nBakehouse Lane 1\n12345 Exampletown\nGermany"
WEEKDAYS = ["Tuesday", "Wednesday", "Thursday", "Friday"]
HOURS = (
    {"days": WEEKDAYS, "opens": time(10), "closes": time(18)},
    {"days": ["Saturday"], "opens": time(10), "closes": time(14)},
)
ELSEWHERE = (
    ("instagram", "https://example.com/paper-and-ink"),
    ("pinterest", "https://example.com/paper-and-ink-walls"),
    ("mastodon", "https://example.com/@paperandink"),
)
NEWS = "Free delivery from €80 within the EU, and thirty days to change your mind."


def stand_up(entries: Sequence[Page], columns: dict[str, Iterable[Page]], delivery: Page) -> None:
    """Write and publish all of it; ``entries`` are the navigation, ``columns`` the footer."""
    _settings()
    navigation = [_entry(page=page, with_children=page.title == "Posters") for page in entries]
    _publish(Menu(title="Navigation", place=Menu.Place.NAVIGATION, entries=navigation))
    footer = [
        _entry(title=title, links=[_link(page) for page in pages])
        for title, pages in columns.items()
    ]
    _publish(Menu(title="Footer", place=Menu.Place.FOOTER, entries=footer))
    _publish(Announcement(text=NEWS, link=[("link", _link(delivery, "How we send"))]))


def _settings() -> None:
    closed = timezone.localdate() + timedelta(days=16)
    other = {"first": closed, "last": None, "opens": None, "closes": None, "why": "Stocktaking"}
    ShopSettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True),
        defaults={
            "name": catalogue.SHOP_NAME,
            "tagline": catalogue.TAGLINE,
            "contact_email": catalogue.CONTACT_EMAIL,
            "phone": PHONE,
            "postal_address": ADDRESS,
            "opening_hours": [("hours", hours) for hours in HOURS],
            "other_hours": [("other", other)],
            "social_links": [
                ("link", {"network": network, "url": url}) for network, url in ELSEWHERE
            ],
            "footer": "<p>Paper &amp; Ink is an invented shop. Nothing is sold here.</p>",
        },
    )


def _link(page: Page, title: str = "") -> dict[str, Any]:
    return {"page": page, "address": "", "title": title}


def _entry(
    *,
    page: Page | None = None,
    title: str = "",
    links: Sequence[dict[str, Any]] = (),
    with_children: bool = False,
) -> tuple[str, dict[str, Any]]:
    value = {"page": page, "address": "", "title": title}
    return ("entry", {**value, "links": list(links), "with_children": with_children})


def _publish(row: Any) -> None:
    row.locale = Locale.get_default()
    row.live = False
    row.save()
    row.save_revision().publish()
