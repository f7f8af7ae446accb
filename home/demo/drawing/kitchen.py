"""From the kitchen and its garden: slices of citrus, mushrooms, vases, a row of herbs."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw

from .canvas import (
    Colour,
    Palette,
    Point,
    Size,
    bezier,
    box,
    disc,
    edge_light,
    fade,
    lay,
    mix,
    moved,
    rgb,
    scaled,
    shaded,
    shape,
    soften,
    stroke,
)
from .plants import leaf_outline


def citrus(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Slices in rows. Palette: ground, pith, then peel and flesh by turns."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    pith = rgb(palette[1])
    kinds = [
        (rgb(peel), rgb(flesh)) for peel, flesh in zip(palette[2::2], palette[3::2], strict=True)
    ]
    columns, rows = 3, 4
    step = width * 0.88 / columns
    left, top = (width - step * columns) / 2, (height - step * rows) / 2
    order = [kinds[number % len(kinds)] for number in range(columns * rows)]
    rng.shuffle(order)
    for number, (peel, flesh) in enumerate(order):
        row, column = divmod(number, columns)
        centre = (left + (column + 0.5) * step, top + (row + 0.5) * step)
        _slice(image, rng, centre, step * rng.uniform(0.41, 0.455), (peel, pith, flesh))
    return image


def _slice(
    image: Image.Image,
    rng: Random,
    centre: Point,
    radius: float,
    inks: tuple[Colour, Colour, Colour],
) -> None:
    peel, pith, flesh = inks
    shadow = moved(
        soften(disc(image.size, centre, radius), radius * 0.1), radius * 0.05, radius * 0.08
    )
    lay(image, (40, 20, 20), scaled(shadow, 0.25))
    pen = ImageDraw.Draw(image)
    pen.ellipse(box(centre, radius), fill=peel)
    pen.ellipse(box(centre, radius * 0.92), fill=pith)
    parts, turn = rng.choice((9, 10, 11)), rng.random() * math.tau
    for number in range(parts):
        first = turn + math.tau * (number + 0.07) / parts
        last = turn + math.tau * (number + 0.93) / parts
        middle, outer, inner = (first + last) / 2, radius * 0.85, radius * 0.1

        def at(angle: float, far: float) -> Point:
            return centre[0] + far * math.cos(angle), centre[1] + far * math.sin(angle)

        rim = [at(first + (last - first) * step / 10, outer) for step in range(11)]
        pen.polygon([at(middle, inner), *rim], fill=flesh)
        for _ in range(13):
            angle, far = rng.uniform(first + 0.06, last - 0.06), radius * rng.uniform(0.4, 0.78)
            start, end = at(angle, far), at(angle, far + radius * rng.uniform(0.05, 0.1))
            pen.line((*start, *end), fill=mix(flesh, (255, 255, 255), rng.uniform(0.15, 0.4)),
                     width=max(1, round(radius * 0.016)))  # fmt: skip
    pen.ellipse(box(centre, radius * 0.07), fill=mix(pith, flesh, 0.2))


def mushrooms(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A ring of toadstools. Palette: paper, moss, stem, dots, then the caps."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    moss, stem, dots = (rgb(colour) for colour in palette[1:4])
    caps = [rgb(colour) for colour in palette[4:]]
    lay(
        image,
        mix(rgb(palette[0]), caps[0], 0.14),
        disc(size, (width * 0.5, height * 0.42), width * 0.37),
    )
    places = [(0.2, 0.885, 0.34), (0.81, 0.89, 0.37), (0.36, 0.87, 0.45), (0.66, 0.875, 0.4),
              (0.5, 0.89, 0.62), (0.13, 0.91, 0.17), (0.88, 0.915, 0.16)]  # fmt: skip
    for number, (x, y, tall) in enumerate(places):
        foot = (width * (x + rng.uniform(-0.02, 0.02)), height * y)
        _toadstool(image, rng, foot, height * tall * rng.uniform(0.92, 1.06),
                   (stem, dots, caps[number % len(caps)]))  # fmt: skip
    pen = ImageDraw.Draw(image)
    pen.ellipse((-width * 0.2, height * 0.855, width * 1.2, height * 1.3), fill=moss)
    for _ in range(170):
        x = rng.uniform(0, width)
        y = height * (0.9 - 0.035 * (1 - ((x / width) * 2 - 1) ** 2)) + height * rng.uniform(
            0, 0.09
        )
        long = height * rng.uniform(0.015, 0.045)
        tone = mix(
            moss, (20, 40, 20) if rng.random() < 0.6 else (230, 230, 170), rng.uniform(0, 0.4)
        )
        angle = -math.pi / 2 + rng.gauss(0, 0.25)
        pen.polygon(leaf_outline((x, y), angle, long, long * 0.16, 0.1), fill=tone)
    return image


def _toadstool(
    image: Image.Image,
    rng: Random,
    foot: Point,
    tall: float,
    inks: tuple[Colour, Colour, Colour],
) -> None:
    """A stem with its ring, and a cap with dots that follow its curve."""
    stem, dots, cap = inks
    x, y = foot
    lean = tall * rng.uniform(-0.06, 0.06)
    top, thick, wide = (x + lean, y - tall * 0.62), tall * 0.07, tall * rng.uniform(0.36, 0.42)
    left = bezier(
        (x - thick * 1.3, y),
        (x - thick * 0.6 + lean, y - tall * 0.3),
        (top[0] - thick * 0.7, top[1]),
    )
    right = bezier(
        (top[0] + thick * 0.7, top[1]),
        (x + thick * 0.6 + lean, y - tall * 0.3),
        (x + thick * 1.3, y),
    )
    body = shape(image.size, [*left, *right])
    lay(image, stem, body)
    shaded(image, body, mix(stem, cap, 0.45), edge_light(body, -thick * 0.9, 0, thick), rng)
    pen = ImageDraw.Draw(image)
    gills = (top[0] - wide, top[1] - wide * 0.17, top[0] + wide, top[1] + wide * 0.17)
    pen.ellipse(gills, fill=mix(stem, cap, 0.3))
    dome = Image.new("L", image.size)
    brush = ImageDraw.Draw(dome)
    brush.pieslice(
        (top[0] - wide, top[1] - wide * 0.86, top[0] + wide, top[1] + wide * 0.86),
        180,
        360,
        fill=255,
    )
    brush.ellipse(
        (top[0] - wide, top[1] - wide * 0.1, top[0] + wide, top[1] + wide * 0.1), fill=255
    )
    lay(image, cap, dome)
    shaded(
        image,
        dome,
        mix(cap, (30, 10, 20), 0.5),
        edge_light(dome, -wide * 0.25, -wide * 0.2, wide * 0.3),
        rng,
    )
    for across, up, reach in ((-0.62, 0.2, 0.07), (-0.3, 0.5, 0.1), (0.12, 0.3, 0.12),
                              (0.5, 0.42, 0.08), (0.02, 0.7, 0.07), (0.74, 0.14, 0.05),
                              (-0.26, 0.14, 0.06)):  # fmt: skip
        cx, cy = top[0] + wide * across, top[1] - wide * 0.86 * up
        rx = wide * reach * math.sqrt(max(0.15, 1 - across * across))
        pen.ellipse(
            (cx - rx, cy - wide * reach * 0.75, cx + rx, cy + wide * reach * 0.75), fill=dots
        )


def vases(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A still life. Palette: wall, table, then the clays; the last is the twigs'."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    level = height * 0.8
    sun = disc(size, (width * rng.uniform(0.35, 0.65), height * 0.36), width * 0.27)
    lay(image, mix(rgb(palette[0]), rgb(palette[2]), 0.3), sun)
    ImageDraw.Draw(image).rectangle((0, level, width, height), fill=rgb(palette[1]))
    shaded(image, shape(size, [(0, level), (width, level), (width, height), (0, height)]),
           mix(rgb(palette[1]), (40, 20, 20), 0.3), fade(size, -2.2, 0.9), rng)  # fmt: skip
    clays, twig = [rgb(colour) for colour in palette[2:-1]], rgb(palette[-1])
    rng.shuffle(clays)
    shapes = [((0, 0.6), (0.12, 1), (0.55, 0.8), (0.8, 0.24), (1, 0.34)),
              ((0, 0.5), (0.3, 0.62), (0.62, 0.3), (1, 0.22)),
              ((0, 0.42), (0.25, 1), (0.6, 0.96), (0.86, 0.4), (1, 0.5)),
              ((0, 0.7), (0.5, 0.74), (0.9, 0.7), (1, 0.76))]  # fmt: skip
    rng.shuffle(shapes)
    for number, (x, tall, wide) in enumerate(((0.68, 0.4, 0.13), (0.32, 0.33, 0.15),
                                              (0.53, 0.22, 0.13), (0.85, 0.17, 0.1))):  # fmt: skip
        foot = (width * x, level + height * (0.035 + 0.018 * number))
        if number < 2:
            _twigs(image, rng, (foot[0], foot[1] - height * tall * 0.97), height * 0.27, twig)
        _vase(
            image,
            rng,
            foot,
            (width * wide, height * tall),
            shapes[number],
            clays[number % len(clays)],
        )
    return image


def _vase(
    image: Image.Image,
    rng: Random,
    foot: Point,
    reach: tuple[float, float],
    profile: tuple[Point, ...],
    clay: Colour,
) -> None:
    """What a potter's wheel makes of a profile: how wide at which share of the height."""
    x, y = foot
    wide, tall = reach
    side = []
    for number in range(41):
        share = number / 40
        after = next(n for n in range(1, len(profile)) if profile[n][0] >= share)
        (a, first), (b, last) = profile[after - 1], profile[after]
        ease = (1 - math.cos(math.pi * (share - a) / (b - a))) / 2
        side.append((wide * (first + (last - first) * ease), y - tall * share))
    outline = [
        *((x - half, at) for half, at in side),
        *((x + half, at) for half, at in reversed(side)),
    ]
    body = shape(image.size, outline)
    ground = moved(soften(scaled(body, 0.5), wide * 0.3), wide * 0.5, wide * 0.08)
    under = shape(
        image.size,
        [
            (0, y - wide * 0.06),
            (image.width, y - wide * 0.06),
            (image.width, image.height),
            (0, image.height),
        ],
    )
    lay(image, (40, 25, 25), scaled(ImageChops.multiply(ground, under), 0.8))
    lay(image, clay, body)
    shade = edge_light(body, -wide * 0.6, 0, wide * 0.6)
    shaded(image, body, mix(clay, (30, 15, 25), 0.42), scaled(shade, 0.75), rng)
    light = edge_light(body, wide * 0.3, wide * 0.1, wide * 0.3)
    shaded(image, body, mix(clay, (255, 250, 235), 0.45), scaled(light, 0.6), rng)
    pen = ImageDraw.Draw(image)
    half, top = side[-1]
    pen.ellipse(
        (x - half, top - half * 0.16, x + half, top + half * 0.16),
        fill=mix(clay, (20, 10, 15), 0.55),
    )


def _twigs(image: Image.Image, rng: Random, foot: Point, tall: float, ink: Colour) -> None:
    pen = ImageDraw.Draw(image)
    x, y = foot
    for lean in (-0.42, -0.14, 0.2, 0.5):
        lean += rng.uniform(-0.08, 0.08)
        tip = (x + lean * tall, y - tall * rng.uniform(0.75, 1.05))
        stem = bezier((x, y + tall * 0.06), (x + lean * tall * 0.2, y - tall * 0.6), tip, 22)
        stroke(pen, stem, ink, tall * 0.012)
        for number in range(6, 22, 2):
            spot = stem[number]
            for side in (-1, 1):
                angle = -math.pi / 2 + lean + side * rng.uniform(0.6, 1.0)
                outline = leaf_outline(
                    spot, angle, tall * rng.uniform(0.09, 0.13), tall * 0.032, 0.03
                )
                pen.polygon(outline, fill=mix(ink, (255, 255, 240), rng.uniform(0, 0.25)))
