"""The sea and its edge: sails, a lighthouse, scalloped waves, a harbour wall of houses."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw

from .canvas import (
    Colour,
    Palette,
    Point,
    Size,
    box,
    disc,
    fade,
    gradient,
    lay,
    mix,
    ramp,
    rgb,
    scaled,
    shaded,
    shape,
    soften,
    wave,
)


def seigaiha(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Scallops of waves below a sun. Palette: sky, sun, foam, then waters from far to near."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    sun = (width * rng.uniform(0.32, 0.68), height * 0.25)
    mask = disc(size, sun, width * 0.19)
    lay(image, rgb(palette[1]), mask)
    shaded(image, mask, mix(rgb(palette[1]), rgb(palette[0]), 0.6), fade(size, -0.45, 1.7), rng)
    foam = rgb(palette[2])
    across = rng.choice((6, 7))
    radius = width / across / 2
    rows = round(height * 0.66 / (radius * 0.52)) + 3
    tones = ramp(palette[3:], rows)
    pen = ImageDraw.Draw(image)
    swell = wave(rng, height * 0.03, width * 1.1)
    for row in range(rows):
        y = height * 0.36 + row * radius * 0.52
        for number in range(-1, across + 2):
            x = (number + (0.5 if row % 2 else 0)) * radius * 2
            rise = swell(x) * (1 - row / rows)
            tone = mix(tones[row], foam, rng.uniform(0, 0.07))
            _scallop(pen, (x, y + rise), radius, tone, foam)
    return image


def _scallop(
    pen: ImageDraw.ImageDraw, centre: Point, radius: float, tone: Colour, foam: Colour
) -> None:
    for share, ink in ((1, foam), (0.93, tone), (0.7, foam), (0.64, tone), (0.4, foam)):
        pen.ellipse(box(centre, radius * share), fill=ink)
    pen.ellipse(box(centre, radius * 0.33), fill=mix(tone, (10, 20, 40), 0.18))


def sails(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A regatta. Palette: sky above, sky below, sun, water far, water near, then the sails."""
    width, height = size
    image = gradient(size, palette[:2])
    sun = (width * rng.uniform(0.25, 0.75), height * 0.23)
    lay(image, rgb(palette[2]), disc(size, sun, width * 0.105))
    bands = ramp(palette[3:5], 7)
    inks = [rgb(colour) for colour in palette[5:]]
    pen = ImageDraw.Draw(image)
    for number, tone in enumerate(bands):
        depth = number / (len(bands) - 1)
        level = height * (0.44 + 0.5 * depth**1.25)
        line = wave(rng, height * (0.004 + 0.012 * depth), width * (0.35 + 0.4 * depth))
        if number < len(bands) - 1:
            for _ in range((5, 3, 3, 2, 2, 1)[number]):
                high = height * (0.06 + 0.24 * depth) * rng.uniform(0.85, 1.2)
                x = width * rng.uniform(0.08, 0.92)
                _boat(pen, rng, (x, level + line(x) + high * 0.05), high, inks)
        xs = [width * step / 80 for step in range(81)]
        water = [*((x, level + line(x)) for x in xs), (width, height), (0, height)]
        pen.polygon(water, fill=tone)
        light = mix(tone, (255, 255, 255), 0.22)
        for _ in range(9):
            x, long = rng.uniform(0, width), width * rng.uniform(0.02, 0.07) * (0.5 + depth)
            y = level + line(x) + height * (0.02 + 0.03 * depth) * rng.uniform(0.5, 1.6)
            pen.line((x, y, x + long, y), fill=light, width=max(1, round(height * 0.0016)))
    return image


def _boat(
    pen: ImageDraw.ImageDraw, rng: Random, foot: Point, high: float, inks: list[Colour]
) -> None:
    """Two sails on a mast, and a hull that the next wave hides in part."""
    x, y = foot
    lean = high * rng.uniform(0.02, 0.09)
    first, second = rng.sample(inks[:-1], 2)
    mast = (x + lean, y - high)
    pen.polygon([mast, (x + high * 0.42, y - high * 0.14), (x + 1, y - high * 0.12)], fill=first)
    fold = (x + lean * 0.4 + high * 0.16, y - high * 0.13)
    pen.polygon([mast, fold, (x + 1, y - high * 0.12)], fill=mix(first, (255, 255, 255), 0.28))
    jib = [(x + lean * 0.9, y - high * 0.88), (x - high * 0.03, y - high * 0.13),
           (x - high * 0.34, y - high * 0.12)]  # fmt: skip
    pen.polygon(jib, fill=second)
    hull = [(x - high * 0.4, y - high * 0.09), (x + high * 0.44, y - high * 0.09),
            (x + high * 0.3, y + high * 0.06), (x - high * 0.28, y + high * 0.06)]  # fmt: skip
    pen.polygon(hull, fill=inks[-1])


def lighthouse(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Palette: sky above, sky below, beam, tower, its stripes, rock, water."""
    width, height = size
    image = gradient(size, palette[:2])
    beam, white, stripe, rock, water = (rgb(colour) for colour in palette[2:])
    pen = ImageDraw.Draw(image)
    for _ in range(160):
        place = (rng.random() * width, rng.random() ** 1.4 * height * 0.62)
        pen.ellipse(
            box(place, width * rng.uniform(0.0007, 0.0022)), fill=mix(beam, white, rng.random())
        )
    x, top, foot = width * rng.choice((0.36, 0.64)), height * 0.27, height * 0.72
    lamp = (x, top - height * 0.025)
    for side in (-1, 1):
        ray = shape(size, [lamp, (x + side * width * 1.2, height * 0.06),
                           (x + side * width * 1.2, height * 0.29)])  # fmt: skip
        slope = Image.linear_gradient("L").rotate(90 if side > 0 else -90).resize(size)
        lay(image, beam, scaled(ImageChops.multiply(soften(ray, width * 0.006), slope), 0.6))
    glowing = soften(disc(size, lamp, width * 0.075), width * 0.05)
    lay(image, beam, scaled(glowing, 0.9))
    _sea(image, rng, foot - height * 0.02, water)
    _tower(image, rng, x, (top, foot + height * 0.02), (white, stripe, rock, beam))
    _rocks(image, rng, (x, foot + height * 0.012), rock)
    return image


def _sea(image: Image.Image, rng: Random, level: float, water: Colour) -> None:
    width, height = image.size
    pen = ImageDraw.Draw(image)
    for number in range(8):
        line = wave(rng, height * 0.005 * (1 + number * 0.35), width * (0.25 + 0.08 * number))
        y = level + height * 0.042 * number
        xs = [width * step / 90 for step in range(91)]
        tone = mix(mix(water, (255, 255, 255), 0.16), mix(water, (0, 6, 22), 0.5), number / 7)
        crest = [(x, y + line(x)) for x in xs]
        pen.polygon([*crest, (width, height), (0, height)], fill=tone)
        pen.line(crest, fill=mix(tone, (255, 255, 255), 0.24), width=round(height * 0.0018))


def _rocks(image: Image.Image, rng: Random, foot: Point, rock: Colour) -> None:
    width, height = image.size
    pen = ImageDraw.Draw(image)
    for number in range(16):
        x = foot[0] + width * rng.gauss(0, 0.14)
        y = foot[1] + height * (0.01 + 0.011 * number * rng.uniform(0.6, 1))
        reach = width * rng.uniform(0.06, 0.13)
        corners = [
            (x + reach * math.cos(a) * rng.uniform(0.8, 1), y + reach * 0.5 * math.sin(a))
            for a in (0.2, 1.1, 2.2, 3.0, 3.9, 4.6, 5.5)
        ]
        tone = mix(rock, (150, 150, 170), rng.uniform(0, 0.16))
        pen.polygon(corners, fill=tone)
        lit = [*corners[3:6], (x, y)]
        pen.polygon(lit, fill=mix(tone, (255, 255, 255), 0.1))


def _tower(
    image: Image.Image,
    rng: Random,
    x: float,
    ends: tuple[float, float],
    inks: tuple[Colour, Colour, Colour, Colour],
) -> None:
    """A tapering tower in five bands, in the light from the left, with its lantern."""
    width, _height = image.size
    white, stripe, dark, beam = inks
    top, foot = ends
    pen = ImageDraw.Draw(image)

    def half(share: float) -> float:
        return width * (0.042 + 0.034 * share)

    bands = 5
    for number in range(bands):
        first, last = number / bands, (number + 1) / bands
        corners = [(x - half(first), top + (foot - top) * first),
                   (x + half(first), top + (foot - top) * first),
                   (x + half(last), top + (foot - top) * last),
                   (x - half(last), top + (foot - top) * last)]  # fmt: skip
        pen.polygon(corners, fill=stripe if number % 2 else white)
    body = shape(image.size, [(x - half(0), top), (x + half(0), top), (x + half(1), foot),
                              (x - half(1), foot)])  # fmt: skip
    side = shape(image.size, [(x + half(0) * 0.1, top), (x + width, top), (x + width, foot),
                              (x + half(1) * 0.2, foot)])  # fmt: skip
    shaded(image, ImageChops.multiply(body, side), mix(stripe, dark, 0.7), 0.34, rng)
    for share in (0.3, 0.7):
        y = top + (foot - top) * share
        pen.rectangle((x - width * 0.009, y, x + width * 0.009, y + width * 0.03), fill=dark)
    wide, step = half(0), width * 0.012
    pen.rectangle((x - wide * 1.35, top - step, x + wide * 1.35, top), fill=dark)
    pen.rectangle((x - wide * 0.72, top - step * 5, x + wide * 0.72, top - step), fill=beam)
    for bar in (-0.72, -0.24, 0.24, 0.72):
        pen.line((x + wide * bar, top - step * 5, x + wide * bar, top - step), fill=dark,
                 width=round(width * 0.004))  # fmt: skip
    pen.pieslice(box((x, top - step * 5), wide * 0.95), 180, 360, fill=stripe)
    pen.line((x, top - step * 5 - wide, x, top - step * 5 - wide * 1.7), fill=dark,
             width=round(width * 0.006))  # fmt: skip
