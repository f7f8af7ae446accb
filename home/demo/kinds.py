"""What the demo catalogue is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

# How long ago the shop opened.
OPENED = timedelta(days=90)


@dataclass(frozen=True)
class Poster:
    """How a picture is drawn: a style of ``home.demo.drawing``, and what is chosen in it."""

    style: str
    seed: int
    palette: tuple[str, ...]
    alt: str


@dataclass(frozen=True)
class Article:
    """A product: its page, and the SKUs sold on it.

    ``prices`` has one amount for each of ``sizes``, or a single one for an
    article without options; ``before`` are the prices before a reduction.
    """

    code: str
    title: str
    brand: str
    summary: str
    story: tuple[str, ...]
    tags: tuple[str, ...]
    # One for a print; several for a set, which is shown lying on a table.
    posters: tuple[Poster, ...]
    prices: tuple[str, ...]
    before: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    shown: Literal["print", "cards", "notebook"] = "print"
    # Behind a picture that shows a thing on a table.
    table: str = "#cfd6dc"
    alt: str = ""
    weight: int = 0
    # By SKU code; all others get a number of their own between 6 and 40.
    stock: Mapping[str, int] = field(default_factory=dict)
    sells_on: bool = False
    # So many days ago it came into the shop; most were there from the first day.
    launched: int = OPENED.days


@dataclass(frozen=True)
class Shelf:
    """A category: its words, its articles and the shelves below it."""

    title: str
    intro: str
    # The code of the article whose picture stands for the whole shelf.
    face: str
    articles: tuple[Article, ...] = ()
    shelves: tuple["Shelf", ...] = ()

    def all_articles(self) -> tuple[Article, ...]:
        below = (article for shelf in self.shelves for article in shelf.all_articles())
        return (*self.articles, *below)

    def codes_needed(self) -> Iterator[str]:
        """Whose pictures are needed, in order. The newest comes first in a listing, so the first
        of a shelf is put there last."""
        yield self.face
        for shelf in self.shelves:
            yield from shelf.codes_needed()
        yield from (article.code for article in reversed(self.articles))


@dataclass(frozen=True)
class Scene:
    """A wide picture of three prints on a wall; the middle one hangs largest."""

    code: str
    prints: tuple[str, str, str]
    wall: str
    alt: str


@dataclass(frozen=True)
class Words:
    """A content page, paragraph by paragraph."""

    title: str
    body: tuple[str, ...]


SIZES = ("A3", "50 × 70 cm", "70 × 100 cm")
FRAMES = ("No frame", "Oak", "Black")
PRINT_DETAILS = (
    "<b>Paper:</b> matt cotton paper, 240 g/m², uncoated and acid-free",
    "<b>Ink:</b> twelve pigment inks, lightfast for more than eighty years behind glass",
    "<b>Sizes:</b> A3 (29.7 × 42 cm), 50 × 70 cm and 70 × 100 cm, each with a white edge for "
    "framing",
)
FRAME_DETAIL = (
    "<b>Frame:</b> solid oak or ash stained black, with a mount and shatterproof acrylic glass, "
    "ready to hang"
)
