"""Lines drawn by a rule: contours, cut paper, a flow field, sound."""

import math
from random import Random

from PIL import Image, ImageDraw

from .canvas import (
    SUPERSAMPLING,
    Palette,
    Point,
    Size,
    box,
    edge_light,
    heights,
    lay,
    mix,
    moved,
    ramp,
    relief,
    rgb,
    scaled,
    soften,
    stipple,
    stroke,
)

GRID = (96, 120)


def contours(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A map of hills. Palette: paper, line, then the tints from low to high."""
    width, height = size
    hills = heights(rng, (3, 4), 3, GRID)
    tints = ramp(palette[2:], 11)
    image = Image.new("RGB", size, tints[0])
    ground = relief(hills, (width // 2, height // 2), GRID)
    for number, tint in enumerate(tints[1:], 1):
        lay(image, tint, _above(ground, number / 11).resize(size, Image.Resampling.BILINEAR))
    pen = ImageDraw.Draw(image)
    ink = rgb(palette[1])
    for level in range(1, 44):
        heavy = level % 4 == 0
        line_width = max(1, round(width * (0.0026 if heavy else 0.0012)))
        colour = ink if heavy else mix(ink, tints[level // 4], 0.35)
        for start, end in _crossings(hills, level / 44):
            scale = (width / (GRID[0] - 1), height / (GRID[1] - 1))
            ends = (start[0] * scale[0], start[1] * scale[1], end[0] * scale[0], end[1] * scale[1])
            pen.line(ends, fill=colour, width=line_width)
    margin = round(width * 0.06)
    framed = Image.new("RGB", size, rgb(palette[0]))
    framed.paste(image.crop((margin, margin, width - margin, height - margin)), (margin, margin))
    return framed


def _above(ground: Image.Image, level: float) -> Image.Image:
    """A mask of what lies above a level, with a smooth edge."""
    steep = 20_000.0
    return ground.point(lambda value: value * steep + (128 - level * steep)).convert("L")


def _crossings(hills: list[float], level: float) -> list[tuple[Point, Point]]:
    """The stretches of one contour line, cell by cell (marching squares)."""
    columns, rows = GRID
    found = []
    for row in range(rows - 1):
        base = row * columns
        for column in range(columns - 1):
            place = base + column
            a, b = hills[place], hills[place + 1]
            d, c = hills[place + columns], hills[place + columns + 1]
            if (a < level) == (b < level) == (c < level) == (d < level):
                continue
            cuts = []
            if (a < level) != (b < level):
                cuts.append((column + (level - a) / (b - a), float(row)))
            if (b < level) != (c < level):
                cuts.append((column + 1.0, row + (level - b) / (c - b)))
            if (d < level) != (c < level):
                cuts.append((column + (level - d) / (c - d), row + 1.0))
            if (a < level) != (d < level):
                cuts.append((float(column), row + (level - a) / (d - a)))
            found.extend(zip(cuts[::2], cuts[1::2], strict=True))
    return found


def papercut(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Sheets of paper with holes, laid over each other. Palette: the deepest sheet first."""
    # Its edges are smooth of themselves, so it is drawn at the size it is shown at.
    width, height = size[0] // SUPERSAMPLING, size[1] // SUPERSAMPLING
    ground = relief(heights(rng, (2, 3), 2, GRID), (width, height), GRID)
    sheets = ramp(palette, 9)
    image = Image.new("RGB", (width, height), sheets[0])
    for number, colour in enumerate(sheets[1:], 1):
        mask = _above(ground, 0.08 + number * 0.098)
        shadow = soften(moved(mask, width * 0.012, width * 0.02), width * 0.016)
        lay(image, mix(sheets[number - 1], (12, 10, 30), 0.62), scaled(shadow, 0.75))
        lay(image, colour, mask)
        rim = edge_light(mask, width * 0.004, width * 0.006, width * 0.006)
        lay(image, mix(colour, (255, 255, 255), 0.3), scaled(rim, 0.6))
    return image.resize(size, Image.Resampling.NEAREST)


def flow(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Ribbons that follow a current and never touch. Palette: paper, then the inks."""
    width, _height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    pen = ImageDraw.Draw(image)
    current = heights(rng, (2, 3), 1, GRID)
    taken: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
    inks = [rgb(colour) for colour in palette[1:]]
    # In thousandths of the width, from the widest ribbons to the ones that fill the gaps.
    for thick, tries, longest in ((34, 90, 90), (20, 220, 70), (11, 600, 60), (5, 1300, 50)):
        for _ in range(tries):
            start = (rng.uniform(60, 940), rng.uniform(60, 1190))
            line = _follow(current, taken, start, thick, longest)
            ink = rng.choice(inks)
            if len(line) < 12:
                continue
            for x, y in line:
                taken.setdefault((int(x // 40), int(y // 40)), []).append((x, y, thick / 2))
            scale = width / 1000
            stroke(pen, [(x * scale, y * scale) for x, y in line], ink, thick * scale)
    return image


def _follow(
    current: list[float],
    taken: dict[tuple[int, int], list[tuple[float, float, float]]],
    start: Point,
    thick: float,
    longest: int,
) -> list[Point]:
    """The way from ``start`` with the current, until the margin or another ribbon."""
    x, y = start
    line: list[Point] = []
    step = 7.0
    for _ in range(longest):
        if not (60 + thick / 2 < x < 940 - thick / 2 and 60 + thick / 2 < y < 1190 - thick / 2):
            break
        if _touches(taken, x, y, thick / 2 + 4):
            break
        line.append((x, y))
        column, row = int(x / 1000 * (GRID[0] - 1)), int(y / 1250 * (GRID[1] - 1))
        angle = current[row * GRID[0] + column] * math.tau * 1.15
        x, y = x + step * math.cos(angle), y + step * math.sin(angle)
    return line


def _touches(
    taken: dict[tuple[int, int], list[tuple[float, float, float]]], x: float, y: float, reach: float
) -> bool:
    column, row = int(x // 40), int(y // 40)
    for near_column in (column - 1, column, column + 1):
        for near_row in (row - 1, row, row + 1):
            for a, b, other in taken.get((near_column, near_row), ()):
                if (x - a) ** 2 + (y - b) ** 2 < (reach + other) ** 2:
                    return True
    return False


def soundscape(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A stack of wave forms, each hiding what is behind. Palette: paper, then lines far to near."""
    width, height = size
    paper = rgb(palette[0])
    image = Image.new("RGB", size, paper)
    pen = ImageDraw.Draw(image)
    lines = 58
    for number, colour in enumerate(ramp(palette[1:], lines)):
        level = height * (0.2 + 0.66 * number / (lines - 1))
        points = _wave_form(rng, width, level, height * 0.1)
        pen.polygon(
            [*points, (points[-1][0], level + height), (points[0][0], level + height)], fill=paper
        )
        stroke(pen, points, colour, width * 0.0032)
    # What hangs below the last line is covered like the rest.
    pen.rectangle((0, height * 0.875, width, height), fill=paper)
    return image


def _wave_form(rng: Random, width: float, level: float, high: float) -> list[Point]:
    peaks = [
        (rng.gauss(0.5, 0.1), rng.uniform(0.012, 0.045), rng.uniform(0.15, 1) ** 1.6)
        for _ in range(9)
    ]
    points = []
    for step in range(221):
        t = step / 220
        lift = sum(tall * math.exp(-(((t - middle) / wide) ** 2)) for middle, wide, tall in peaks)
        lift += rng.uniform(0, 0.035) + 0.03 * math.sin(t * 90 + level)
        edge = math.exp(-(((t - 0.5) / 0.27) ** 4))
        points.append((width * (0.12 + 0.76 * t), level - high * 0.62 * lift * edge))
    return points


def record(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A song as rays around a disc. Palette: paper, disc, label, then the rays in turn."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    pen = ImageDraw.Draw(image)
    centre = (width * 0.5, height * 0.48)
    inks = ramp([*palette[3:], palette[3]], 240)
    song = _song(rng, 240)
    for number, (loud, ink) in enumerate(zip(song, inks, strict=True)):
        angle = number / 240 * math.tau - math.pi / 2
        near, far = width * 0.285, width * (0.295 + 0.17 * loud)
        way = (math.cos(angle), math.sin(angle))
        ends = [(centre[0] + way[0] * r, centre[1] + way[1] * r) for r in (near, far)]
        stroke(pen, ends, ink, width * 0.0042)
    pen.ellipse(box(centre, width * 0.27), fill=rgb(palette[1]))
    groove = mix(rgb(palette[1]), (255, 255, 255), 0.14)
    for number in range(17):
        ring = box(centre, width * (0.112 + number * 0.0088))
        pen.ellipse(ring, outline=groove, width=max(1, round(width * 0.0011)))
    _label(image, rng, centre, width, palette)
    return image


def _label(image: Image.Image, rng: Random, centre: Point, width: float, palette: Palette) -> None:
    label = Image.new("L", image.size)
    ImageDraw.Draw(label).ellipse(box(centre, width * 0.095), fill=255)
    lay(image, rgb(palette[2]), label)
    shade = edge_light(label, 0, width * 0.05, width * 0.05)
    lay(image, mix(rgb(palette[2]), (0, 0, 0), 0.3), stipple(scaled(shade, 0.7), rng))
    ImageDraw.Draw(image).ellipse(box(centre, width * 0.009), fill=rgb(palette[0]))


def _song(rng: Random, count: int) -> list[float]:
    """Loudness from 0 to 1: verses and choruses, and a beat."""
    parts = [(rng.uniform(2, 9), rng.uniform(0, math.tau), rng.uniform(0.4, 1)) for _ in range(5)]
    values = []
    for number in range(count):
        turn = number / count * math.tau
        slow = sum(high * math.sin(round(often) * turn + phase) for often, phase, high in parts)
        values.append(abs(slow) * (1 if number % 4 else 1.35) + rng.uniform(0, 0.5))
    return [value / max(values) for value in values]
