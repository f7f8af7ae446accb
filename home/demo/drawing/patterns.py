"""Patterns that repeat, nearly: quilts, arches, rings of a tree, swelling dots, loops."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw

from .canvas import (
    Colour,
    Palette,
    Point,
    Size,
    box,
    fade,
    mix,
    ramp,
    rgb,
    shaded,
    shape,
    wave,
)


def quilt(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Stars of patchwork. Palette: linen, then the cloths."""
    width, height = size
    linen = rgb(palette[0])
    image = Image.new("RGB", size, linen)
    pen = ImageDraw.Draw(image)
    side = width * 0.86 / 3
    left, top = (width - side * 3) / 2, (height - side * 4) / 2
    cloths = [rgb(colour) for colour in palette[1:]]
    for number in range(12):
        row, column = divmod(number, 3)
        corner = (left + column * side, top + row * side)
        ground, first, second, heart = rng.sample(cloths, 4)
        _star(pen, corner, side, (ground, first, second, heart), is_turned=number % 2 == 1)
    thread = mix(linen, cloths[0], 0.18)
    for number in range(4):
        x = left + number * side
        pen.line((x, top, x, top + side * 4), fill=thread, width=round(width * 0.0022))
    for number in range(5):
        y = top + number * side
        pen.line((left, y, left + side * 3, y), fill=thread, width=round(width * 0.0022))
    return image


def _star(
    pen: ImageDraw.ImageDraw,
    corner: Point,
    side: float,
    inks: tuple[Colour, Colour, Colour, Colour],
    *,
    is_turned: bool,
) -> None:
    """An eight-pointed star: four squares of two triangles around a heart."""
    x, y = corner
    ground, first, second, heart = inks
    step = side / 4
    pen.rectangle((x, y, x + side, y + side), fill=ground)

    def at(across: float, down: float) -> Point:
        return x + across * step, y + down * step

    for turn in range(4):

        def to(across: float, down: float, turn: int = turn) -> Point:
            for _ in range(turn):
                across, down = 4 - down, across
            return at(across, down)

        pen.polygon([to(1, 1), to(2, 1), to(1, 0)], fill=first)
        pen.polygon([to(2, 1), to(3, 1), to(3, 0)], fill=second)
        pen.polygon([to(1, 1), to(2, 1), to(2, 2)], fill=second if is_turned else first)
        pen.polygon([to(2, 1), to(3, 1), to(2, 2)], fill=first if is_turned else second)
        if is_turned:
            pen.polygon([to(0, 0), to(1, 0), to(0, 1)], fill=heart)
    pen.polygon([at(2, 1.35), at(2.65, 2), at(2, 2.65), at(1.35, 2)], fill=heart)


def arches(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Rainbows standing in each other's way. Palette: paper, then the arches."""
    width, height = size
    paper = rgb(palette[0])
    image = Image.new("RGB", size, paper)
    inks = [rgb(colour) for colour in palette[1:]]
    places = [(0.31, 0.49, 0.24), (0.66, 0.72, 0.27), (0.32, 0.94, 0.25), (0.7, 0.31, 0.17)]
    for x, y, radius in places:
        x += rng.uniform(-0.03, 0.03)
        bands = 5 if radius > 0.2 else 4
        chosen = rng.sample(inks, min(bands, len(inks)))
        _arch(image, rng, (width * x, height * y), width * radius, [*chosen, paper])
    return image


def _arch(image: Image.Image, rng: Random, foot: Point, radius: float, inks: list[Colour]) -> None:
    x, y = foot
    tall = radius * 1.25
    for number, ink in enumerate(inks):
        reach = radius * (1 - number / len(inks))
        mask = Image.new("L", image.size)
        pen = ImageDraw.Draw(mask)
        pen.pieslice(box((x, y - tall + radius), reach), 180, 360, fill=255)
        pen.rectangle((x - reach, y - tall + radius, x + reach, y), fill=255)
        image.paste(ink, mask.getbbox(), mask.crop(mask.getbbox()))
        if number < len(inks) - 1:
            shaded(image, mask, mix(ink, (60, 30, 30), 0.22), fade(image.size, -0.3, 0.75), rng)


def treerings(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """The years of a tree. Palette: paper, wood outside to heart, the lines, the bark."""
    width, height = size
    paper, line, bark = rgb(palette[0]), rgb(palette[-2]), rgb(palette[-1])
    image = Image.new("RGB", size, paper)
    pen = ImageDraw.Draw(image)
    heart = (width * rng.uniform(0.44, 0.56), height * rng.uniform(0.46, 0.53))
    bumps = [(rng.uniform(0.01, 0.05) / often**0.5, often, rng.uniform(0, math.tau))
             for often in (2, 3, 4, 7, 11)]  # fmt: skip
    years = 46
    steps = [0.0]
    for _ in range(years):
        steps.append(steps[-1] + rng.uniform(0.5, 1.6))
    tones = ramp(palette[1:-2], years + 1)

    def ring(share: float, drift: float) -> list[Point]:
        points = []
        for number in range(240):
            angle = math.tau * number / 240
            rough = sum(high * math.sin(often * angle + phase + drift * often * 0.1)
                        for high, often, phase in bumps)  # fmt: skip
            far = width * 0.44 * share * (1 + rough * (0.4 + 0.6 * share))
            points.append(
                (heart[0] + far * math.cos(angle), heart[1] + far * 1.12 * math.sin(angle))
            )
        return points

    pen.polygon(ring(1.045, 0), fill=bark)
    for year in range(years, 0, -1):
        outline = ring(steps[year] / steps[-1], year / years)
        pen.polygon(outline, fill=tones[years - year])
        thick = width * (0.0012 + 0.0022 * rng.random() ** 3)
        pen.line([*outline, outline[0]], fill=line, width=max(1, round(thick)))
    _cracks(pen, rng, heart, width, line)
    return image


def _cracks(pen: ImageDraw.ImageDraw, rng: Random, heart: Point, width: float, ink: Colour) -> None:
    for _ in range(3):
        angle, far = rng.uniform(0, math.tau), width * rng.uniform(0.16, 0.34)
        tip = (heart[0] + far * math.cos(angle), heart[1] + far * math.sin(angle))
        side = (width * 0.004 * math.sin(angle), -width * 0.004 * math.cos(angle))
        pen.polygon([heart, (heart[0] * 0.5 + tip[0] * 0.5 + side[0],
                             heart[1] * 0.5 + tip[1] * 0.5 + side[1]), tip], fill=ink)  # fmt: skip


def swell(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Dots that grow and shrink as if something breathed behind them. Palette: paper, inks."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    pen = ImageDraw.Draw(image)
    tones = ramp(palette[1:], 40)
    columns, rows = 22, 28
    step = width * 0.86 / (columns - 1)
    left, top = (width - step * (columns - 1)) / 2, (height - step * (rows - 1)) / 2
    centres = [(rng.uniform(0.15, 0.85), rng.uniform(0.12, 0.88), rng.choice((-1, 1, 1)))
               for _ in range(4)]  # fmt: skip
    for number in range(columns * rows):
        row, column = divmod(number, columns)
        x, y = column / (columns - 1), row / (rows - 1)
        force = sum(sign * math.exp(-9 * ((x - a) ** 2 + (y - b) ** 2 * 1.5))
                    for a, b, sign in centres)  # fmt: skip
        share = max(0.0, min(1.0, 0.42 + 0.55 * force))
        place = (left + column * step, top + row * step)
        pen.ellipse(box(place, step * (0.07 + 0.44 * share)), fill=tones[round(share * 39)])
    return image


def harmonograph(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Two pendulums and a pen. Palette: paper, then the ink from begin to end."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    pen = ImageDraw.Draw(image)
    ratio = rng.choice(((2, 3), (3, 4), (3, 5), (1, 2)))
    detune = rng.uniform(0.004, 0.011)
    phases = [rng.uniform(0, math.tau) for _ in range(4)]
    turns, steps = 96, 96 * 90
    tones = ramp(palette[1:], 64)
    middle = (width / 2, height * 0.49)
    before: Point | None = None
    for number in range(steps):
        t = number / steps
        angle, fading = math.tau * turns * t / 3, math.exp(-1.7 * t)
        x = math.sin(ratio[0] * angle + phases[0]) + 0.55 * math.sin(
            angle * (1 + detune) + phases[1]
        )
        y = math.sin(ratio[1] * angle * (1 - detune / 2) + phases[2]) + 0.55 * math.cos(
            angle + phases[3]
        )
        place = (middle[0] + x * fading * width * 0.27, middle[1] + y * fading * width * 0.335)
        if before is not None:
            pen.line((*before, *place), fill=tones[int(t * 64)], width=round(width * 0.0024))
        before = place
    return image


def weave(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Flames of a woven cloth. Palette: from the first thread to the last."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    pen = ImageDraw.Draw(image)
    columns = 44
    broad = width / columns
    tones = [rgb(colour) for colour in palette]
    high = height / 22
    rise = wave(rng, height * 0.075, width * 0.75)
    lift = [round(rise((n + 0.5) * broad) / (high / 3)) * high / 3 for n in range(columns)]
    for column in range(columns):
        for row in range(-4, 27):
            y = row * high + lift[column]
            ink = tones[row % len(tones)]
            left, right = column * broad, (column + 1) * broad
            pen.rectangle((left, y, right, y + high), fill=mix(ink, (255, 255, 255), 0.06))
            pen.rectangle((left + broad * 0.12, y, right - broad * 0.12, y + high), fill=ink)
    threads = Image.new("L", size)
    lines = ImageDraw.Draw(threads)
    for number in range(0, round(height), max(2, round(height / 420))):
        lines.line((0, number, width, number), fill=46)
    image.paste(
        (30, 20, 20),
        mask=ImageChops.multiply(
            threads, shape(size, [(0, 0), (width, 0), (width, height), (0, height)])
        ),
    )
    return image
