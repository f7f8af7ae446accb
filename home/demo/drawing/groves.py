"""Woods and hills as the middle of the last century drew them: fields and birches."""

from random import Random

from PIL import Image, ImageChops, ImageDraw

from .canvas import (
    Colour,
    Palette,
    Point,
    Size,
    bezier,
    disc,
    edge_light,
    gradient,
    lay,
    mix,
    ramp,
    rgb,
    scaled,
    shaded,
    shape,
    wave,
)
from .plants import leaf_outline


def fields(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Ploughed hills. Palette: sky, three rings of the sun inwards, then the fields."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    sun = (width * rng.uniform(0.34, 0.66), height * 0.3)
    for number, tone in enumerate(ramp(palette[1:4], 6)):
        lay(image, tone, disc(size, sun, width * (0.36 - 0.048 * number)))
    inks = [rgb(colour) for colour in palette[4:]]
    for number in range(6):
        depth = number / 5
        line = wave(rng, height * (0.028 + 0.02 * depth), width * (0.75 + 0.4 * depth))
        level = height * (0.44 + 0.095 * number)
        xs = [width * step / 90 for step in range(91)]
        body = shape(size, [*((x, level + line(x)) for x in xs), (width, height), (0, height)])
        ink = inks[number % len(inks)]
        lay(image, ink, body)
        _furrows(
            image,
            rng,
            body,
            (level, depth),
            mix(ink, (255, 250, 230) if number % 2 else (30, 20, 30), 0.24),
        )
        if number in (1, 2, 3):
            _trees(
                image,
                rng,
                [(x, level + line(x)) for x in xs],
                height * (0.03 + 0.02 * number),
                inks,
            )
    return image


def _furrows(
    image: Image.Image, rng: Random, body: Image.Image, place: tuple[float, float], ink: Colour
) -> None:
    """Lines that meet somewhere beyond the hill."""
    width, height = image.size
    level, depth = place
    lines = Image.new("L", image.size)
    pen = ImageDraw.Draw(lines)
    end = (width * rng.uniform(-0.2, 1.2), level - height * rng.uniform(0.1, 0.2))
    lean = rng.uniform(-0.25, 0.25) * width
    count = 26
    for number in range(count):
        foot = (width * (-0.9 + 2.8 * number / count), height * 1.05)
        pull = ((foot[0] + end[0]) / 2 + lean, (foot[1] + end[1]) / 2)
        pen.line(
            bezier(foot, pull, end, 26),
            fill=255,
            width=max(1, round(width * (0.003 + 0.004 * depth))),
        )
    lay(image, ink, ImageChops.multiply(lines, body))


def _trees(
    image: Image.Image, rng: Random, ground: list[Point], tall: float, inks: list[Colour]
) -> None:
    pen = ImageDraw.Draw(image)
    start = rng.randrange(8, 60)
    for number in range(rng.randint(3, 6)):
        x, y = ground[min(90, start + number * rng.randint(2, 4))]
        high = tall * rng.uniform(0.75, 1.2)
        tone = mix(rng.choice(inks), (20, 30, 35), 0.5)
        pen.line((x, y, x, y - high * 0.6), fill=tone, width=max(1, round(high * 0.05)))
        pen.ellipse((x - high * 0.26, y - high * 1.2, x + high * 0.26, y - high * 0.2), fill=tone)
        pen.chord(
            (x - high * 0.26, y - high * 1.2, x + high * 0.26, y - high * 0.2),
            90,
            270,
            fill=mix(tone, (255, 245, 210), 0.18),
        )


def birches(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Trunks in the mist. Palette: air above, air below, bark, mark, leaf, leaf, ground."""
    width, height = size
    image = gradient(size, palette[:2])
    bark, mark, leaf, other, ground = (rgb(colour) for colour in palette[2:])
    air = rgb(palette[1])
    lay(
        image,
        mix(air, (255, 255, 255), 0.4),
        disc(size, (width * rng.uniform(0.3, 0.7), height * 0.3), width * 0.17),
    )
    for layer, (count, wide) in enumerate(((9, 0.022), (6, 0.042), (4, 0.08))):
        mist = 0.68 - 0.34 * layer
        level = height * (0.8 + 0.05 * layer)
        line = wave(rng, height * 0.01, width * 0.6)
        xs = [width * step / 60 for step in range(61)]
        floor = shape(size, [*((x, level + line(x)) for x in xs), (width, height), (0, height)])
        lay(image, mix(ground, air, mist), floor)
        for number in range(count):
            x = width * ((number + rng.uniform(0.15, 0.85)) / count)
            inks = (mix(bark, air, mist), mix(mark, air, mist))
            _birch(
                image,
                rng,
                (x, level + line(x) + height * 0.01),
                width * wide * rng.uniform(0.75, 1.15),
                inks,
            )
        _foliage(
            image,
            rng,
            (mix(leaf, air, mist * 0.9), mix(other, air, mist * 0.9)),
            width * (0.006 + 0.004 * layer),
            260 - 70 * layer,
        )
    return image


def _birch(
    image: Image.Image, rng: Random, foot: Point, wide: float, inks: tuple[Colour, Colour]
) -> None:
    x, y = foot
    bark, mark = inks
    top = x + wide * rng.uniform(-1.2, 1.2)
    body = shape(
        image.size,
        [
            (x - wide * 0.62, y),
            (top - wide * 0.38, 0),
            (top + wide * 0.38, 0),
            (x + wide * 0.62, y),
        ],
    )
    lay(image, bark, body)
    shaded(
        image,
        body,
        mix(bark, mark, 0.55),
        scaled(edge_light(body, -wide * 0.3, 0, wide * 0.35), 0.75),
        rng,
    )
    marks = Image.new("L", image.size)
    pen = ImageDraw.Draw(marks)
    for _ in range(26):
        level = rng.random() * y
        middle = top + (x - top) * level / y
        side, long, thick = (
            rng.choice((-1, 1)),
            wide * rng.uniform(0.15, 0.5),
            wide * rng.uniform(0.03, 0.09),
        )
        edge = middle + side * wide * 0.62
        pen.polygon(
            [(edge, level - thick), (edge - side * long, level), (edge, level + thick * 1.5)],
            fill=255,
        )
    for _ in range(3):
        level = rng.uniform(0.1, 0.8) * y
        middle = top + (x - top) * level / y
        pen.ellipse(
            (middle - wide * 0.2, level - wide * 0.12, middle + wide * 0.2, level + wide * 0.16),
            fill=255,
        )
    lay(image, mark, ImageChops.multiply(marks, body))


def _foliage(
    image: Image.Image, rng: Random, inks: tuple[Colour, Colour], reach: float, count: int
) -> None:
    width, height = image.size
    pen = ImageDraw.Draw(image)
    for _ in range(count):
        place = (width * rng.random(), height * abs(rng.gauss(0, 0.17)))
        angle = rng.uniform(0.3, 2.8)
        pen.polygon(
            leaf_outline(place, angle, reach * rng.uniform(2, 3.4), reach, 0), fill=rng.choice(inks)
        )
