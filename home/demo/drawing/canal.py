"""A row of houses along a canal, and what the water makes of it."""

import math
from random import Random

from PIL import Image, ImageDraw

from .canvas import (
    Colour,
    Palette,
    Point,
    Size,
    box,
    disc,
    fade,
    lay,
    mix,
    rgb,
    shaded,
    shape,
)


def houses(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A row along a canal, and its reflection. Palette: sky, water, frames, doors, then fronts."""
    width, height = size
    sky, water, frames, doors = (rgb(colour) for colour in palette[:4])
    fronts = [rgb(colour) for colour in palette[4:]]
    image = Image.new("RGB", size, sky)
    lay(
        image,
        mix(sky, (255, 255, 255), 0.5),
        disc(size, (width * 0.74, height * 0.17), width * 0.09),
    )
    quay, x, before = height * 0.66, width * -0.02, fronts[0]
    while x < width * 0.995:
        broad = min(width * rng.uniform(0.15, 0.21), width * 1.02 - x)
        if width * 1.02 - x - broad < width * 0.12:
            broad = (width * 1.02 - x) / (1 if broad > width * 0.17 else 2)
        tall = height * rng.uniform(0.34, 0.5)
        ink = rng.choice([one for one in fronts if one != before])
        _house(image, rng, (x, quay - tall, x + broad, quay), (ink, frames, doors))
        before, x = ink, x + broad
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, quay, width, quay + height * 0.022), fill=mix(doors, (90, 70, 60), 0.5))
    deep = quay + height * 0.022
    upside = image.crop((0, round(deep - (height - deep)), width, round(deep)))
    upside = upside.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    upside = Image.blend(upside, Image.new("RGB", upside.size, water), 0.58)
    image.paste(_rippled(upside, rng), (0, round(deep)))
    glints(image, rng, deep, mix(water, (255, 255, 255), 0.45))
    return image


def _rippled(image: Image.Image, rng: Random) -> Image.Image:
    """Rows shifted a little, more towards the viewer."""
    width, height = image.size
    found = image.copy()
    step = max(1, height // 150)
    for top in range(0, height, step):
        share = top / height
        shift = round(
            width * 0.012 * share * math.sin(top / height * 60) + rng.uniform(-1, 1) * width * 0.002
        )
        strip = image.crop((0, top, width, min(height, top + step)))
        found.paste(strip, (shift, top))
    return found


def glints(image: Image.Image, rng: Random, level: float, ink: Colour) -> None:
    width, height = image.size
    pen = ImageDraw.Draw(image)
    for _ in range(46):
        depth = rng.random()
        y = level + (height - level) * (0.05 + 0.93 * depth)
        x, long = rng.uniform(-0.05, 1) * width, width * rng.uniform(0.02, 0.09) * (0.4 + depth)
        pen.line((x, y, x + long, y), fill=ink, width=max(1, round(height * 0.0016 * (1 + depth))))


def _house(
    image: Image.Image,
    rng: Random,
    frame: tuple[float, float, float, float],
    inks: tuple[Colour, Colour, Colour],
) -> None:
    """A narrow front with a gable, three floors of windows, a door and the hook of a hoist."""
    left, top, right, foot = frame
    broad = right - left
    front, frames, doors = inks
    body = shape(image.size, [*_gable(rng, left, top, broad), (right, foot), (left, foot)])
    lay(image, front, body)
    shaded(image, body, mix(front, (40, 20, 30), 0.35), fade(image.size, -0.7, 0.75), rng)
    pen = ImageDraw.Draw(image)
    pen.line(
        (left, top, left, foot),
        fill=mix(front, (30, 20, 20), 0.4),
        width=max(1, round(broad * 0.012)),
    )
    columns = rng.choice((2, 3))
    floors = max(3, round((foot - top) / (broad * 0.52)))
    high = (foot - top) / floors
    for floor in range(floors):
        for column in range(columns):
            cx = left + broad * (column + 0.5) / columns
            cy = top + high * (floor + 0.45)
            if floor == floors - 1 and column == columns // 2:
                _door(pen, (cx, foot), high * 0.78, broad * 0.1, (frames, doors))
                continue
            _window(pen, (cx, cy), (broad * 0.29 / columns, high * 0.3), (frames, doors), rng)
    hook = (left + broad / 2, top - broad * 0.26)
    pen.ellipse(box(hook, broad * 0.055), fill=frames)
    pen.ellipse(box(hook, broad * 0.036), fill=doors)


def _gable(rng: Random, left: float, top: float, broad: float) -> list[Point]:
    """From left to right: stepped, bell-shaped, or plain and pointed."""
    kind = rng.choice(("steps", "bell", "point", "neck"))
    if kind == "steps":
        rise = [
            (0, 0),
            (0, 0.14),
            (0.14, 0.14),
            (0.14, 0.3),
            (0.28, 0.3),
            (0.28, 0.46),
            (0.42, 0.46),
            (0.42, 0.58),
        ]
    elif kind == "bell":
        rise = [
            (0, 0.04),
            (0.06, 0.08),
            (0.14, 0.2),
            (0.2, 0.36),
            (0.3, 0.48),
            (0.38, 0.52),
            (0.4, 0.6),
        ]
    elif kind == "neck":
        rise = [(0, 0), (0.04, 0.1), (0.16, 0.14), (0.24, 0.26), (0.26, 0.5), (0.5, 0.62)]
    else:
        rise = [(0, 0), (0.5, 0.56)]
    half = [(left + broad * x, top - broad * y) for x, y in rise]
    return [*half, *((2 * left + broad - x, y) for x, y in reversed(half))]


def _window(
    pen: ImageDraw.ImageDraw,
    centre: Point,
    half: tuple[float, float],
    inks: tuple[Colour, Colour],
    rng: Random,
) -> None:
    (x, y), (wide, tall) = centre, half
    frames, glass = inks
    edge = wide * 0.16
    thick = max(1, round(edge))
    lit = (
        mix((255, 214, 128), frames, 0.1)
        if rng.random() < 0.22
        else mix(glass, (120, 150, 170), 0.35)
    )
    pen.rectangle((x - wide, y - tall, x + wide, y + tall), fill=frames)
    pen.rectangle((x - wide + edge, y - tall + edge, x + wide - edge, y + tall - edge), fill=lit)
    pen.line((x, y - tall, x, y + tall), fill=frames, width=thick)
    pen.line((x - wide, y - tall * 0.3, x + wide, y - tall * 0.3), fill=frames, width=thick)
    pen.rectangle((x - wide * 1.15, y + tall, x + wide * 1.15, y + tall + edge), fill=frames)


def _door(
    pen: ImageDraw.ImageDraw, foot: Point, tall: float, wide: float, inks: tuple[Colour, Colour]
) -> None:
    x, y = foot
    frames, doors = inks
    pen.rectangle((x - wide * 1.25, y - tall, x + wide * 1.25, y), fill=frames)
    pen.rectangle((x - wide, y - tall * 0.74, x + wide, y), fill=doors)
    pen.rectangle((x - wide, y - tall * 0.94, x + wide, y - tall * 0.78), fill=(255, 222, 150))
    pen.ellipse(box((x + wide * 0.6, y - tall * 0.36), wide * 0.12), fill=(230, 190, 90))
