"""An issue's blocks as both bodies of its mail show them, with the prices of this moment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from wagtail.images.models import SourceImageIOError

from catalog.cards import Card, public_cards
from catalog.models import Picture
from orders.mails.about_stock import absolute
from social.newsletter import words

# What a mail of 600 pixels has beside its edges; pictures are twice as fine.
WIDTH = 534
# Formats and colours that every mail program shows.
PLAIN = "format-jpeg|bgcolor-ffffff"
LARGE = f"max-{2 * WIDTH}x1800|{PLAIN}"
THUMB_WIDTH = 112
THUMB = f"fill-{2 * THUMB_WIDTH}x{2 * THUMB_WIDTH}|{PLAIN}"


@dataclass(frozen=True)
class Shown:
    """A picture at its place in a mail."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Item:
    card: Card
    url: str
    picture: Shown | None


@dataclass(frozen=True)
class Part:
    """One block. Which of the others are filled depends on its ``kind``."""

    kind: str
    html: SafeString | str = ""
    text: str = ""
    picture: Shown | None = None
    title: str = ""
    items: tuple[Item, ...] = ()
    url: str = ""


def parts_of(body: Iterable[Any]) -> list[Part]:
    """What has nothing to show, such as a row of products that are gone, is left out."""
    return [part for block in body if (part := _part(block.block_type, block.value))]


def _part(kind: str, value: Any) -> Part | None:
    if kind == "text":
        return Part(kind, html=words.as_html(value.source), text=words.as_text(value.source))
    if kind == "picture":
        picture = _large(value)
        return Part(kind, picture=picture) if picture else None
    if kind == "products":
        items = tuple(_items(value["products"]))
        return Part(kind, title=value["title"], items=items) if items else None
    url = words.whole(value["url"] or "")
    return Part(kind, text=value["text"], url=url) if url else None


def _items(pages: Iterable[Any]) -> Iterator[Item]:
    for card in public_cards(pages):
        yield Item(card, absolute(card.page), _shown(card.picture, THUMB, THUMB_WIDTH, ""))


def _large(picture: Any) -> Shown | None:
    if picture is None:
        return None
    is_mute = getattr(picture, "decorative", False)
    alt = "" if is_mute else getattr(picture, "contextual_alt_text", "") or picture.description
    return _shown(picture, LARGE, WIDTH, alt or "")


def _shown(picture: Picture | None, spec: str, width: int, alt: str) -> Shown | None:
    """The rendition, made now if nobody has seen it; None where its file cannot be read."""
    if picture is None:
        return None
    try:
        made = picture.get_rendition(spec)
    except (SourceImageIOError, OSError):
        return None
    width = min(width, made.width)
    return Shown(words.whole(made.url), width, round(made.height * width / made.width), alt)
