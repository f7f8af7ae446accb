"""Land and sea: dunes, mountain ridges, a tide."""

import math
from collections.abc import Callable
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw

from .canvas import (
    Colour,
    Palette,
    Point,
    Size,
    disc,
    edge_light,
    fade,
    glow,
    gradient,
    lay,
    mix,
    ramp,
    rgb,
    scaled,
    shape,
    stipple,
    wash,
    wave,
)

Line = Callable[[float], float]


def dunes(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Palette: sky above, sky below, sun, then the sands from far to near."""
    width, height = size
    image = gradient(size, palette[:2])
    sun = (width * rng.uniform(0.3, 0.7), height * rng.uniform(0.24, 0.3))
    _sun(image, sun, width * 0.17, rgb(palette[2]), rng)
    layers = ramp(palette[3:], 6)
    for number, colour in enumerate(layers):
        depth = number / (len(layers) - 1)
        level = height * (0.41 + 0.44 * depth**1.1)
        bow = wave(rng, height * (0.022 + 0.03 * depth), width * (1.0 + 0.5 * depth))
        _dune(image, rng, lambda x, level=level, bow=bow: level + bow(x), colour, depth)
    return image


def _sun(image: Image.Image, centre: Point, radius: float, colour: Colour, rng: Random) -> None:
    glow(image, centre, radius * 3.2, mix(colour, (255, 255, 255), 0.35), 0.55)
    mask = disc(image.size, centre, radius)
    lay(image, colour, mask)
    shade = edge_light(mask, -radius * 0.35, -radius * 0.5, radius * 0.5)
    lay(image, mix(colour, (255, 250, 235), 0.45), stipple(scaled(shade, 0.75), rng))


def _dune(image: Image.Image, rng: Random, crest: Line, colour: Colour, depth: float) -> None:
    """One dune: its lit face, a bright rim, and the shaded face beyond a winding ridge."""
    width, height = image.size
    xs = [width * step / 120 for step in range(121)]
    body = shape(image.size, [*((x, crest(x)) for x in xs), (width, height), (0, height)])
    lay(image, colour, body)
    rim = edge_light(body, 0, height * 0.035, height * 0.035)
    lay(image, mix(colour, (255, 244, 224), 0.42), stipple(scaled(rim, 0.8), rng))
    # The ridge leaves the highest point of the crest and winds towards the viewer.
    peak = min(xs[12:-12], key=crest)
    sway = width * rng.choice((-1, 1)) * rng.uniform(0.07, 0.13)
    ridge = [
        (peak + sway * (math.sin(4.4 * t) + 1.6 * t * t), crest(peak) + height * 0.6 * t**0.9)
        for t in (step / 60 for step in range(61))
    ]
    far = width * 1.5 if sway < 0 else -width * 0.5
    corners = [(far, ridge[-1][1]), (far, 0), (peak, 0)]
    face = ImageChops.multiply(shape(image.size, [*ridge, *corners]), body)
    side = width * (0.17 if far > 0 else -0.17)
    shade = edge_light(face, side, 0, width * 0.13)
    # The air between takes the contrast from what is far.
    lay(image, mix(colour, (38, 20, 40), 0.42), stipple(scaled(shade, 0.8 * depth**0.5), rng))


def ridges(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Palette: sky above, sky below, sun or moon, mist, then the ridges from far to near."""
    width, height = size
    image = gradient(size, palette[:2])
    light = (width * rng.uniform(0.34, 0.66), height * 0.27)
    glow(image, light, width * 0.62, rgb(palette[2]), 0.6)
    lay(image, rgb(palette[2]), disc(size, light, width * 0.125))
    mist = rgb(palette[3])
    layers = ramp(palette[4:], 7)
    for number, colour in enumerate(layers):
        depth = number / (len(layers) - 1)
        level = height * (0.40 + 0.46 * depth)
        line = broken_line(rng, 9, 0.17 - 0.1 * depth, width, level, height)
        body = shape(size, [*line, (width, height), (0, height)])
        top = round(min(y for _, y in line))
        reach = round(height * 0.26)
        air = wash((width, reach), colour, mix(colour, mist, 0.78 - 0.6 * depth))
        sheet = Image.new("RGB", size, mix(colour, mist, 0.78 - 0.6 * depth))
        sheet.paste(air, (0, top))
        image.paste(sheet, mask=body)
    _forest(image, rng, line, layers[-1])
    return image


def broken_line(
    rng: Random, splits: int, rough: float, width: float, level: float, height: float
) -> list[Point]:
    """A skyline of rock: the middle of each stretch is lifted or lowered, again and again."""
    ys = [rng.uniform(-0.4, 0.4) * rough for _ in range(4)]
    reach = rough * 0.5
    for _ in range(splits - 2):
        middles = [(a + b) / 2 + rng.uniform(-reach, reach) for a, b in pairwise(ys)]
        ys = [y for pair in zip(ys, middles, strict=False) for y in pair] + [ys[-1]]
        reach *= 0.52
    return [(width * n / (len(ys) - 1), level + height * y) for n, y in enumerate(ys)]


def _forest(image: Image.Image, rng: Random, ground: list[Point], colour: Colour) -> None:
    """Spruces along the nearest ridge."""
    width, height = image.size
    pen = ImageDraw.Draw(image)
    for _ in range(150):
        x, y = ground[rng.randrange(len(ground))]
        spruce(
            pen,
            (x + rng.uniform(-9, 9) * width / 2560, y + height * 0.012),
            height * rng.uniform(0.022, 0.07),
            colour,
        )


def spruce(pen: ImageDraw.ImageDraw, foot: Point, high: float, colour: Colour) -> None:
    """A spruce of a few drooping tiers."""
    x, y = foot
    tiers = 6
    for tier in range(tiers):
        top = y - high * (1 - tier / (tiers + 1.5))
        half = high * 0.05 * (tier + 1.4)
        low = top + high * 0.26
        pen.polygon(
            [(x, top), (x + half, low), (x, low - high * 0.03), (x - half, low)], fill=colour
        )
    pen.rectangle((x - high * 0.015, y - high * 0.2, x + high * 0.015, y), fill=colour)


def tide(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Palette: sky above, sky below, sun, water far, water near, glint."""
    width, height = size
    horizon = height * 0.5
    image = gradient(size, palette[:2])
    sun = (width * 0.5, height * 0.36)
    radius = width * 0.24
    glow(image, sun, radius * 2.6, rgb(palette[2]), 0.5)
    mask = disc(size, sun, radius)
    lay(image, rgb(palette[2]), mask)
    low = ImageChops.multiply(mask, fade(size, -0.9, 1.15 + 0.9))
    lay(image, mix(rgb(palette[2]), rgb(palette[1]), 0.7), stipple(scaled(low, 0.55), rng))
    water = gradient((width, round(height - horizon)), palette[3:5])
    image.paste(water, (0, round(horizon)))
    _ripples(image, rng, horizon, radius, [rgb(colour) for colour in palette[2:6]])
    return image


def _ripples(
    image: Image.Image, rng: Random, horizon: float, radius: float, inks: list[Colour]
) -> None:
    """Lenses of light and dark; close together at the horizon, wide apart on the shore."""
    width, height = image.size
    pen = ImageDraw.Draw(image)
    sun, far, near, glint = inks
    for row in range(64):
        depth = (row + 0.5) / 64
        y = horizon + (height - horizon) * depth**1.7
        thick = height * (0.0009 + 0.0075 * depth**1.3)
        for _ in range(11):
            x = rng.uniform(-0.1, 1.1) * width
            long = width * rng.uniform(0.03, 0.13) * (0.45 + depth)
            _lens(
                pen,
                (x, y + rng.uniform(-2, 2) * thick),
                long,
                thick,
                mix(near, far, rng.uniform(0.1, 0.9)),
            )
        spread = radius * (0.9 - 0.35 * depth + 0.25 * math.sin(depth * 9))
        for _ in range(5):
            x = width / 2 + rng.gauss(0, 0.5) * spread
            long = radius * rng.uniform(0.12, 0.5) * (0.5 + depth * 0.6)
            _lens(pen, (x, y), long, thick, mix(sun, glint, rng.random()))


def _lens(
    pen: ImageDraw.ImageDraw, centre: Point, long: float, thick: float, colour: Colour
) -> None:
    x, y = centre
    pen.polygon(
        [
            (x - long, y),
            (x - long / 3, y - thick),
            (x + long / 3, y - thick),
            (x + long, y),
            (x + long / 3, y + thick),
            (x - long / 3, y + thick),
        ],
        fill=colour,
    )
