"""Choosers of the blocks: what a page's blocks point to is read for all of them at once.

Wagtail reads per kind of block and field, which for a page of ten kinds of blocks is dozens of
queries. While ``held`` holds rows, these choosers take theirs from there.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from wagtail.blocks import (
    Block,
    ChooserBlock,
    ListBlock,
    PageChooserBlock,
    StreamBlock,
    StructBlock,
)
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

Rows = Mapping[type, Mapping[int, Any]]

_held: ContextVar[Rows | None] = ContextVar("rows that blocks point to", default=None)


@contextmanager
def held(rows: Rows) -> Iterator[None]:
    """Within this, in this thread or task, blocks get their rows from here and read none.

    What is not among them is None, as if it had never been chosen.
    """
    token = _held.set(rows)
    try:
        yield
    finally:
        _held.reset(token)


class HeldMixin:
    """A chooser that takes what is held; migrations know it as Wagtail's own (``known_as``)."""

    known_as = ""

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Any]:
        rows = _held.get()
        if rows is None:
            return super().bulk_to_python(values)
        of_kind = rows.get(self.model_class, {})
        # A copy each: blocks write alternative texts on their picture.
        return [copy.copy(of_kind.get(key)) for key in values]

    def deconstruct(self) -> tuple[str, Any, Any]:
        _path, args, kwargs = super().deconstruct()
        return self.known_as, args, kwargs


class PageChooser(HeldMixin, PageChooserBlock):
    known_as = "wagtail.blocks.PageChooserBlock"


class DocumentChooser(HeldMixin, DocumentChooserBlock):
    known_as = "wagtail.documents.blocks.DocumentChooserBlock"


class PictureChooser(HeldMixin, ImageChooserBlock):
    known_as = "wagtail.images.blocks.ImageChooserBlock"


class PictureBlock(ImageBlock):
    """A picture with its alternative text, which is asked for unless it only decorates."""

    def __init__(self, required: bool = True, **kwargs: Any) -> None:
        super().__init__(required=required, **kwargs)
        chooser = PictureChooser(required=required)
        chooser.set_name("image")
        self.child_blocks["image"] = chooser

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        # Programs write None where editors leave a picture out; Wagtail takes no mixture.
        nothing = {"image": None, "alt_text": "", "decorative": False}
        return super().bulk_to_python([nothing if raw is None else raw for raw in values])

    def clean(self, value: Any) -> Any:
        # Wagtail asks for a picture's text even where no picture is asked for.
        return super().clean(value) if value or self.child_blocks["image"].required else None


def references(block: Block, raw: Any) -> Iterator[tuple[type, int]]:
    """What a stored value of a block points to: the kind of row, and its key."""
    if isinstance(block, ChooserBlock):
        if isinstance(raw, int):
            yield block.model_class, raw
    elif isinstance(block, StreamBlock):
        for child in raw or ():
            if kind := block.child_blocks.get(child["type"]):
                yield from references(kind, child["value"])
    elif isinstance(block, ListBlock):
        for item in raw or ():
            is_item = isinstance(item, dict) and item.get("type") == "item"
            yield from references(block.child_block, item["value"] if is_item else item)
    elif isinstance(block, StructBlock) and isinstance(raw, dict):
        for name, child in block.child_blocks.items():
            yield from references(child, raw.get(name))
