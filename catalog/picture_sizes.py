"""The sizes that pictures are shown in: a fixed set, so that workers can make them beforehand.

A kind is a use of pictures. AVIF comes in every width that screens of shoppers ask for; WebP, for
the few browsers without AVIF, in fewer; one JPEG is for all others, for mails and for feeds.
Whole pictures come in widths, which kinds share; what is cut comes around the focal point.
"""

from dataclasses import dataclass
from functools import lru_cache

from wagtail.images.models import Filter


@dataclass(frozen=True)
class Kind:
    """Sizes as Wagtail's operations name them, from small to large, for each format."""

    avif: tuple[str, ...]
    webp: tuple[str, ...]
    jpeg: str
    # How wide the picture is on the screen; a little too wide rather than too narrow.
    sizes: str
    # Width and height of what is cut; None for a whole picture, whose height is its own.
    ratio: tuple[int, int] | None = None

    @property
    def specs(self) -> tuple[str, ...]:
        """All of its renditions, as rows name them."""
        return tuple(
            [spec_of("avif", size) for size in self.avif]
            + [spec_of("webp", size) for size in self.webp]
            + [spec_of("jpeg", self.jpeg)]
        )


def spec_of(file_format: str, size: str) -> str:
    return f"format-{file_format}|{size}"


def _whole(avif: list[int], webp: list[int], jpeg: int, sizes: str) -> Kind:
    return Kind(
        tuple(f"width-{width}" for width in avif),
        tuple(f"width-{width}" for width in webp),
        f"width-{jpeg}",
        sizes,
    )


def _cut(ratio: tuple[int, int], avif: list[int], webp: list[int], jpeg: int, sizes: str) -> Kind:
    def size(width: int) -> str:
        return f"fill-{width}x{width * ratio[1] // ratio[0]}"

    return Kind(tuple(map(size, avif)), tuple(map(size, webp)), size(jpeg), sizes, ratio)


KINDS = {
    # On a home page, as large as the screen lets it be.
    "hero": _whole([480, 640, 960, 1280, 1600], [640, 1280], 960, "(min-width: 60rem) 40rem, 92vw"),
    # Between words, as wide as they are.
    "wide": _whole([480, 640, 960, 1280], [640, 1280], 960, "(min-width: 48rem) 42rem, 92vw"),
    # On a product's card, within its wall.
    "card": _whole(
        [320, 480],
        [320],
        480,
        "(min-width: 80rem) 15rem, (min-width: 70rem) 19vw, (min-width: 48rem) 25vw, 38vw",
    ),
    "product": _whole([480, 640, 960, 1280], [640, 1280], 960, "(min-width: 60rem) 36rem, 80vw"),
    "gallery": _whole([320, 480, 640], [320, 640], 480, "(min-width: 60rem) 18rem, 40vw"),
    # In lines of a cart, in lists and on buttons.
    "thumb": _whole([160, 320], [320], 480, "6rem"),
    "zoom": _whole([960, 1280, 1600], [1280], 960, "100vw"),
    # At the head of a category.
    "scene": _cut((8, 5), [480, 800, 1200], [800], 800, "(min-width: 60rem) 38rem, 92vw"),
    "tile": _cut((8, 5), [480, 800], [800], 800, "(min-width: 48rem) 25rem, 92vw"),
    "square": _cut((1, 1), [320, 640], [640], 640, "(min-width: 48rem) 20rem, 46vw"),
    # On a teaser of an article.
    "article": _cut(
        (16, 9),
        [480, 800, 1200],
        [800],
        1200,
        "(min-width: 60rem) 26rem, (min-width: 40rem) 46vw, 92vw",
    ),
}


def _specs(kinds: list[Kind]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spec for kind in kinds for spec in kind.specs))


# Every picture has these ...
WHOLE = _specs([kind for kind in KINDS.values() if kind.ratio is None])
# ... and these, if a page of words shows it.
CUT = _specs([kind for kind in KINDS.values() if kind.ratio is not None])
# What listings show, to be made of all pictures before the rest of any.
FIRST = _specs([KINDS["card"], KINDS["thumb"]])


@lru_cache(maxsize=256)
def filter_of(spec: str) -> Filter:
    """Wagtail's filter for a rendition, with its operations read once."""
    return Filter(spec=spec)
