"""Above the roofs: planets on their paths, a chart of stars, balloons in the morning."""

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
from .night import stars


def orbits(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Planets around a sun in the corner. Palette: space, line, sun, then the planets."""
    width, height = size
    space, line, sun = (rgb(colour) for colour in palette[:3])
    image = Image.new("RGB", size, space)
    stars(image, rng, 420, line)
    centre = (width * 0.5, height * 1.02)
    inks = [rgb(colour) for colour in palette[3:]]
    pen = ImageDraw.Draw(image)
    paths = [height * (0.25 + 0.105 * number) for number in range(7)]
    for far in paths:
        pen.ellipse(
            box(centre, far), outline=mix(space, line, 0.45), width=max(1, round(width * 0.0022))
        )
    for share, strength in ((1.32, 0.16), (1.16, 0.3), (1, 1.0)):
        pen.ellipse(box(centre, height * 0.17 * share), fill=mix(space, sun, strength))
    rays = height * 0.17 * 1.38
    for number in range(72):
        angle = math.tau * number / 72
        start = (centre[0] + rays * math.cos(angle), centre[1] + rays * math.sin(angle))
        end = (centre[0] + rays * 1.07 * math.cos(angle), centre[1] + rays * 1.07 * math.sin(angle))
        pen.line((*start, *end), fill=mix(space, sun, 0.6), width=max(1, round(width * 0.003)))
    angles = [-math.pi / 2 + (number % 2 * 2 - 1) * rng.uniform(0.08, 0.36) for number in range(7)]
    for number, (far, angle) in enumerate(zip(paths, angles, strict=True)):
        place = (centre[0] + far * math.cos(angle), centre[1] + far * math.sin(angle))
        radius = width * (0.022, 0.033, 0.036, 0.028, 0.075, 0.062, 0.045)[number]
        _planet(image, rng, place, radius, inks[number % len(inks)], has_ring=number == 5)
    return image


def _planet(
    image: Image.Image, rng: Random, centre: Point, radius: float, ink: Colour, *, has_ring: bool
) -> None:
    mask = disc(image.size, centre, radius)
    lay(image, ink, mask)
    pen_mask = Image.new("L", image.size)
    pen = ImageDraw.Draw(pen_mask)
    for _ in range(4):
        y = centre[1] + radius * rng.uniform(-0.8, 0.8)
        pen.rectangle((0, y, image.width, y + radius * rng.uniform(0.08, 0.2)), fill=255)
    bands = ImageChops.multiply(pen_mask, mask)
    lay(image, mix(ink, (255, 255, 255), 0.22), bands)
    shade = edge_light(mask, 0, -radius * 0.5, radius * 0.5)
    shaded(image, mask, mix(ink, (10, 8, 30), 0.7), scaled(shade, 0.9), rng)
    if has_ring:
        ring = Image.new("L", image.size)
        pen = ImageDraw.Draw(ring)
        flat = (
            centre[0] - radius * 2,
            centre[1] - radius * 0.55,
            centre[0] + radius * 2,
            centre[1] + radius * 0.55,
        )
        pen.ellipse(flat, outline=255, width=max(2, round(radius * 0.2)))
        upper = shape(
            image.size,
            [
                (0, 0),
                (image.width, 0),
                (image.width, centre[1] - radius * 0.05),
                (0, centre[1] - radius * 0.05),
            ],
        )
        behind = ImageChops.multiply(mask, upper)
        lay(image, mix(ink, (255, 245, 220), 0.6), ImageChops.subtract(ring, behind))


def starchart(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """The sky as astronomers fold it up. Palette: paper, sky, line, star, milky way."""
    width, height = size
    paper, sky, line, star, milk = (rgb(colour) for colour in palette)
    image = Image.new("RGB", size, paper)
    centre, radius = (width * 0.5, height * 0.46), width * 0.43
    pen = ImageDraw.Draw(image)
    pen.ellipse(box(centre, radius * 1.035), fill=sky)
    pen.ellipse(box(centre, radius * 1.018), fill=paper)
    whole = disc(size, centre, radius)
    lay(image, sky, whole)
    band = Image.new("L", size)
    road = ImageDraw.Draw(band)
    tilt, bend = rng.uniform(-0.7, 0.7), rng.uniform(-0.25, 0.25)
    for step in range(200):
        share = step / 100 - 1
        x = centre[0] + radius * share * math.cos(tilt)
        y = centre[1] + radius * (share * math.sin(tilt) + bend * (1 - share * share))
        road.ellipse(box((x, y), radius * (0.13 + 0.05 * math.sin(step / 9))), fill=96)
    shaded(image, ImageChops.multiply(band, whole), mix(sky, milk, 0.6), 0.9, rng)
    pen = ImageDraw.Draw(image)
    thin = max(1, round(width * 0.0014))
    grid = mix(sky, line, 0.4)
    for share in (0.25, 0.5, 0.75):
        pen.ellipse(box(centre, radius * share), outline=grid, width=thin)
    for number in range(12):
        angle = math.tau * number / 12
        pen.line(
            (*centre, centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)),
            fill=grid,
            width=thin,
        )
    for number in range(180):
        angle, long = math.tau * number / 180, 1.06 if number % 15 else 1.085
        start = (
            centre[0] + radius * 1.018 * math.cos(angle),
            centre[1] + radius * 1.018 * math.sin(angle),
        )
        end = (
            centre[0] + radius * long * math.cos(angle),
            centre[1] + radius * long * math.sin(angle),
        )
        pen.line((*start, *end), fill=sky, width=thin)
    _heaven(pen, rng, centre, radius, (sky, line, star))
    for number in range(5):
        y, x = height * 0.93, width * (0.42 + 0.04 * number)
        pen.ellipse(box((x, y), width * (0.0025 + 0.0018 * number)), fill=sky)
    return image


def _heaven(
    pen: ImageDraw.ImageDraw,
    rng: Random,
    centre: Point,
    radius: float,
    inks: tuple[Colour, Colour, Colour],
) -> None:
    """Faint stars everywhere; bright ones that somebody has joined to figures."""
    sky, line, star = inks
    for _ in range(620):
        angle, far = rng.random() * math.tau, radius * math.sqrt(rng.random()) * 0.98
        place = (centre[0] + far * math.cos(angle), centre[1] + far * math.sin(angle))
        bright = rng.random() ** 5
        pen.ellipse(
            box(place, radius * (0.0016 + 0.0048 * bright)), fill=mix(sky, star, 0.5 + 0.5 * bright)
        )
    hearts = [(0.0, 0.0), *((far, math.tau * n / 6 + far) for far in (0.5, 0.8) for n in range(6))]
    for far, angle in hearts:
        middle = (
            centre[0] + radius * far * math.cos(angle),
            centre[1] + radius * far * math.sin(angle),
        )
        way = rng.random() * math.tau
        spot = (middle[0] - radius * 0.1 * math.cos(way), middle[1] - radius * 0.1 * math.sin(way))
        figure = [spot]
        for _ in range(rng.randint(3, 6)):
            way += rng.uniform(-1.0, 1.0)
            step = radius * rng.uniform(0.055, 0.1)
            spot = (spot[0] + step * math.cos(way), spot[1] + step * math.sin(way))
            if math.dist(spot, centre) < radius * 0.95:
                figure.append(spot)
        pen.line(figure, fill=mix(sky, line, 0.9), width=max(1, round(radius * 0.004)))
        for spot in figure:
            reach = radius * rng.uniform(0.009, 0.017)
            pen.ellipse(box(spot, reach * 1.5), fill=sky)
            points = []
            for corner in range(8):
                far, turn = reach * (0.38 if corner % 2 else 1), math.tau * (corner / 8 - 0.25)
                points.append((spot[0] + far * math.cos(turn), spot[1] + far * math.sin(turn)))
            pen.polygon(points, fill=star)


def balloons(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Balloons. Palette: sky above, sky below, sun, hills far, hills near, then cloths."""
    width, height = size
    image = gradient(size, palette[:2])
    lay(
        image,
        rgb(palette[2]),
        disc(size, (width * rng.uniform(0.25, 0.75), height * 0.62), width * 0.16),
    )
    inks = [rgb(colour) for colour in palette[5:]]
    tones = ramp(palette[3:5], 5)
    for number, tone in enumerate(tones):
        line = wave(rng, height * (0.018 + 0.006 * number), width * (0.6 + 0.1 * number))
        level = height * (0.68 + 0.068 * number)
        xs = [width * step / 70 for step in range(71)]
        body = shape(size, [*((x, level + line(x)) for x in xs), (width, height), (0, height)])
        lay(image, tone, body)
        rim = edge_light(body, 0, height * 0.02, height * 0.025)
        shaded(image, body, mix(tone, (255, 245, 220), 0.35), scaled(rim, 0.55), rng)
    for x, y, reach in (
        (0.33, 0.3, 0.2),
        (0.74, 0.19, 0.115),
        (0.72, 0.51, 0.145),
        (0.14, 0.58, 0.075),
        (0.48, 0.1, 0.055),
        (0.9, 0.36, 0.05),
    ):
        place = (
            width * (x + rng.uniform(-0.025, 0.025)),
            height * (y + rng.uniform(-0.015, 0.015)),
        )
        _balloon(image, rng, place, width * reach, rng.sample(inks, 3))
    return image


def _balloon(
    image: Image.Image, rng: Random, centre: Point, radius: float, inks: list[Colour]
) -> None:
    """Gores between meridians, a skirt, ropes and a basket."""
    x, y = centre

    def profile(share: float) -> tuple[float, float]:
        """How far down and how wide, from the crown (0) to the mouth (1)."""
        angle = math.pi * min(share, 0.62) / 1.02
        if share <= 0.62:
            return -radius * math.cos(angle), radius * math.sin(angle)
        end = -radius * math.cos(math.pi * 0.62 / 1.02), radius * math.sin(math.pi * 0.62 / 1.02)
        rest = (share - 0.62) / 0.38
        return end[0] + radius * 0.95 * rest, end[1] * (1 - rest**0.85 * 0.78)

    gores = 8
    steps = [profile(number / 30) for number in range(31)]
    for gore in range(gores):
        first, last = (math.cos(math.pi * (gore + n) / gores) for n in (0, 1))
        edge = [(x + wide * first, y + down) for down, wide in steps]
        other = [(x + wide * last, y + down) for down, wide in reversed(steps)]
        pen = ImageDraw.Draw(image)
        pen.polygon([*edge, *other], fill=inks[gore % 2])
    body = shape(
        image.size,
        [
            *((x - wide, y + down) for down, wide in steps),
            *((x + wide, y + down) for down, wide in reversed(steps)),
        ],
    )
    belt = shape(
        image.size,
        [
            (x - radius * 2, y - radius * 0.04),
            (x + radius * 2, y - radius * 0.04),
            (x + radius * 2, y + radius * 0.24),
            (x - radius * 2, y + radius * 0.24),
        ],
    )
    lay(image, inks[2], ImageChops.multiply(body, belt))
    shade = edge_light(body, -radius * 0.4, -radius * 0.2, radius * 0.4)
    shaded(image, body, (50, 25, 50), scaled(shade, 0.55), rng)
    pen = ImageDraw.Draw(image)
    down, wide = steps[-1]
    top, tall = y + down + radius * 0.28, radius * 0.2
    for side in (-1, 1):
        pen.line(
            (x + side * wide, y + down, x + side * radius * 0.13, top),
            fill=(60, 40, 40),
            width=max(1, round(radius * 0.014)),
        )
    pen.rounded_rectangle(
        (x - radius * 0.15, top, x + radius * 0.15, top + tall), radius * 0.04, fill=(120, 76, 46)
    )
    pen.rectangle((x - radius * 0.17, top, x + radius * 0.17, top + tall * 0.2), fill=(84, 50, 32))
