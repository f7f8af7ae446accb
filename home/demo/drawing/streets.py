"""What one passes on the way: a bicycle against a wall, a bridge at dusk."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw

from .canal import glints
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
    stroke,
    wave,
)


def bicycle(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A bicycle against a wall. Palette: wall, ground, a disc, tyres, frame, leather."""
    width, height = size
    wall, ground, pale, tyre, frame, leather = (rgb(colour) for colour in palette)
    image = Image.new("RGB", size, wall)
    lay(image, pale, disc(size, (width * rng.uniform(0.45, 0.55), height * 0.4), width * 0.36))
    level = height * 0.745
    ImageDraw.Draw(image).rectangle((0, level, width, height), fill=ground)
    floor = shape(size, [(0, level), (width, level), (width, height), (0, height)])
    shaded(image, floor, mix(ground, (30, 20, 30), 0.35), fade(size, -2, 0.8), rng)
    radius = width * 0.185
    back, front = (width * 0.275, level - radius), (width * 0.745, level - radius)
    shadow = Image.new("L", size)
    ImageDraw.Draw(shadow).ellipse(
        (width * 0.1, level - height * 0.006, width * 0.95, level + height * 0.025), fill=255
    )
    lay(image, mix(ground, (20, 15, 25), 0.5), scaled(shadow, 0.6))
    pen = ImageDraw.Draw(image)
    for hub in (back, front):
        _wheel(pen, rng, hub, radius, tyre, mix(tyre, wall, 0.45))
    crank = (width * 0.475, level - radius * 0.92)
    seat, head = (width * 0.41, level - radius * 2.35), (width * 0.665, level - radius * 2.3)
    tube = width * 0.0135
    for line in (
        (back, crank),
        (crank, seat),
        (seat, back),
        (seat, head),
        (crank, head),
        (head, front),
    ):
        stroke(pen, line, frame, tube)
    _saddle_and_bars(pen, (seat, head), radius, (leather, tyre), width)
    _chain(pen, crank, back, radius, (tyre, frame), width)
    _basket(image, rng, (head[0] + radius * 0.36, head[1] - radius * 0.02), radius, leather)
    return image


def _wheel(
    pen: ImageDraw.ImageDraw, rng: Random, hub: Point, radius: float, tyre: Colour, steel: Colour
) -> None:
    spin = rng.random()
    for number in range(28):
        angle = math.tau * number / 28 + spin
        slant = angle + (0.35 if number % 2 else -0.35)
        start = (hub[0] + radius * 0.07 * math.cos(slant), hub[1] + radius * 0.07 * math.sin(slant))
        end = (hub[0] + radius * 0.9 * math.cos(angle), hub[1] + radius * 0.9 * math.sin(angle))
        pen.line((*start, *end), fill=steel, width=max(1, round(radius * 0.009)))
    pen.ellipse(box(hub, radius), outline=tyre, width=round(radius * 0.075))
    pen.ellipse(box(hub, radius * 0.905), outline=steel, width=max(1, round(radius * 0.025)))
    pen.ellipse(box(hub, radius * 0.075), fill=tyre)


def _saddle_and_bars(
    pen: ImageDraw.ImageDraw,
    ends: tuple[Point, Point],
    radius: float,
    inks: tuple[Colour, Colour],
    width: float,
) -> None:
    (sx, sy), (hx, hy) = ends
    leather, steel = inks
    stroke(pen, [(sx, sy), (sx - radius * 0.09, sy - radius * 0.3)], steel, width * 0.009)
    top = sy - radius * 0.34
    pen.polygon(
        [
            (sx - radius * 0.42, top - radius * 0.07),
            (sx + radius * 0.36, top),
            (sx + radius * 0.34, top + radius * 0.07),
            (sx - radius * 0.05, top + radius * 0.1),
            (sx - radius * 0.36, top + radius * 0.16),
        ],
        fill=leather,
    )
    stroke(pen, [(hx, hy), (hx - radius * 0.1, hy - radius * 0.34)], steel, width * 0.009)
    grip = (hx - radius * 0.1, hy - radius * 0.34)
    stroke(
        pen,
        [
            (grip[0] + radius * 0.18, grip[1] - radius * 0.06),
            grip,
            (grip[0] - radius * 0.34, grip[1] + radius * 0.02),
        ],
        steel,
        width * 0.009,
    )
    stroke(
        pen,
        [(grip[0] - radius * 0.2, grip[1]), (grip[0] - radius * 0.4, grip[1] + radius * 0.03)],
        leather,
        width * 0.016,
    )


def _chain(
    pen: ImageDraw.ImageDraw,
    crank: Point,
    hub: Point,
    radius: float,
    inks: tuple[Colour, Colour],
    width: float,
) -> None:
    steel, frame = inks
    for side in (-1, 1):
        pen.line(
            (crank[0], crank[1] + side * radius * 0.17, hub[0], hub[1] + side * radius * 0.08),
            fill=steel,
            width=max(1, round(width * 0.003)),
        )
    pen.ellipse(box(crank, radius * 0.19), outline=steel, width=round(radius * 0.05))
    pen.ellipse(box(crank, radius * 0.06), fill=frame)
    for side in (-1, 1):
        pedal = (crank[0] + side * radius * 0.2, crank[1] + side * radius * 0.24)
        stroke(pen, [crank, pedal], steel, width * 0.007)
        pen.rectangle(
            (
                pedal[0] - radius * 0.11,
                pedal[1] - radius * 0.03,
                pedal[0] + radius * 0.11,
                pedal[1] + radius * 0.03,
            ),
            fill=steel,
        )


def _basket(image: Image.Image, rng: Random, centre: Point, radius: float, wicker: Colour) -> None:
    """A basket on the bars, full of something that was on the market."""
    x, y = centre
    pen = ImageDraw.Draw(image)
    for _ in range(16):
        bloom = (x + radius * rng.uniform(-0.3, 0.3), y - radius * rng.uniform(0.3, 0.62))
        pen.line((*bloom, x, y), fill=(92, 122, 80), width=max(1, round(radius * 0.02)))
        pen.ellipse(
            box(bloom, radius * rng.uniform(0.05, 0.09)),
            fill=rng.choice(((226, 96, 76), (244, 190, 90), (250, 240, 225), (204, 120, 150))),
        )
    tub = [
        (x - radius * 0.38, y - radius * 0.28),
        (x + radius * 0.38, y - radius * 0.28),
        (x + radius * 0.28, y + radius * 0.22),
        (x - radius * 0.28, y + radius * 0.22),
    ]
    pen.polygon(tub, fill=wicker)
    for row in range(4):
        level = y - radius * (0.2 - 0.11 * row)
        pen.line(
            (x - radius * 0.34, level, x + radius * 0.34, level),
            fill=mix(wicker, (255, 240, 210), 0.35),
            width=max(1, round(radius * 0.022)),
        )


def bridge(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A suspension bridge in the mist. Palette: sky above, below, sun, towers, water, hills."""
    width, height = size
    image = gradient(size, palette[:2])
    sun, steel = rgb(palette[2]), rgb(palette[3])
    lay(image, sun, disc(size, (width * rng.uniform(0.4, 0.6), height * 0.3), width * 0.15))
    for number, tone in enumerate(ramp(palette[5:], 3)):
        line = wave(rng, height * 0.03, width * 0.7)
        level = height * (0.52 + 0.035 * number)
        xs = [width * step / 60 for step in range(61)]
        body = shape(size, [*((x, level + line(x)) for x in xs), (width, height), (0, height)])
        image.paste(mix(tone, rgb(palette[1]), 0.62 - 0.24 * number), mask=body)
    sea = height * 0.69
    tones = gradient((width, round(height - sea)), (palette[1], palette[4]))
    image.paste(tones, (0, round(sea)))
    glints(image, rng, sea, mix(sun, rgb(palette[1]), 0.25))
    pen = ImageDraw.Draw(image)
    deck, thick = height * 0.6, width * 0.012
    towers = (width * 0.24, width * 0.82)
    top = height * 0.235
    _cables(pen, size, towers, (top, deck), steel)
    pen.rectangle((0, deck, width, deck + thick * 1.25), fill=steel)
    for number in range(60):
        x = width * number / 59
        pen.line(
            (x, deck + thick, x + width / 59, deck + thick * 2.6),
            fill=steel,
            width=max(1, round(thick * 0.22)),
        )
        pen.line(
            (x, deck + thick * 2.6, x + width / 59, deck + thick),
            fill=steel,
            width=max(1, round(thick * 0.22)),
        )
    pen.line(
        (0, deck + thick * 2.6, width, deck + thick * 2.6), fill=steel, width=round(thick * 0.35)
    )
    for x in towers:
        _pylon(pen, x, (top, height * 0.735), width * 0.038, steel)
    mist = ImageChops.multiply(
        shape(
            size,
            [(0, height * 0.6), (width, height * 0.6), (width, height * 0.78), (0, height * 0.78)],
        ),
        fade(size, -0.9, 1.1),
    )
    lay(image, rgb(palette[1]), scaled(mist, 0.35))
    return image


def _cables(
    pen: ImageDraw.ImageDraw,
    size: Size,
    towers: tuple[float, float],
    levels: tuple[float, float],
    steel: Colour,
) -> None:
    """The two main spans hang as parabolas; a rope falls from them every so often."""
    width, height = size
    (left, right), (top, deck) = towers, levels
    middle, reach = (left + right) / 2, (right - left) / 2
    low = deck - height * 0.02

    def cable(x: float) -> float:
        if left <= x <= right:
            return low - (low - top) * ((x - middle) / reach) ** 2
        far = (left - x if x < left else x - right) / (reach * 1.15)
        return top + (low - top) * min(1.0, far) ** 0.85

    for number in range(76):
        x = width * number / 75
        pen.line(
            (x, cable(x), x, deck),
            fill=mix(steel, (255, 255, 255), 0.18),
            width=max(1, round(width * 0.0016)),
        )
    points = [(width * step / 300, cable(width * step / 300)) for step in range(301)]
    stroke(pen, points, steel, width * 0.0065)


def _pylon(
    pen: ImageDraw.ImageDraw, x: float, ends: tuple[float, float], half: float, steel: Colour
) -> None:
    top, foot = ends
    lit, dark = mix(steel, (255, 255, 255), 0.14), mix(steel, (20, 0, 20), 0.3)
    for side in (-1, 1):
        leg = half * 0.34
        inner = x + side * half * 0.72
        pen.polygon(
            [
                (inner - leg * 0.8, top),
                (inner + leg * 0.8, top),
                (inner + leg * 1.25, foot),
                (inner - leg * 1.25, foot),
            ],
            fill=steel if side < 0 else dark,
        )
        pen.line(
            (inner - leg * 0.8, top, inner - leg * 1.25, foot),
            fill=lit,
            width=max(1, round(leg * 0.2)),
        )
    tall = foot - top
    for share in (0.01, 0.17, 0.35, 0.55, 0.78):
        y = top + tall * share
        pen.rectangle((x - half, y, x + half, y + tall * 0.028), fill=steel)
    pen.rectangle((x - half * 1.5, foot, x + half * 1.5, foot + tall * 0.03), fill=dark)
