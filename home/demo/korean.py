"""The demo shop in Korean: its home page and some pages below it, translated as editors do it.

The products are the same things in both languages, and so are their prices and their stock.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from wagtail.models import Locale, Page
from wagtail.rich_text import RichText

from home.demo.clock import Clock
from home.demo.front import Front, button, product_row
from home.demo.korean_texts import (
    ANNOUNCEMENT,
    COLUMNS,
    DESCRIPTION_END,
    HANGING,
    HOME,
    OPTIONS,
    PAGES,
    PRODUCTS,
    SHELVES,
    SMALL_PRINT,
    TAGLINE,
)
from home.models import Announcement, ContentPage, HomePage, Menu, ShopSettings

LANGUAGE = "ko"


class Korean:
    """Translates pages; ``front`` knows the pages of the shop by their codes and titles."""

    def __init__(self, front: Front, clock: Clock) -> None:
        self.locale = Locale.objects.get_or_create(language_code=LANGUAGE)[0]
        self.front = front
        self.clock = clock
        self.shelves: dict[str, Page] = {}
        self.products: dict[str, Page] = {}
        self.pages: dict[str, Page] = {}

    def translate(self, home: HomePage) -> None:
        """Write and publish all of it; ``home`` is the home page of the first language."""
        translated = home.copy_for_translation(self.locale)
        for title, (korean, intro) in SHELVES.items():
            self.shelves[title] = self._translate(
                self.front.shelves[title], title=korean, intro=intro
            )
        for code, (title, summary, story) in PRODUCTS.items():
            page = self.front.products[code]
            description = [("text", RichText(f"<p>{story}</p>{DESCRIPTION_END}"))]
            self.products[code] = self._translate(
                page,
                title=title,
                summary=summary,
                description=description,
                gallery=_named(
                    page, "gallery", "alt_text", [f"{title}: {summary}", f"{title}{HANGING}"]
                ),
                options=_named(page, "options", "name", OPTIONS),
            )
        for title, (korean, body) in PAGES.items():
            page = ContentPage.objects.get(title=title, locale=home.locale)
            beside = [("contact", None)] if page.body.blocks_by_name("contact") else []
            self.pages[title] = self._translate(
                page, title=korean, body=[("text", RichText(body)), *beside]
            )
        self._publish(translated, home, self._front_page())
        self._frame()

    def _translate(self, page: Page, **fields: Any) -> Page:
        return self._publish(page.copy_for_translation(self.locale), page, fields)

    def _publish(self, translated: Page, page: Page, fields: Mapping[str, Any]) -> Page:
        """With the day of the page it translates, so that what is old is not called new."""
        translated = type(page).objects.get(pk=translated.pk)
        for name, value in fields.items():
            setattr(translated, name, value)
        translated.draft_title = translated.title
        self.clock.moment = page.first_published_at
        translated.save_revision().publish()
        self.clock.moment = None
        return translated

    def _front_page(self) -> dict[str, Any]:
        tiles = [self.shelves[title] for title in HOME["tiles"]]
        row = [self.products[code] for code in HOME["row"]]
        body = [
            (
                "hero",
                {
                    "headline": HOME["headline"],
                    "words": HOME["words"],
                    "picture": self.front.picture("BELOW"),
                    "buttons": [button(HOME["all"], self.shelves["Posters"])],
                    "layout": "end",
                },
            ),
            product_row(HOME["row_title"], "hand", products=row),
            ("categories", {"title": HOME["tiles_title"], "categories": tiles}),
            (
                "split",
                {
                    "title": HOME["split"],
                    "words": HOME["split_words"],
                    "picture": self.front.picture("RINGS", 1),
                    "buttons": [button(HOME["about"], self.pages["About us"])],
                    "side": "start",
                },
            ),
            ("quote", HOME["quote"]),
        ]
        return {
            "title": HOME["title"],
            "seo_title": HOME["seo_title"],
            "search_description": HOME["description"],
            "body": body,
        }

    def _frame(self) -> None:
        """What stands around each page: menus and announcement, and the words of the shop."""
        known = {**self.shelves, **self.pages}
        for place, entries in COLUMNS.items():
            menu = Menu.objects.get(place=place, locale=Locale.get_default())
            translated = menu.copy_for_translation(self.locale)
            translated.title = f"{menu.title} ({LANGUAGE})"
            translated.entries = [self._entry(known, *entry) for entry in entries]
            _publish_row(translated)
        announcement = Announcement.objects.get(locale=Locale.get_default())
        translated = announcement.copy_for_translation(self.locale)
        shop = ShopSettings.objects.get(site__is_default_site=True)
        words = {"language": LANGUAGE, "tagline": TAGLINE, "footer": RichText(SMALL_PRINT)}
        shop.translations = [("words", words)]
        shop.save()
        text, more = ANNOUNCEMENT
        link = {"page": self.pages["Delivery & returns"], "address": "", "title": more}
        translated.text, translated.link = text, [("link", link)]
        _publish_row(translated)

    def _entry(self, known: Mapping[str, Page], title: str, names: tuple[str, ...]) -> Any:
        """One page, or a heading with several below it."""
        pages = [known[name] for name in names]
        own, below = (None, pages) if title else (pages[0], [])
        links = [{"page": page, "address": "", "title": ""} for page in below]
        with_children = own is not None and names == ("Posters",)
        value = {"page": own, "address": "", "title": title, "links": links}
        return ("entry", {**value, "with_children": with_children})


def _named(page: Page, relation: str, field: str, words: Sequence[str]) -> list[Any]:
    """The page's rows once more, with these words."""
    rows = []
    for row, text in zip(getattr(page, relation).all(), words, strict=False):
        copied = copy.copy(row)
        copied.pk = None
        setattr(copied, field, text)
        rows.append(copied)
    return rows


def _publish_row(row: Any) -> None:
    row.live = False
    row.save()
    row.save_revision().publish()
