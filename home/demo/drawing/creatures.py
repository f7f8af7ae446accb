"""Animals, cut from a few curves: birds on a branch, a cat at night."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw

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
    rgb,
    scaled,
    shaded,
    shape,
    stroke,
)
from .plants import leaf_outline


def birds(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Round birds on bare twigs. Palette: sky, moon, twig, beak, then wing and breast by turns."""
    width, height = size
    sky, moon, twig, beak = (rgb(colour) for colour in palette[:4])
    coats = [
        (rgb(wing), rgb(breast)) for wing, breast in zip(palette[4::2], palette[5::2], strict=True)
    ]
    image = Image.new("RGB", size, sky)
    lay(image, moon, disc(size, (width * 0.5, height * 0.4), width * 0.37))
    levels = (0.3, 0.52, 0.75)
    pen = ImageDraw.Draw(image)
    branches = []
    for number, level in enumerate(levels):
        side = 1 if number % 2 else -1
        start = (width * (0.5 + side * 0.56), height * (level + 0.05))
        end = (width * (0.5 - side * 0.4), height * (level - 0.03))
        branch = bezier(start, (width * 0.5, height * (level + 0.05)), end, 40)
        for place in range(39):
            stroke(pen, branch[place : place + 2], twig, width * (0.015 - 0.011 * place / 40))
        _leaves(pen, rng, branch, width, (twig, coats[-1][1]))
        branches.append(branch)
    order = [*range(len(coats))]
    rng.shuffle(order)
    for number, (row, place) in enumerate(((0, 14), (0, 27), (1, 13), (1, 25), (2, 12), (2, 27))):
        x, y = branches[row][place]
        coat = coats[order[number % len(coats)]]
        _bird(image, rng, (x, y), width * rng.uniform(0.1, 0.122), coat, (beak, twig))
    return image


def _leaves(
    pen: ImageDraw.ImageDraw,
    rng: Random,
    branch: list[Point],
    width: float,
    inks: tuple[Colour, Colour],
) -> None:
    twig, leaf = inks
    for number in range(5, 40, 3):
        x, y = branch[number]
        after = branch[min(number + 1, 39)]
        way = math.atan2(after[1] - y, after[0] - x)
        angle = way + rng.choice((-1, 1)) * rng.uniform(0.5, 1.1)
        long = width * rng.uniform(0.03, 0.055)
        pen.polygon(leaf_outline((x, y), angle, long, long * 0.36, 0.08),
                    fill=mix(leaf, twig, rng.uniform(0, 0.35)))  # fmt: skip


def _bird(
    image: Image.Image,
    rng: Random,
    foot: Point,
    radius: float,
    coat: tuple[Colour, Colour],
    inks: tuple[Colour, Colour],
) -> None:
    """An egg with a tail, a wing of feathers, a beak and one eye on us; drawn facing right."""
    side = round(radius * 4.4)
    sheet = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(sheet)
    wing, breast = coat
    beak, twig = inks
    cx, cy, r = side * 0.5, side * 0.46, radius
    for leg in (-0.14, 0.16):
        pen.line(
            (cx + r * leg, cy + r * 0.8, cx + r * (leg + 0.03), cy + r * 1.2),
            fill=(*twig, 255),
            width=max(1, round(r * 0.05)),
        )
    tail = [
        (cx - r * 0.55, cy + r * 0.1),
        (cx - r * 1.75, cy + r * 0.86),
        (cx - r * 1.5, cy + r * 1.08),
        (cx - r * 0.35, cy + r * 0.6),
    ]
    pen.polygon(tail, fill=(*mix(wing, (15, 10, 25), 0.3), 255))
    pen.ellipse((cx - r * 0.95, cy - r * 0.72, cx + r * 0.92, cy + r * 0.98), fill=(*breast, 255))
    head = (cx + r * 0.42, cy - r * 0.5)
    pen.polygon(
        [
            (head[0] + r * 0.42, head[1] - r * 0.16),
            (head[0] + r * 0.98, head[1] + r * 0.06),
            (head[0] + r * 0.4, head[1] + r * 0.2),
        ],
        fill=(*beak, 255),
    )
    pen.ellipse(box(head, r * 0.55), fill=(*wing, 255))
    cheek = (head[0] + r * 0.14, head[1] + r * 0.14)
    pen.pieslice(box(cheek, r * 0.4), -10, 170, fill=(*breast, 255))
    pen.ellipse(box((head[0] + r * 0.16, head[1] - r * 0.08), r * 0.105), fill=(250, 246, 235, 255))
    pen.ellipse(box((head[0] + r * 0.18, head[1] - r * 0.08), r * 0.065), fill=(20, 16, 24, 255))
    for number in range(4):
        share = 1 - number * 0.2
        outline = leaf_outline(
            (cx + r * 0.3 * share, cy - r * 0.12 + number * r * 0.07),
            math.pi * 0.87,
            r * 1.6 * share,
            r * 0.62 * share,
            -0.1,
        )
        tone = mix(wing, (255, 255, 255) if number % 2 else (15, 10, 25), 0.14 + 0.05 * number)
        pen.polygon(outline, fill=(*tone, 255))
    for number in range(7):
        dot = (cx + r * (0.34 + 0.1 * (number % 3)), cy + r * (0.2 + 0.11 * number * 0.8))
        pen.ellipse(box(dot, r * 0.026), fill=(*mix(breast, wing, 0.7), 255))
    if rng.random() < 0.45:
        sheet = sheet.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    corner = (round(foot[0] - side * 0.5), round(foot[1] - cy - r * 1.17))
    image.paste(sheet, corner, sheet)


def cat(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A cat on a sill. Palette: sky above, sky below, moon, roofs, sill, cat, eyes."""
    width, height = size
    image = gradient(size, palette[:2])
    moon, roofs, sill, coat, eyes = (rgb(colour) for colour in palette[2:])
    place = (width * rng.uniform(0.6, 0.72), height * 0.25)
    pen = ImageDraw.Draw(image)
    for _ in range(110):
        spot = (rng.random() * width, rng.random() * height * 0.6)
        pen.ellipse(
            box(spot, width * rng.uniform(0.0008, 0.0024)),
            fill=mix(moon, roofs, rng.random() * 0.6),
        )
    glow(image, place, width * 0.55, moon, 0.45)
    lay(image, moon, disc(size, place, width * 0.14))
    for row in range(2):
        x = -width * rng.uniform(0, 0.08)
        tone = mix(roofs, rgb(palette[1]), 0.45 - 0.45 * row)
        while x < width:
            broad, top = (
                width * rng.uniform(0.13, 0.22),
                height * (0.56 + 0.07 * row + rng.uniform(0, 0.06)),
            )
            _roof(pen, rng, (x, top, x + broad, height), tone, moon)
            x += broad
    level = height * 0.84
    pen.rectangle((0, level, width, height), fill=sill)
    board = shape(size, [(0, level), (width, level), (width, height), (0, height)])
    shaded(image, board, mix(sill, (20, 10, 20), 0.5), fade(size, -3.2, 1.1), rng)
    pen.rectangle((0, level, width, level + height * 0.012), fill=mix(sill, (255, 255, 255), 0.2))
    _cat(image, rng, (width * 0.4, level + height * 0.02), height * 0.5, (coat, eyes, moon))
    return image


def _roof(
    pen: ImageDraw.ImageDraw,
    rng: Random,
    frame: tuple[float, float, float, float],
    tone: Colour,
    light: Colour,
) -> None:
    left, top, right, foot = frame
    broad = right - left
    pen.polygon(
        [
            (left, top),
            (left + broad / 2, top - broad * 0.4),
            (right, top),
            (right, foot),
            (left, foot),
        ],
        fill=tone,
    )
    chimney = left + broad * rng.uniform(0.18, 0.3)
    pen.rectangle((chimney, top - broad * 0.42, chimney + broad * 0.1, top), fill=tone)
    for row in range(3):
        for column in range(3):
            if rng.random() < 0.2:
                x, y = left + broad * (0.2 + 0.26 * column), top + broad * (0.16 + 0.34 * row)
                pen.rectangle(
                    (x, y, x + broad * 0.1, y + broad * 0.14), fill=mix(light, (255, 190, 90), 0.5)
                )


def _cat(
    image: Image.Image,
    rng: Random,
    foot: Point,
    tall: float,
    inks: tuple[Colour, Colour, Colour],
) -> None:
    """Seen from behind but for the head: two ears, one body, a tail over the edge."""
    coat, _eyes, moon = inks
    head, reach = (foot[0] + 0.01 * tall, foot[1] - 0.77 * tall), tall * 0.19
    body = ImageChops.lighter(_cat_body(image.size, foot, tall), _cat_head(image.size, head, reach))
    lay(image, coat, body)
    rim = edge_light(body, -tall * 0.025, tall * 0.015, tall * 0.05)
    shaded(image, body, mix(coat, moon, 0.6), scaled(rim, 0.8), rng)
    pen = ImageDraw.Draw(image)
    for side in (-1, 1):
        _cat_eye(pen, (head[0] + side * reach * 0.46, head[1] - reach * 0.04), reach, side, inks)
        for whisker in (-0.12, 0.05, 0.22):
            start = (head[0] + side * reach * 0.3, head[1] + reach * 0.36)
            pen.line(
                (*start, start[0] + side * reach * 1.05, start[1] + reach * whisker),
                fill=mix(coat, moon, 0.55),
                width=max(1, round(tall * 0.003)),
            )
    nose = [
        (head[0] - reach * 0.1, head[1] + reach * 0.24),
        (head[0] + reach * 0.1, head[1] + reach * 0.24),
        (head[0], head[1] + reach * 0.36),
    ]
    pen.polygon(nose, fill=mix(coat, (230, 140, 130), 0.7))


def _cat_body(size: Size, foot: Point, tall: float) -> Image.Image:
    """A mask of the back, and of the tail that hangs over the edge."""
    x, y = foot

    def at(across: float, up: float) -> Point:
        return x + across * tall, y - up * tall

    back = [*bezier(at(-0.36, 0), at(-0.4, 0.5), at(-0.12, 0.68), 20),
            *bezier(at(0.12, 0.68), at(0.36, 0.48), at(0.33, 0), 20)]  # fmt: skip
    body = shape(size, back)
    trail = [
        *bezier(at(0.22, 0.03), at(0.62, 0.02), at(0.55, -0.12), 20),
        *bezier(at(0.55, -0.12), at(0.48, -0.26), at(0.64, -0.28), 16),
    ]
    pen = ImageDraw.Draw(body)
    for number, spot in enumerate(trail):
        pen.ellipse(box(spot, tall * (0.045 - 0.0006 * number)), fill=255)
    return body


def _cat_head(size: Size, head: Point, reach: float) -> Image.Image:
    """A mask of a wide skull with two ears."""
    x, y = head
    mask = Image.new("L", size)
    pen = ImageDraw.Draw(mask)
    for side in (-1, 1):
        ear = [
            (x + side * reach * 0.95, y - reach * 0.2),
            (x + side * reach * 0.86, y - reach * 1.42),
            (x + side * reach * 0.12, y - reach * 0.78),
        ]
        pen.polygon(ear, fill=255)
    skull = (x - reach * 1.1, y - reach * 0.92, x + reach * 1.1, y + reach * 0.9)
    pen.ellipse(skull, fill=255)
    return mask


def _cat_eye(
    pen: ImageDraw.ImageDraw,
    eye: Point,
    reach: float,
    side: int,
    inks: tuple[Colour, Colour, Colour],
) -> None:
    x, y = eye
    corner = (x - reach * 0.26, y + side * reach * 0.05)
    almond = leaf_outline(corner, -side * 0.18, reach * 0.52, reach * 0.24, 0)
    pen.polygon(almond, fill=inks[1])
    slit = (x - reach * 0.06, y - reach * 0.15, x + reach * 0.06, y + reach * 0.15)
    pen.ellipse(slit, fill=mix(inks[0], (0, 0, 0), 0.4))
