"""Towns: the plan of a city by its river, and a skyline after dark."""

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
    stipple,
    stroke,
    wash,
)

Quad = tuple[Point, Point, Point, Point]


def blocks(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Streets, yards, parks and a river. Palette: streets, water, park, then the roofs."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    pen = ImageDraw.Draw(image)
    roofs = [rgb(colour) for colour in palette[3:]]
    reach = max(size) * 0.85
    turn = rng.uniform(0.2, 0.5)
    corners = [math.pi / 4 + turn + n * math.pi / 2 for n in range(4)]
    around = [(width / 2 + reach * math.cos(a), height / 2 + reach * math.sin(a)) for a in corners]
    town: Quad = (around[0], around[1], around[2], around[3])
    for quarter in split(town, rng, width * 0.2, width * 0.009):
        if rng.random() < 0.07:
            _park(pen, rng, quarter, rgb(palette[2]), width)
            continue
        for block in split(quarter, rng, width * 0.07, width * 0.0045):
            ink = rng.choices(roofs, weights=[9, 6, 3, 1][: len(roofs)])[0]
            pen.polygon(block, fill=ink)
            if rng.random() < 0.5 and _extent(block) > width * 0.042:
                pen.polygon(_shrunk(block, 0.4), fill=mix(rgb(palette[0]), ink, 0.25))
    _river(image, rng, palette)
    return image


def split(quad: Quad, rng: Random, largest: float, street: float) -> list[Quad]:
    """Cut a quarter in two across its longer side, again and again, with streets between."""
    a, b, c, d = quad
    long, short = math.dist(a, b) + math.dist(c, d), math.dist(b, c) + math.dist(d, a)
    if max(long, short) / 2 < largest * rng.uniform(0.8, 1.4):
        return [_inset(quad, street)]
    if long < short:
        a, b, c, d = b, c, d, a
    s, t = rng.uniform(0.38, 0.62), rng.uniform(-0.05, 0.05)
    m, n = _between(a, b, s + t), _between(d, c, s - t)
    return [*split((a, m, n, d), rng, largest, street), *split((m, b, c, n), rng, largest, street)]


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _inset(quad: Quad, by: float) -> Quad:
    share = min(0.3, by / max(1.0, _extent(quad) / 2))
    return _shrunk(quad, 1 - share)


def _shrunk(quad: Quad, share: float) -> Quad:
    middle = (sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4)
    a, b, c, d = (_between(middle, corner, share) for corner in quad)
    return a, b, c, d


def _extent(quad: Quad) -> float:
    a, b, c, d = quad
    return min(math.dist(a, b), math.dist(b, c), math.dist(c, d), math.dist(d, a))


def _park(pen: ImageDraw.ImageDraw, rng: Random, quad: Quad, ink: Colour, width: float) -> None:
    pen.polygon(quad, fill=ink)
    a, b, c, d = quad
    for _ in range(60):
        s, t = rng.uniform(0.06, 0.94), rng.uniform(0.06, 0.94)
        tree = _between(_between(a, b, s), _between(d, c, s), t)
        pen.ellipse(
            box(tree, width * rng.uniform(0.004, 0.009)),
            fill=mix(ink, (20, 40, 30), rng.uniform(0.1, 0.4)),
        )


def _river(image: Image.Image, rng: Random, palette: Palette) -> None:
    width, height = image.size
    pen = ImageDraw.Draw(image)
    bow = rng.uniform(0.25, 0.4)
    middle = (width * 0.52, height * 0.5)
    course = [
        *bezier((-width * 0.1, height * 0.2), (width * bow, height * 0.24), middle, 40),
        *bezier(middle, (width * (1.04 - bow), height * 0.76), (width * 1.1, height * 0.74), 40)[
            1:
        ],
    ]
    stroke(pen, course, rgb(palette[0]), width * 0.135)
    stroke(pen, course, rgb(palette[1]), width * 0.112)
    light = mix(rgb(palette[1]), (255, 255, 255), 0.18)
    for offset in (-0.03, 0, 0.03):
        lane = [(x, y + offset * width) for x, y in course]
        for start in range(rng.randrange(5), len(lane) - 5, 9):
            stroke(pen, lane[start : start + 4], light, width * 0.0022)
    for number in (18, 39, 58):
        (x, y), (after_x, after_y) = course[number], course[number + 1]
        way = math.atan2(after_y - y, after_x - x) + math.pi / 2
        half = width * 0.072
        ends = [
            (x + side * half * math.cos(way), y + side * half * math.sin(way)) for side in (-1, 1)
        ]
        pen.line([*ends[0], *ends[1]], fill=rgb(palette[0]), width=round(width * 0.016))


def skyline(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Towers and their windows. Palette: sky above, sky below, moon, window, towers far to near."""
    width, height = size
    image = gradient(size, palette[:2])
    moon = (width * rng.uniform(0.3, 0.7), height * 0.27)
    glow(image, moon, width * 0.75, rgb(palette[2]), 0.5)
    mask = disc(size, moon, width * 0.2)
    lay(image, rgb(palette[2]), mask)
    shade = edge_light(mask, -width * 0.1, -width * 0.14, width * 0.1)
    lay(image, mix(rgb(palette[2]), rgb(palette[1]), 0.5), stipple(scaled(shade, 0.7), rng))
    tones = ramp(palette[4:], 4)
    for number, tone in enumerate(tones):
        x = -width * rng.uniform(0.01, 0.06)
        while x < width:
            broad = width * rng.uniform(0.07, 0.15)
            top = height * (0.36 + 0.14 * number + rng.uniform(0, 0.2))
            _tower(image, rng, (x, top, x + broad, float(height)), tone, rgb(palette[3]))
            x += broad + width * rng.choice((0, 0, 0.004, 0.02))
        if number < len(tones) - 1:
            haze = scaled(fade(size, -0.9, 0.9), 0.35)
            lay(image, rgb(palette[1]), haze)
    return image


def _tower(
    image: Image.Image,
    rng: Random,
    frame: tuple[float, float, float, float],
    tone: Colour,
    lamp: Colour,
) -> None:
    left, top, right, bottom = frame
    width = image.width
    pen = ImageDraw.Draw(image)
    roof = rng.choice(("flat", "flat", "slope", "step", "mast"))
    broad = right - left
    if roof == "slope":
        pen.polygon([(left, top + 1), (right, top + 1), (right, top - broad * 0.4)], fill=tone)
    elif roof == "step":
        pen.rectangle((left + broad * 0.2, top - broad * 0.25, right - broad * 0.2, top), fill=tone)
    elif roof == "mast":
        middle = (left + right) / 2
        pen.line((middle, top - broad * 0.7, middle, top), fill=tone, width=round(width * 0.004))
    face = wash(
        (max(1, round(broad)), max(1, round(bottom - top))), mix(tone, (255, 255, 255), 0.06), tone
    )
    image.paste(face, (round(left), round(top)))
    columns = rng.randrange(3, 7)
    pitch = broad / (columns + 1)
    lit = rng.choice((0.1, 0.25, 0.45))
    for row in range(int((bottom - top) / (pitch * 1.35)) - 1):
        for column in range(columns):
            x, y = left + pitch * (column + 0.75), top + pitch * (0.8 + row * 1.35)
            ink = (
                mix(tone, lamp, rng.uniform(0.6, 1))
                if rng.random() < lit
                else mix(tone, (0, 0, 0), 0.16)
            )
            pen.rectangle((x, y, x + pitch * 0.5, y + pitch * 0.75), fill=ink)
