"""Descriptions made of blocks: as a file has them, and as a page keeps them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from wagtail.blocks import StreamValue

from catalog.models import Picture

from . import links, words
from .drafts import Block


def raw(value: StreamValue) -> list[dict[str, Any]]:
    """The blocks as they are stored: no query, and no picture is loaded."""
    return list(value.raw_data)


def picture_keys(blocks: Iterable[Mapping[str, Any]]) -> set[int]:
    found = (_picture(block["value"])["image"] for block in blocks if block["type"] == "picture")
    return {key for key in found if key}


def text_of(blocks: Iterable[Mapping[str, Any]]) -> str:
    """All the HTML, to look for links in."""
    return "".join(block["value"] for block in blocks if block["type"] == "text")


def for_a_file(
    blocks: Iterable[Mapping[str, Any]],
    sources: Mapping[int, str],
    addresses: Mapping[int, str],
) -> list[Block]:
    """Stored blocks as a file has them; empty ones, and pictures that are gone, say nothing."""
    found = []
    for block in blocks:
        if block["type"] == "text":
            if text := words.clean(links.outward(block["value"], addresses)):
                found.append(Block(0, text=text))
        elif block["type"] == "picture":
            value = _picture(block["value"])
            if source := sources.get(value["image"]):
                alt = value.get("alt_text") or ""
                is_decorative = bool(value.get("decorative"))
                found.append(Block(0, picture=source, alt_text=alt, is_decorative=is_decorative))
    return found


def for_a_page(
    blocks: Iterable[Block], pictures: Mapping[str, Picture], pages: Mapping[str, int]
) -> list[dict[str, Any]]:
    """A file's blocks as they are stored; a picture that could not be had is left out."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        if block.text:
            found.append(_block("text", links.inward(block.text, pages)))
        elif picture := pictures.get(block.picture):
            value = {
                "image": picture.pk,
                "decorative": block.is_decorative,
                "alt_text": block.alt_text,
            }
            found.append(_block("picture", value))
    return found


def is_same(one: Iterable[Mapping[str, Any]], other: Iterable[Mapping[str, Any]]) -> bool:
    """Whether both say the same; keys of blocks and of paragraphs are no part of it."""
    return [_said(block) for block in one] == [_said(block) for block in other]


def is_same_text(stored: str, wanted: str) -> bool:
    """Whether stored HTML says what clean HTML with the keys of pages says."""
    if not stored or not wanted:
        return stored == wanted
    return words.clean(_with_keys(stored)) == _with_keys(wanted)


def _with_keys(html: str) -> str:
    """Links to pages, which would be cleaned away, as addresses that no page has."""
    return links.outward(html, {key: f"//{key}" for key in links.pages_in(html)})


def _said(block: Mapping[str, Any]) -> Any:
    if block["type"] == "picture":
        value = _picture(block["value"])
        said = value["image"], bool(value.get("decorative")), value.get("alt_text") or ""
        return block["type"], said
    return "text", words.clean(_with_keys(block["value"]))


def _block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid4())}


def _picture(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {"image": value}
