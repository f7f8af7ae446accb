"""The pictures of a product's page: those of its story, and those of variants that have their own.

A variant's picture stands among the others, so that it is seen by whoever never chooses the
variant, and is shown by going to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.models.pictures import Picture
from catalog.models.skus import Sku


@dataclass(frozen=True)
class Shown:
    picture: Picture
    alt_text: str


def gallery(
    title: str, pictures: Iterable[Any], variants: Sequence[Sku], chosen: Sku | None = None
) -> list[Shown]:
    """Each picture once; the first is that of the chosen variant, if one is chosen and has one.

    ``pictures`` are rows of ``ProductPicture``.
    """
    shown: dict[int, Shown] = {}
    for row in pictures:
        alt_text = row.alt_text or row.image.description or title
        shown.setdefault(row.image_id, Shown(row.image, alt_text))
    for sku in variants:
        if sku.picture:
            alt_text = sku.picture.description or f"{title}, {sku.label or sku.code}"
            shown.setdefault(sku.picture_id, Shown(sku.picture, alt_text))
    found = list(shown.values())
    if chosen and chosen.picture_id in shown:
        first = shown[chosen.picture_id]
        found.remove(first)
        found.insert(0, first)
    return found
