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


def _one_carp(
    image: Image.Image,
    rng: Random,
    centre: Point,
    long: float,
    heading: float,
    inks: tuple[Colour, list[Colour]],
) -> None:
    """A body bent as it swims; the spots are laid on it alone."""
    white, spots = inks
    bend = rng.uniform(0.5, 0.9) * rng.choice((-1, 1))
    spine, way = [], heading - bend / 2
    place = (centre[0] - math.cos(heading) * long / 2, centre[1] - math.sin(heading) * long / 2)
    for _ in range(41):
        spine.append((*place, way))
        place = (place[0] + long / 40 * math.cos(way), place[1] + long / 40 * math.sin(way))
        way += bend / 40

    def beside(number: int, across: float) -> Point:
        x, y, angle = spine[number]
        return x - math.sin(angle) * across * long, y + math.cos(angle) * across * long

    def girth(number: int) -> float:
        share = number / 40
        return 0.115 * math.sin(math.pi * share**0.62) ** 0.8 + 0.012

    outline = [
        *(beside(n, girth(n)) for n in range(41)),
        *(beside(n, -girth(n)) for n in range(40, -1, -1)),
    ]
    fins = Image.new("L", image.size)
    pen = ImageDraw.Draw(fins)
    for side in (-1, 1):
        pen.polygon(
            leaf_outline(
                beside(0, 0),
                spine[0][2] + math.pi + side * 0.4,
                long * 0.27,
                long * 0.06,
                side * 0.12,
            ),
            fill=255,
        )
        for number, reach in ((28, 0.2), (14, 0.11)):
            pen.polygon(
                leaf_outline(
                    beside(number, side * girth(number) * 0.8),
                    spine[number][2] + math.pi - side * 2.2,
                    long * reach,
                    long * 0.045,
                    side * 0.2,
                ),
                fill=255,
            )
    body = shape(image.size, outline)
    both = ImageChops.lighter(body, fins)
    lay(
        image,
        mix(rgb("#0a2030"), white, 0.12),
        scaled(ImageChops.offset(both, round(long * 0.05), round(long * 0.07)), 0.35),
    )
    lay(image, white, scaled(fins, 0.72))
    lay(image, white, body)
    dots = Image.new("L", image.size)
    pen = ImageDraw.Draw(dots)
    ink = rng.choice(spots)
    for number in (6, 15, 22, 31, 37):
        for _ in range(4):
            pen.ellipse(
                box(
                    beside(min(40, max(0, number + rng.randint(-3, 3))), rng.uniform(-0.06, 0.06)),
                    long * rng.uniform(0.025, 0.06),
                ),
                fill=255,
            )
    lay(image, ink, ImageChops.multiply(dots, body))
    shaded(
        image,
        body,
        mix(white, (30, 30, 60), 0.6),
        scaled(edge_light(body, -long * 0.03, -long * 0.04, long * 0.05), 0.7),
        rng,
    )
    pen = ImageDraw.Draw(image)
    for side in (-1, 1):
        pen.ellipse(box(beside(36, side * 0.05), long * 0.012), fill=(25, 20, 30))
    ridge = [beside(n, 0) for n in range(12, 31)]
    stroke(pen, ridge, mix(white, ink, 0.35), long * 0.012)


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
