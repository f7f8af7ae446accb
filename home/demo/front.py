"""The pages of the demo shop that are made of blocks: the home page and the journal."""

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page
from wagtail.rich_text import RichText

from catalog.models import CategoryPage, CollectionPage, Picture, ProductPage
from home.demo import catalogue
from home.demo.desk import LAUNCH
from home.demo.stories import JOURNAL, JOURNAL_INTRO, STORIES, Story
from home.models import ArticlePage, HomePage, JournalPage

Publish = Callable[[Page, Page], None]
Block = tuple[str, Any]
# Where the three of the home page's wall hang, in percent of the picture.
WALL = ((23, 37), (50, 37), (77, 37))


class Front:
    """Knows pictures and pages by their codes and titles, and builds blocks of them."""

    def __init__(
        self,
        pictures: Mapping[str, Sequence[Picture]],
        products: Mapping[str, ProductPage],
        shelves: Mapping[str, CategoryPage],
        gatherings: Mapping[str, CollectionPage],
    ) -> None:
        self.pictures = pictures
        self.products = products
        self.shelves = shelves
        self.gatherings = gatherings

    def furnish(self, home: HomePage, about: Page, journal: Page) -> None:
        """Write the home page, and publish it."""
        home.body = self._home_body(about, journal)
        home.seo_title = f"{catalogue.SHOP_NAME}: {catalogue.TAGLINE}"
        home.search_description = catalogue.TAGLINE
        home.save_revision().publish()

    def _home_body(self, about: Page, journal: Page) -> list[Block]:
        return [
            (
                "hero",
                {
                    "headline": catalogue.HEADLINE,
                    "words": catalogue.INTRO,
                    "picture": self.picture("BELOW"),
                    "buttons": [
                        button("See all posters", self.shelves["Posters"]),
                        button("Read the journal", journal),
                    ],
                    "layout": "end",
                },
            ),
            product_row("Just off the press", "newest", number=8),
            ("categories", {"title": "", "categories": self._tiles()}),
            self.shoppable(
                "A wall to begin with",
                "<p>Press a spot to see what hangs there.</p>",
                [(code, *place) for code, place in zip(catalogue.HOME_WALL, WALL, strict=True)],
            ),
            product_row("What leaves the house most often", "selling"),
            (
                "split",
                {
                    "title": "Made slowly, eleven kilometres from here",
                    "words": "<p>Our frames come from one joiner, who uses oak and ash and no "
                    "hurry. Each print is checked by hand before it is rolled or framed.</p>",
                    "picture": self.picture("RINGS", 1),
                    "buttons": [button("How we print", about)],
                    "side": "start",
                },
            ),
            self._countdown(),
            product_row("", "collection", collection=self.gatherings["The first wall"]),
            ("quote", {"text": "The wall is warmer now. The room has stopped complaining.",
                       "author": "Mara Lindqvist", "source": "on Dunes at Dusk"}),
            ("newsletter", {"title": "Four letters a year",
                            "words": "<p>One idea for your walls in each of them.</p>"}),
        ]  # fmt: skip

    def _tiles(self) -> list[Page]:
        names = ("Landscapes", "Sea & Shore", "Night & Sky", "Botanical", "Animals", "Stationery")
        return [self.shelves[name] for name in names]

    def _countdown(self) -> Block:
        return (
            "countdown",
            {
                "at": timezone.now() + LAUNCH,
                "title": "The winter edition opens in",
                "words": "<p>Twelve new prints, a hundred of each, and then never again.</p>",
                "buttons": [],
                "title_after": "The winter edition is here",
                "words_after": "<p>A hundred of each. Look while there are some.</p>",
                "buttons_after": [button("See what is new", self.shelves["Posters"])],
            },
        )

    def journal(self, home: HomePage, publish: Publish) -> JournalPage:
        """The journal and its articles, the oldest first."""
        index = JournalPage(title=JOURNAL, intro=JOURNAL_INTRO, show_in_menus=True)
        publish(home, index)
        for story in STORIES:
            self._article(index, story, publish)
        return index

    def _article(self, index: JournalPage, story: Story, publish: Publish) -> None:
        day = timezone.now() - timedelta(days=story.days)
        page = ArticlePage(
            title=story.title,
            intro=story.intro,
            author=story.author,
            published_on=timezone.localdate(day),
            first_published_at=day,
            picture=self.picture(story.face),
            body=[self._part(kind, value) for kind, value in story.parts],
            search_description=story.intro,
        )
        page.tags.add(*story.tags)
        publish(index, page)

    def _part(self, kind: str, value: Any) -> Block:
        """A block from what a story says of it."""
        if kind == "text":
            return ("text", RichText(value))
        building: dict[str, Callable[..., Block]] = {
            "quote": _quote,
            "faq": _faq,
            "products": self.row,
            "ranking": product_row,
            "gallery": self.gallery,
            "split": self.split,
            "shoppable": self.shoppable,
        }
        return building[kind](*value)

    def row(self, title: str, codes: Sequence[str]) -> Block:
        return product_row(title, "hand", products=[self.products[code] for code in codes])

    def gallery(self, title: str, codes: Sequence[str]) -> Block:
        pictures = [{"picture": self.picture(code), "caption": ""} for code in codes]
        return ("gallery", {"title": title, "pictures": pictures})

    def split(self, title: str, words: str, code: str, shelf: str) -> Block:
        value = {
            "title": title,
            "words": words,
            "picture": self.picture(code, 1),
            "buttons": [button(f"All of {shelf}", self.shelves[shelf])],
            "side": "end",
        }
        return ("split", value)

    def shoppable(self, title: str, words: str, spots: Sequence[tuple[str, int, int]]) -> Block:
        """The wall of the home page, where each print leads to itself."""
        value = {
            "title": title,
            "words": words,
            "picture": self.picture(""),
            "spots": [{"product": self.products[code], "x": x, "y": y} for code, x, y in spots],
        }
        return ("shoppable_picture", value)

    def picture(self, code: str, number: int = 0) -> Picture:
        """The picture of an article, with its words; number 1 is how it hangs."""
        found = copy.copy(self.pictures[code][number])
        found.contextual_alt_text, found.decorative = found.description, False
        return found


def button(text: str, page: Page) -> dict[str, Any]:
    return {"text": text, "page": page, "address": ""}


def _quote(text: str, author: str, source: str) -> Block:
    return ("quote", {"text": text, "author": author, "source": source})


def _faq(title: str, questions: Sequence[tuple[str, str]]) -> Block:
    asked = [{"question": question, "answer": answer} for question, answer in questions]
    return ("faq", {"title": title, "questions": asked})


def product_row(
    title: str,
    source: str,
    *,
    products: Sequence[ProductPage] = (),
    collection: Page | None = None,
    number: int = 4,
) -> Block:
    return (
        "product_row",
        {
            "title": title,
            "source": source,
            "products": list(products),
            "collection": collection,
            "number": number,
        },
    )
