"""A pond from above: carp between lilies."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw

from .canvas import (
    Colour,
    Palette,
    Point,
    Size,
    box,
    edge_light,
    gradient,
    lay,
    mix,
    moved,
    rgb,
    scaled,
    shaded,
    shape,
    stroke,
)
from .plants import leaf_outline


def carp(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Palette: water deep, water light, lilies, blossom, body, then the spots."""
    width, height = size
    image = gradient(size, palette[:2])
    lily, blossom, body = (rgb(colour) for colour in palette[2:5])
    spots = [rgb(colour) for colour in palette[5:]]
    pen = ImageDraw.Draw(image)
    light = mix(rgb(palette[1]), (255, 255, 255), 0.25)
    for _ in range(5):
        centre = (width * rng.random(), height * rng.random())
        for number in range(4):
            pen.ellipse(
                box(centre, width * (0.06 + 0.045 * number)),
                outline=mix(light, rgb(palette[0]), 0.35 + 0.15 * number),
                width=max(1, round(width * 0.0022)),
            )
    turn = rng.uniform(0, math.tau)
    for number, (x, y) in enumerate(((0.36, 0.3), (0.66, 0.5), (0.34, 0.7), (0.72, 0.82))):
        heading = turn + number * 1.9 + rng.uniform(-0.3, 0.3)
        _one_carp(
            image,
            rng,
            (width * x, height * y),
            width * rng.uniform(0.34, 0.42),
            heading,
            (body, spots),
        )
    for x, y, reach in (
        (0.12, 0.1, 0.13),
        (0.86, 0.17, 0.17),
        (0.08, 0.9, 0.17),
        (0.5, 0.96, 0.11),
        (0.94, 0.62, 0.08),
    ):
        _lily(image, rng, (width * x, height * y), width * reach, (lily, blossom))
    return image


class _Carp:
    """A body bent as it swims, by its spine: 41 points from the tail to the head."""

    def __init__(self, centre: Point, long: float, heading: float, bend: float) -> None:
        self.long = long
        self.spine: list[tuple[float, float, float]] = []
        way, step = heading - bend / 2, long / 40
        x, y = centre[0] - math.cos(heading) * long / 2, centre[1] - math.sin(heading) * long / 2
        for _ in range(41):
            self.spine.append((x, y, way))
            x, y = x + step * math.cos(way), y + step * math.sin(way)
            way += bend / 40

    def beside(self, number: int, across: float) -> Point:
        """A point to one side of the spine; ``across`` in lengths of the fish."""
        x, y, way = self.spine[number]
        return (
            x - math.sin(way) * across * self.long,
            y + math.cos(way) * across * self.long,
        )

    def body(self, size: Size) -> Image.Image:
        left = [self.beside(n, _girth(n)) for n in range(41)]
        right = [self.beside(n, -_girth(n)) for n in range(40, -1, -1)]
        return shape(size, [*left, *right])

    def fins(self, size: Size) -> Image.Image:
        """The tail's two, and two pairs at the sides."""
        mask = Image.new("L", size)
        pen = ImageDraw.Draw(mask)
        long = self.long
        for side in (-1, 1):
            way = self.spine[0][2] + math.pi + side * 0.4
            tail = leaf_outline(self.beside(0, 0), way, long * 0.27, long * 0.06, side * 0.12)
            pen.polygon(tail, fill=255)
            for number, reach in ((28, 0.2), (14, 0.11)):
                foot = self.beside(number, side * _girth(number) * 0.8)
                way = self.spine[number][2] + math.pi - side * 2.2
                fin = leaf_outline(foot, way, long * reach, long * 0.045, side * 0.2)
                pen.polygon(fin, fill=255)
        return mask

    def spots(self, size: Size, rng: Random) -> Image.Image:
        mask = Image.new("L", size)
        pen = ImageDraw.Draw(mask)
        for number in (6, 15, 22, 31, 37):
            for _ in range(4):
                place = min(40, max(0, number + rng.randint(-3, 3)))
                spot = self.beside(place, rng.uniform(-0.06, 0.06))
                pen.ellipse(box(spot, self.long * rng.uniform(0.025, 0.06)), fill=255)
        return mask


def _girth(number: int) -> float:
    """Half of how thick the fish is at a point of its spine, in lengths of the fish."""
    return 0.115 * math.sin(math.pi * (number / 40) ** 0.62) ** 0.8 + 0.012


def _one_carp(
    image: Image.Image,
    rng: Random,
    centre: Point,
    long: float,
    heading: float,
    inks: tuple[Colour, list[Colour]],
) -> None:
    """With its shadow on the ground of the pond; the spots are laid on the body alone."""
    white, spots = inks
    fish = _Carp(centre, long, heading, rng.uniform(0.5, 0.9) * rng.choice((-1, 1)))
    body, fins = fish.body(image.size), fish.fins(image.size)
    shadow = moved(ImageChops.lighter(body, fins), long * 0.05, long * 0.07)
    lay(image, mix(rgb("#0a2030"), white, 0.12), scaled(shadow, 0.35))
    lay(image, white, scaled(fins, 0.72))
    lay(image, white, body)
    ink = rng.choice(spots)
    lay(image, ink, ImageChops.multiply(fish.spots(image.size, rng), body))
    shade = scaled(edge_light(body, -long * 0.03, -long * 0.04, long * 0.05), 0.7)
    shaded(image, body, mix(white, (30, 30, 60), 0.6), shade, rng)
    pen = ImageDraw.Draw(image)
    for side in (-1, 1):
        pen.ellipse(box(fish.beside(36, side * 0.05), long * 0.012), fill=(25, 20, 30))
    stroke(pen, [fish.beside(n, 0) for n in range(12, 31)], mix(white, ink, 0.35), long * 0.012)


def _lily(
    image: Image.Image, rng: Random, centre: Point, radius: float, inks: tuple[Colour, Colour]
) -> None:
    lily, blossom = inks
    pen = ImageDraw.Draw(image)
    notch = rng.uniform(0, 360)
    pen.pieslice(
        box((centre[0] + radius * 0.08, centre[1] + radius * 0.12), radius),
        notch,
        notch + 325,
        fill=mix(lily, (10, 25, 40), 0.65),
    )
    pen.pieslice(box(centre, radius), notch, notch + 325, fill=lily)
    for number in range(13):
        angle = math.radians(notch + 12 + 25 * number)
        end = (
            centre[0] + radius * 0.93 * math.cos(angle),
            centre[1] + radius * 0.93 * math.sin(angle),
        )
        pen.line(
            (*centre, *end),
            fill=mix(lily, (235, 245, 200), 0.28),
            width=max(1, round(radius * 0.018)),
        )
    if radius > image.width * 0.12:
        heart = (centre[0] + radius * 0.2, centre[1] - radius * 0.1)
        for ring, count in ((0.55, 10), (0.38, 8)):
            for number in range(count):
                angle = math.tau * number / count + ring
                pen.polygon(
                    leaf_outline(heart, angle, radius * ring, radius * 0.17, 0),
                    fill=mix(blossom, (255, 255, 255), 0.55 - ring * 0.6 + 0.1 * (number % 2)),
                )
        pen.ellipse(box(heart, radius * 0.1), fill=(246, 200, 92))
