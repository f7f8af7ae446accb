"""Ruler and compass: quarter circles, a Bauhaus study, overprinted discs, terrazzo."""

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
    lay,
    mix,
    moved,
    rgb,
    scaled,
    shape,
    soften,
    stipple,
)


def quarters(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A grid of tiles, each one figure made of arcs. Palette: paper, then the inks."""
    width, height = size
    inks = [rgb(colour) for colour in palette]
    image = Image.new("RGB", size, inks[0])
    columns, rows = 4, 5
    side = round(width * 0.84 / columns)
    left, top = (width - side * columns) // 2, (height - side * rows) // 2
    before = inks[0]
    for number in range(columns * rows):
        row, column = divmod(number, columns)
        ground = rng.choice([ink for ink in inks if ink != before])
        others = rng.sample([ink for ink in inks if ink != ground], 3)
        tile = _tile(side, ground, others, rng.choice(TILES))
        tile = tile.rotate(90 * rng.randrange(4))
        image.paste(tile, (left + column * side, top + row * side))
        before = ground
    return image


TILES = ("quarter", "quarter", "nested", "nested", "halves", "leaf", "circle")


def _tile(side: int, ground: Colour, inks: list[Colour], kind: str) -> Image.Image:
    tile = Image.new("RGB", (side, side), ground)
    pen = ImageDraw.Draw(tile)
    first, second, third = inks
    if kind == "quarter":
        pen.ellipse(box((0, 0), side), fill=first)
    elif kind == "nested":
        for share, ink in ((1, first), (0.667, second), (0.333, third)):
            pen.ellipse(box((0, 0), side * share), fill=ink)
    elif kind == "halves":
        for x, ink in ((0, first), (side / 2, second)):
            pen.pieslice(box((x, side / 2), side / 2), -90, 90, fill=ink)
    elif kind == "leaf":
        one, other = (disc(tile.size, corner, side) for corner in ((0, 0), (side, side)))
        lay(tile, first, ImageChops.multiply(one, other))
    else:
        pen.ellipse(box((side / 2, side / 2), side * 0.42), fill=first)
        pen.ellipse(box((side / 2, side / 2), side * 0.2), fill=second)
    return tile


def bauhaus(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A composed study. Palette: paper, red, blue, yellow, black, a pale tone."""
    width, height = size
    paper, red, blue, yellow, black, pale = (rgb(colour) for colour in palette)
    image = Image.new("RGB", size, paper)

    def at(x: float, y: float) -> Point:
        return width * x, height * y

    def press(mask: Image.Image, ink: Colour, shade: Image.Image | None = None) -> None:
        ink_sheet = Image.new("RGB", size, (255, 255, 255))
        lay(ink_sheet, ink, mask)
        if shade is not None:
            grains = stipple(ImageChops.multiply(mask, shade), rng)
            lay(ink_sheet, mix(ink, black, 0.4), grains)
        image.paste(ImageChops.multiply(image, ink_sheet))

    press(disc(size, at(0.6, 0.37), width * 0.3), red, fade(size, -0.35, 0.95))
    press(disc(size, at(0.3, 0.62), width * 0.185), yellow)
    press(shape(size, [at(0.1, 0.9), at(0.1, 0.22), at(0.215, 0.22), at(0.215, 0.9)]), blue)
    half = ImageChops.multiply(
        disc(size, at(0.66, 0.72), width * 0.24),
        shape(size, [at(0, 0.72), at(1, 0.72), at(1, 1), at(0, 1)]),
    )
    press(half, pale)
    press(
        shape(size, [at(0.4, 0.72), at(0.66, 0.495), at(0.66, 0.72)]), blue, fade(size, 1.4, -0.6)
    )
    pen = ImageDraw.Draw(image)
    _bars(pen, size, black)
    pen.ellipse(box(at(0.79, 0.205), width * 0.062), fill=black)
    pen.ellipse(box(at(0.3, 0.62), width * 0.06), fill=paper)
    for number in range(5):
        pen.ellipse(box(at(0.5 + number * 0.085, 0.925), width * 0.012), fill=black)
    return image


def _bars(pen: ImageDraw.ImageDraw, size: Size, ink: Colour) -> None:
    """The long diagonal with its rungs, and the ground line."""
    width, height = size
    thin = round(width * 0.006)
    pen.line((width * 0.06, height * 0.86, width * 0.93, height * 0.1), fill=ink, width=thin * 2)
    pen.line((width * 0.06, height * 0.72, width * 0.94, height * 0.72), fill=ink, width=thin)
    for number in range(7):
        y = height * (0.1 + number * 0.018)
        pen.line((width * 0.1, y, width * (0.36 - number * 0.022), y), fill=ink, width=thin)


def overprint(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Discs of see-through ink laid over each other. Palette: paper, then three inks."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    middle = (width * 0.5, height * 0.49)
    start = rng.uniform(-0.2, 0.2) - math.pi / 2
    for number, colour in enumerate(palette[1:]):
        angle = start + number * math.tau / len(palette[1:])
        centre = (
            middle[0] + width * 0.172 * math.cos(angle),
            middle[1] + width * 0.172 * math.sin(angle),
        )
        mask = disc(size, centre, width * 0.3)
        slope = fade((size[1], size[1]), 1.5, 0.25).rotate(math.degrees(-angle) + 90)
        slope = slope.crop(((height - width) // 2, 0, (height - width) // 2 + width, height))
        ink = Image.new("RGB", size, (255, 255, 255))
        lay(ink, rgb(colour), stipple(ImageChops.multiply(mask, slope), rng))
        image = ImageChops.multiply(image, ink)
    pen = ImageDraw.Draw(image)
    for number in range(3):
        y = height * (0.9 + number * 0.009)
        pen.line(
            (width * 0.42, y, width * 0.58, y),
            fill=rgb(palette[1 + number % 3]),
            width=round(width * 0.004),
        )
    return image


def terrazzo(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Chips of stone in polished ground. Palette: ground, then the stones."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    placed: list[tuple[float, float, float]] = []
    stones = Image.new("L", size)
    sheet = Image.new("RGB", size, rgb(palette[0]))
    pens = ImageDraw.Draw(stones), ImageDraw.Draw(sheet)
    for radius, tries in ((0.085, 70), (0.05, 220), (0.026, 700), (0.011, 1600)):
        for _ in range(tries):
            x, y, r = (
                rng.random() * width,
                rng.random() * height,
                radius * width * rng.uniform(0.75, 1.2),
            )
            if any(math.hypot(x - a, y - b) < r + c for a, b, c in placed):
                continue
            placed.append((x, y, r))
            chip = _chip(rng, (x, y), r * 0.9)
            pens[0].polygon(chip, fill=255)
            pens[1].polygon(chip, fill=rgb(rng.choice(palette[1:])))
    shadow = scaled(moved(soften(stones, width * 0.004), width * 0.002, width * 0.003), 0.25)
    lay(image, (40, 30, 30), shadow)
    image.paste(sheet, mask=stones)
    return image


def _chip(rng: Random, centre: Point, radius: float) -> list[Point]:
    corners = rng.randrange(5, 8)
    angles = sorted((n + rng.uniform(-0.3, 0.3)) * math.tau / corners for n in range(corners))
    spin = rng.random() * math.tau
    flat = rng.uniform(0.6, 1)
    turned = [(math.cos(a) * radius, math.sin(a) * radius * flat) for a in angles]
    return [
        (
            centre[0] + x * math.cos(spin) - y * math.sin(spin),
            centre[1] + x * math.sin(spin) + y * math.cos(spin),
        )
        for x, y in turned
    ]
