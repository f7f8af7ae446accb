"""The leaves of a monstera, with their windows."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw

from .canvas import (
    Colour,
    Palette,
    Point,
    Size,
    bezier,
    disc,
    lay,
    mix,
    rgb,
    scaled,
    shaded,
    shape,
    stroke,
)
from .plants import leaf_outline


def monstera(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Three leaves with windows. Palette: paper, disc, then the greens; the last is the vein's."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    lay(image, rgb(palette[1]), disc(size, (width * 0.5, height * 0.42), width * 0.38))
    vein = rgb(palette[-1])
    foot = (width * 0.5, height * 1.04)
    places = [((0.29, 0.38), 0.21, -0.38), ((0.68, 0.5), 0.2, 0.42), ((0.46, 0.68), 0.24, 0.05)]
    for number, ((x, y), reach, lean) in enumerate(places):
        heart = (width * (x + rng.uniform(-0.02, 0.02)), height * y)
        stem = bezier(foot, (width * 0.5, (heart[1] + height) / 2), heart, 24)
        stroke(ImageDraw.Draw(image), stem, mix(rgb(palette[2 + number]), vein, 0.3), width * 0.009)
        _monstera(
            image,
            rng,
            heart,
            width * reach * 1.28,
            lean + rng.uniform(-0.1, 0.1),
            (rgb(palette[2 + number]), vein),
        )
    return image


def _monstera(
    image: Image.Image,
    rng: Random,
    heart: Point,
    reach: float,
    lean: float,
    inks: tuple[Colour, Colour],
) -> None:
    """A heart, from which cuts and holes between the side veins are taken away."""
    ink, vein = inks

    def at(across: float, along: float) -> Point:
        """``along`` from the heart (0) to the tip (1)."""
        x, y = across * reach, -along * reach * 1.25
        return (
            heart[0] + x * math.cos(lean) - y * math.sin(lean),
            heart[1] + x * math.sin(lean) + y * math.cos(lean),
        )

    def half(along: float) -> float:
        return 0.92 * math.sin(math.pi * min(1, max(0, (along + 0.22) / 1.22)) ** 0.72) ** 0.85

    steps = [-0.2 + 1.2 * number / 50 for number in range(51)]
    outline = [at(half(s), s) for s in steps] + [at(-half(s), s) for s in reversed(steps)]
    leaf = shape(image.size, [at(0, 0.02), *outline[1:50], at(0, 1.0), *outline[52:101]])
    pen = ImageDraw.Draw(leaf)
    for side in (-1, 1):
        for number in range(5):
            along = 0.02 + 0.165 * number
            wide = half(along + 0.2)
            inner, outer = rng.uniform(0.36, 0.5), 1.25
            cut = [
                at(side * wide * inner, along + 0.14),
                *bezier(
                    at(side * wide * (inner + 0.1), along + 0.19),
                    at(side * wide * 0.8, along + 0.26),
                    at(side * wide * outer, along + 0.36),
                    8,
                ),
                *bezier(
                    at(side * wide * outer, along + 0.27),
                    at(side * wide * 0.8, along + 0.19),
                    at(side * wide * (inner + 0.1), along + 0.125),
                    8,
                ),
            ]
            pen.polygon(cut, fill=0)
            hole = at(side * wide * 0.2, along + 0.1)
            pen.polygon(
                leaf_outline(hole, lean - math.pi / 2 + side * 1.0, reach * 0.14, reach * 0.05, 0),
                fill=0,
            )
    lay(
        image,
        (40, 40, 30),
        scaled(ImageChops.offset(leaf, round(reach * 0.03), round(reach * 0.05)), 0.16),
    )
    lay(image, ink, leaf)
    right = shape(image.size, [at(0, -0.3), at(0, 1.1), at(2, 1.1), at(2, -0.3)])
    shaded(image, ImageChops.multiply(leaf, right), mix(ink, (10, 25, 25), 0.45), 0.4, rng)
    pen = ImageDraw.Draw(image)
    stroke(pen, [at(0, -0.02), at(0, 0.97)], vein, reach * 0.018)
    for side in (-1, 1):
        for number in range(6):
            along = 0.01 + 0.155 * number
            rib = bezier(
                at(0, along),
                at(side * half(along) * 0.4, along + 0.04),
                at(side * half(along + 0.2) * 0.82, along + 0.17),
                12,
            )
            pen.line(rib, fill=mix(ink, vein, 0.75), width=max(1, round(reach * 0.008)))
