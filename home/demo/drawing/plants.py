"""Plants pressed between the pages: a fern, an olive branch, a meadow."""

import math
from random import Random

from PIL import Image, ImageDraw

from .canvas import (
    Colour,
    Palette,
    Point,
    Size,
    bezier,
    box,
    edge_light,
    lay,
    mix,
    ramp,
    rgb,
    scaled,
    shape,
    stipple,
    stroke,
)


def leaf_outline(foot: Point, angle: float, long: float, wide: float, bend: float) -> list[Point]:
    """A pointed leaf from ``foot``; ``bend`` curves it to one side."""
    tip = (foot[0] + long * math.cos(angle), foot[1] + long * math.sin(angle))
    across = (-math.sin(angle), math.cos(angle))
    middle = (foot[0] + (tip[0] - foot[0]) * 0.42, foot[1] + (tip[1] - foot[1]) * 0.42)

    def pull(side: float) -> Point:
        return (
            middle[0] + across[0] * (side * wide + bend * long),
            middle[1] + across[1] * (side * wide + bend * long),
        )

    return [*bezier(foot, pull(1), tip), *reversed(bezier(foot, pull(-1), tip))]


def fern(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """One frond with its leaflets. Palette: paper, a pale disc, then greens from stem to tip."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    ImageDraw.Draw(image).ellipse(
        box((width * 0.5, height * 0.45), width * 0.36), fill=rgb(palette[1])
    )
    lean = rng.uniform(0.1, 0.16) * rng.choice((-1, 1))
    stem = bezier(
        (width * (0.5 - lean), height * 0.93),
        (width * (0.5 - lean), height * 0.4),
        (width * (0.5 + lean * 1.5), height * 0.09),
        60,
    )
    pen = ImageDraw.Draw(image)
    greens = ramp(palette[2:], len(stem))
    for number in range(7, len(stem) - 1, 3):
        x, y = stem[number]
        ahead = stem[min(number + 1, len(stem) - 1)]
        way = math.atan2(ahead[1] - stem[number - 1][1], ahead[0] - stem[number - 1][0])
        share = (number - 8) / (len(stem) - 9)
        long = width * 0.37 * math.sin(math.pi * (0.16 + 0.84 * share) ** 0.8) * (1 - 0.2 * share)
        for side in (-1, 1):
            pinna(pen, rng, (x, y), way + side * (1.16 - 0.3 * share), long, side, greens[number])
    stroke(pen, stem, mix(greens[0], (20, 20, 10), 0.35), width * 0.005)
    return image


def pinna(
    pen: ImageDraw.ImageDraw,
    rng: Random,
    foot: Point,
    angle: float,
    long: float,
    side: int,
    ink: Colour,
) -> None:
    """A side branch of a fern: small leaves on both sides of a bent rib."""
    droop = -side * 0.24
    tip_angle = angle + droop
    pull = (foot[0] + long * 0.5 * math.cos(angle), foot[1] + long * 0.5 * math.sin(angle))
    tip = (pull[0] + long * 0.5 * math.cos(tip_angle), pull[1] + long * 0.5 * math.sin(tip_angle))
    rib = bezier(foot, pull, tip, 17)
    tone = mix(ink, (255, 255, 220), rng.uniform(0, 0.12))
    for number in range(1, len(rib)):
        (x, y), before = rib[number], rib[number - 1]
        way = math.atan2(y - before[1], x - before[0])
        small = long * 0.135 * (1 - 0.75 * number / len(rib))
        for turn in (-1, 1):
            outline = leaf_outline((x, y), way + turn * 0.85, small, small * 0.36, turn * -0.05)
            pen.polygon(outline, fill=tone if turn == side else mix(tone, (0, 20, 20), 0.16))
    stroke(pen, rib, mix(ink, (10, 20, 10), 0.25), max(1.0, long * 0.008))


def olive(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A branch with fruit. Palette: paper, stem, leaf, its back, fruit, its shade."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    stem = bezier(
        (width * 0.3, height * 0.93), (width * 0.33, height * 0.5), (width * 0.6, height * 0.17), 44
    )
    pen = ImageDraw.Draw(image)
    stroke(pen, stem, rgb(palette[1]), width * 0.009)
    for number in range(5, 44, 3):
        x, y = stem[number]
        way = math.atan2(
            stem[number][1] - stem[number - 1][1], stem[number][0] - stem[number - 1][0]
        )
        share = number / 43
        for side in (-1, 1):
            long = width * (0.33 - 0.13 * share) * rng.uniform(0.85, 1.1)
            angle = way + side * rng.uniform(0.55, 0.95)
            front = rng.random() < 0.68
            _leaf(image, rng, (x, y), angle, long, palette[2] if front else palette[3], palette[1])
    for number in (10, 17, 23, 30):
        x, y = stem[number]
        side = 1 if number % 2 else -1
        end = (x + side * width * rng.uniform(0.06, 0.1), y + height * rng.uniform(0.03, 0.05))
        stroke(pen, bezier((x, y), (end[0], y), end, 10), rgb(palette[1]), width * 0.004)
        _fruit(image, rng, end, width * rng.uniform(0.038, 0.046), palette)
    return image


def _leaf(
    image: Image.Image, rng: Random, foot: Point, angle: float, long: float, ink: str, stem: str
) -> None:
    # On a piece of its own, because the masks of a whole sheet for each leaf take seconds.
    side = round(long * 2.2 / 16) * 16
    left, top = round(foot[0] - side / 2), round(foot[1] - side / 2)
    root = (foot[0] - left, foot[1] - top)
    outline = leaf_outline(root, angle, long, long * 0.19, rng.uniform(-0.07, 0.07))
    mask = shape((side, side), outline)
    image.paste(rgb(ink), (left, top), mask)
    half = shape((side, side), [*outline[:24], root])
    image.paste(mix(rgb(ink), (255, 255, 240), 0.16), (left, top), half)
    shade = edge_light(mask, long * 0.1, -long * 0.12, long * 0.1)
    image.paste(mix(rgb(ink), (10, 20, 20), 0.32), (left, top), stipple(scaled(shade, 0.6), rng))
    tip = (outline[23][0] + left, outline[23][1] + top)
    stroke(
        ImageDraw.Draw(image), [foot, tip], mix(rgb(ink), rgb(stem), 0.55), max(1.0, long * 0.008)
    )


def _fruit(image: Image.Image, rng: Random, top: Point, radius: float, palette: Palette) -> None:
    side = round(radius * 4 / 16) * 16
    corner = (round(top[0] - side / 2), round(top[1] - side / 4))
    x, y = top[0] - corner[0], top[1] - corner[1]
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).ellipse(
        (x - radius * 0.8, y, x + radius * 0.8, y + radius * 2.3), fill=255
    )
    image.paste(rgb(palette[4]), corner, mask)
    shade = edge_light(mask, -radius * 0.5, -radius * 0.5, radius * 0.7)
    image.paste(rgb(palette[5]), corner, stipple(scaled(shade, 0.9), rng))
    x, y = top
    ImageDraw.Draw(image).ellipse(
        (x - radius * 0.4, y + radius * 0.4, x - radius * 0.15, y + radius * 0.9),
        fill=mix(rgb(palette[4]), (255, 255, 255), 0.5),
    )


def meadow(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Umbels, grasses and poppies against the light. Palette: sky above, sky below, sun, stems
    from far to near, flower, seed."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    for row in range(0, height, 8):
        image.paste(mix(rgb(palette[0]), rgb(palette[1]), row / height), (0, row, width, row + 8))
    sun = shape(size, [(0, 0)] * 3)
    ImageDraw.Draw(sun).ellipse(box((width * 0.62, height * 0.33), width * 0.2), fill=255)
    lay(image, rgb(palette[2]), sun)
    pen = ImageDraw.Draw(image)
    tones = ramp(palette[3:5], 4)
    for number, tone in enumerate(tones):
        for _ in range(16 - 2 * number):
            foot = (width * rng.uniform(-0.05, 1.05), height * 1.02)
            top = (
                foot[0] + width * rng.gauss(0, 0.07),
                height * (rng.uniform(0.3, 0.78) + 0.03 * number),
            )
            stem = bezier(foot, (foot[0], (foot[1] + top[1]) / 2), top, 30)
            stroke(pen, stem, tone, width * (0.0022 + 0.0012 * number))
            kind = rng.choice((_umbel, _umbel, _grass, _poppy))
            kind(
                pen,
                rng,
                stem,
                width * rng.uniform(0.075, 0.12),
                [tone, rgb(palette[5]), rgb(palette[6])],
            )
        _blades(pen, rng, size, tone, 0.76 + 0.06 * number)
    return image


def _umbel(
    pen: ImageDraw.ImageDraw, rng: Random, stem: list[Point], reach: float, inks: list[Colour]
) -> None:
    """Cow parsley: rays that branch once more and end in dots."""
    x, y = stem[-1]
    for number in range(13):
        angle = -math.pi / 2 + (number - 6) * 0.19
        end = (
            x + reach * math.cos(angle),
            y + reach * 0.8 * math.sin(angle) * rng.uniform(0.9, 1.05),
        )
        stroke(pen, bezier((x, y), (x, y - reach * 0.25), end, 10), inks[0], reach * 0.016)
        for twig in range(7):
            fine = angle + (twig - 3) * 0.32
            dot = (end[0] + reach * 0.2 * math.cos(fine), end[1] + reach * 0.2 * math.sin(fine))
            pen.line((*end, *dot), fill=inks[0], width=max(1, round(reach * 0.01)))
            pen.ellipse(box(dot, reach * 0.032), fill=inks[2])


def _grass(
    pen: ImageDraw.ImageDraw, rng: Random, stem: list[Point], reach: float, inks: list[Colour]
) -> None:
    """An ear of grass along the upper part of the stem."""
    for number in range(12, 30):
        x, y = stem[number]
        for side in (-1, 1):
            outline = leaf_outline(
                (x, y), -math.pi / 2 + side * 0.42, reach * 0.32, reach * 0.05, 0
            )
            pen.polygon(outline, fill=inks[0] if rng.random() < 0.7 else mix(inks[0], inks[2], 0.5))


def _poppy(
    pen: ImageDraw.ImageDraw, rng: Random, stem: list[Point], reach: float, inks: list[Colour]
) -> None:
    x, y = stem[-1]
    tone = mix(inks[1], inks[0], rng.uniform(0, 0.25))
    for angle, share in ((-2.5, 0.55), (-0.64, 0.55), (-1.57, 0.62)):
        centre = (x + reach * 0.3 * math.cos(angle), y + reach * 0.26 * math.sin(angle))
        pen.ellipse(
            box(centre, reach * share * 0.62), fill=mix(tone, (255, 255, 255), 0.1 * (angle < -2))
        )
    pen.ellipse(box((x, y - reach * 0.08), reach * 0.13), fill=inks[0])


def _blades(pen: ImageDraw.ImageDraw, rng: Random, size: Size, ink: Colour, level: float) -> None:
    width, height = size
    for _ in range(90):
        foot = (width * rng.uniform(-0.05, 1.05), height * 1.03)
        long = height * (1.03 - level) * rng.uniform(0.5, 1.25)
        angle = -math.pi / 2 + rng.gauss(0, 0.16)
        pen.polygon(leaf_outline(foot, angle, long, width * 0.012, rng.gauss(0, 0.06)), fill=ink)
