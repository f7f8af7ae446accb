"""Where the posters hang: a wall, three frames above a bench; and cards, books and sheets.

These work on finished pictures, at the size they are shown at.
"""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .canvas import Colour, Point, Size, bezier, lay, mix, moved, rgb, scaled, shape, soften, wash
from .plants import leaf_outline

OAK = rgb("#c79a63")
BLACK = rgb("#24211f")
WALLS = ("#e6dfd3", "#d3d8d1", "#d9cfc6", "#cfd6dc", "#dcd3bf")
WOOD = rgb("#b98a5a")


def on_wall(poster: Image.Image, rng: Random, size: Size, frame: Colour = OAK) -> Image.Image:
    """One framed poster above a shelf."""
    width, height = size
    image = _wall(size, rng, rgb(rng.choice(WALLS)))
    _hang(image, poster, (width * 0.5, height * 0.42), height * 0.66, frame)
    level = height * 0.885
    shadow = shape(
        image.size, [(0, level), (width, level), (width, level * 1.06), (0, level * 1.06)]
    )
    lay(image, (60, 45, 35), scaled(soften(shadow, height * 0.02), 0.3))
    board = wash(
        (width, round(height * 0.032)),
        mix(WOOD, (255, 240, 210), 0.25),
        mix(WOOD, (60, 30, 10), 0.2),
    )
    image.paste(board, (0, round(level)))
    _vase(image, rng, (width * rng.choice((0.17, 0.83)), level), height * 0.13)
    return _smooth_grain(image, rng)


def gallery(posters: list[Image.Image], rng: Random, size: Size, wall: str) -> Image.Image:
    """A wide picture: three frames above a bench, a plant beside it."""
    width, height = size
    image = _wall(size, rng, rgb(wall))
    floor = height * 0.9
    image.paste(
        wash((width, round(height - floor) + 1), rgb("#b8946c"), rgb("#9c7850")), (0, round(floor))
    )
    ImageDraw.Draw(image).rectangle(
        (0, floor - height * 0.02, width, floor), fill=mix(rgb(wall), (255, 255, 255), 0.5)
    )
    places = ((0.235, 0.37, 0.42, OAK), (0.5, 0.37, 0.52, BLACK), (0.765, 0.37, 0.42, OAK))
    for poster, (x, y, tall, frame) in zip(posters, places, strict=True):
        _hang(image, poster, (width * x, height * y), height * tall, frame)
    _bench(image, (width * 0.3, height * 0.75, width * 0.7, floor + height * 0.025))
    _plant(image, rng, (width * 0.9, floor + height * 0.04), height * 0.36)
    _plant(image, rng, (width * 0.085, floor + height * 0.03), height * 0.28)
    return _smooth_grain(image, rng)


def cards(pictures: list[Image.Image], rng: Random, size: Size, table: str) -> Image.Image:
    """Cards with a white margin, lying about on a table."""
    width, height = size
    image = wash(size, rgb(table), mix(rgb(table), (0, 0, 0), 0.14))
    columns = 2
    rows = math.ceil(len(pictures) / columns)
    tall = height * 0.9 / rows
    for number, picture in enumerate(pictures):
        row, column = divmod(number, columns)
        centre = (
            width * (0.28 + 0.44 * column + rng.uniform(-0.015, 0.015)),
            height * 0.05 + tall * (row + 0.5),
        )
        card = _card(picture, round(tall * 0.86))
        _drop(image, card.rotate(rng.uniform(-7, 7), Image.Resampling.BICUBIC, expand=True), centre)
    return _smooth_grain(image, rng)


def notebook(cover: Image.Image, rng: Random, table: str) -> Image.Image:
    """A book lying on a table: rounded corners, a spine, a label and an elastic band."""
    width, height = cover.size
    image = wash(cover.size, rgb(table), mix(rgb(table), (0, 0, 0), 0.14))
    tall = round(height * 0.76)
    broad = round(tall * 0.7)
    book = cover.crop(
        (0, 0, round(height * 0.7), height) if width > height * 0.7 else (0, 0, width, height)
    )
    book = book.resize((broad, tall), Image.Resampling.LANCZOS).convert("RGBA")
    pen = ImageDraw.Draw(book)
    pen.rectangle((0, 0, broad * 0.11, tall), fill=rgb("#2f4858"))
    pen.rectangle((broad * 0.3, tall * 0.2, broad * 0.8, tall * 0.36), fill=rgb("#fbf7ee"))
    for number in range(2):
        y = tall * (0.265 + 0.04 * number)
        pen.line((broad * 0.36, y, broad * 0.74, y), fill=rgb("#b7ab97"), width=max(1, tall // 500))
    pen.rectangle((broad * 0.9, 0, broad * 0.922, tall), fill=rgb("#2f4858"))
    corners = Image.new("L", (broad * 2, tall * 2))
    ImageDraw.Draw(corners).rounded_rectangle(
        (0, 0, broad * 2 - 1, tall * 2 - 1), broad // 12, fill=255
    )
    book.putalpha(corners.reduce(2))
    _drop(
        image, book.rotate(-5, Image.Resampling.BICUBIC, expand=True), (width * 0.5, height * 0.5)
    )
    return _smooth_grain(image, rng)


def _wall(size: Size, rng: Random, colour: Colour) -> Image.Image:
    """A wall with the light of a window falling on it."""
    width, height = size
    image = wash(size, mix(colour, (255, 255, 255), 0.12), mix(colour, (90, 70, 60), 0.12))
    lean = width * rng.uniform(0.12, 0.2)
    light = Image.new("L", size)
    pen = ImageDraw.Draw(light)
    for number in range(3):
        left = width * (0.06 + number * 0.3)
        pen.polygon(
            [
                (left, 0),
                (left + width * 0.25, 0),
                (left + width * 0.25 - lean, height),
                (left - lean, height),
            ],
            fill=255,
        )
    lay(image, mix(colour, (255, 250, 235), 0.75), scaled(soften(light, width * 0.03), 0.4))
    return image


def _hang(
    image: Image.Image, poster: Image.Image, centre: Point, tall: float, frame: Colour
) -> None:
    """A frame with its shadow; the light comes from above left."""
    ratio = poster.width / poster.height
    edge, mat = round(tall * 0.022), round(tall * 0.06)
    inner = (round((tall - 2 * (edge + mat)) * ratio), round(tall) - 2 * (edge + mat))
    broad, high = inner[0] + 2 * (edge + mat), round(tall)
    left, top = round(centre[0] - broad / 2), round(centre[1] - high / 2)
    outer = (left, top, left + broad, top + high)
    body = Image.new("L", image.size)
    ImageDraw.Draw(body).rectangle(outer, fill=255)
    for down, blur, strength in ((0.05, 0.05, 0.35), (0.012, 0.01, 0.3)):
        shadow = moved(soften(body, tall * blur), tall * down * 0.6, tall * down)
        lay(image, (45, 35, 30), scaled(shadow, strength))
    _frame(ImageDraw.Draw(image), outer, edge, frame)
    small = poster.resize(inner, Image.Resampling.LANCZOS)
    image.paste(small, (left + edge + mat, top + edge + mat))


def _frame(
    pen: ImageDraw.ImageDraw, outer: tuple[int, int, int, int], edge: int, colour: Colour
) -> None:
    """Four mitred laths, the upper one in the light, and the white mount inside."""
    left, top, right, bottom = outer
    pen.rectangle(outer, fill=colour)
    inside = (left + edge, top + edge, right - edge, bottom - edge)
    lit = [(left, top), (right, top), (right - edge, top + edge), (left + edge, top + edge)]
    pen.polygon(lit, fill=mix(colour, (255, 255, 255), 0.22))
    dark = [
        (right, top),
        (right, bottom),
        (right - edge, bottom - edge),
        (right - edge, top + edge),
    ]
    pen.polygon(dark, fill=mix(colour, (0, 0, 0), 0.18))
    pen.rectangle(inside, fill=rgb("#faf7f0"))
    rim = (left + edge, top + edge, right - edge, top + edge)
    pen.line(rim, fill=rgb("#c9c2b4"), width=max(1, edge // 5))


def _vase(image: Image.Image, rng: Random, foot: Point, tall: float) -> None:
    """A round vase with a few bare twigs and leaves."""
    x, y = foot
    side = [
        *bezier(
            (x - tall * 0.16, y),
            (x - tall * 0.5, y - tall * 0.45),
            (x - tall * 0.1, y - tall * 0.82),
        ),
        (x - tall * 0.12, y - tall),
    ]
    outline = [*side, *((2 * x - a, b) for a, b in reversed(side))]
    leaf = rgb(rng.choice(("#6f8061", "#8a7a55", "#55705f")))
    sheet = Image.new("L", image.size)
    pen = ImageDraw.Draw(sheet)
    for lean in (-0.5, -0.22, 0.06, 0.3, 0.55):
        stem = bezier(
            (x, y - tall * 0.9), (x, y - tall * 1.6), (x + lean * tall * 1.3, y - tall * 2.3), 12
        )
        pen.line(stem, fill=255, width=max(1, round(tall * 0.012)))
        for number in range(4, 12, 2):
            for turn in (-0.7, 0.7):
                pen.polygon(
                    leaf_outline(
                        stem[number], -math.pi / 2 + lean + turn, tall * 0.3, tall * 0.05, 0
                    ),
                    fill=255,
                )
    lay(image, leaf, sheet.filter(ImageFilter.SMOOTH))
    body = shape(image.size, outline)
    clay = rgb(rng.choice(("#c96f4a", "#e9e1d2", "#3d4a52")))
    lay(image, clay, body)
    shade = ImageChops.subtract(body, moved(soften(body, tall * 0.12), -tall * 0.12, 0))
    lay(image, mix(clay, (20, 10, 10), 0.45), shade)


def _bench(image: Image.Image, frame: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = frame
    tall = bottom - top
    ground = shape(
        image.size,
        [
            (left, bottom - tall * 0.06),
            (right, bottom - tall * 0.06),
            (right, bottom + tall * 0.1),
            (left, bottom + tall * 0.1),
        ],
    )
    lay(image, (50, 35, 25), scaled(soften(ground, tall * 0.08), 0.5))
    pen = ImageDraw.Draw(image)
    for x in (left + tall * 0.2, right - tall * 0.3):
        pen.polygon(
            [
                (x, top),
                (x + tall * 0.12, top),
                (x + tall * 0.09, bottom),
                (x + tall * 0.03, bottom),
            ],
            fill=mix(WOOD, (40, 20, 10), 0.35),
        )
    board = wash(
        (round(right - left), round(tall * 0.2)),
        mix(WOOD, (255, 240, 210), 0.3),
        mix(WOOD, (60, 30, 10), 0.15),
    )
    image.paste(board, (round(left), round(top)))


def _plant(image: Image.Image, rng: Random, foot: Point, tall: float) -> None:
    """A pot with long leaves."""
    x, y = foot
    pot = tall * 0.3
    pen = ImageDraw.Draw(image)
    for number in range(17):
        angle = -math.pi / 2 + (number - 8) * 0.135 + rng.uniform(-0.06, 0.06)
        long = tall * rng.uniform(0.5, 0.74) * (1 - 0.03 * abs(number - 8))
        tone = mix(rgb("#3f5f4a"), rgb("#86a373"), rng.random())
        bend = 0.12 if angle > -math.pi / 2 else -0.12
        pen.polygon(leaf_outline((x, y - pot * 0.95), angle, long, tall * 0.05, bend), fill=tone)
    corners = [
        (x - pot * 0.42, y - pot),
        (x + pot * 0.42, y - pot),
        (x + pot * 0.3, y),
        (x - pot * 0.3, y),
    ]
    body = shape(image.size, corners)
    lay(image, rgb("#d9cdbd"), body)
    shade = ImageChops.subtract(body, moved(soften(body, pot * 0.2), -pot * 0.2, 0))
    lay(image, rgb("#8f8172"), scaled(shade, 0.8))


def _card(picture: Image.Image, tall: int) -> Image.Image:
    margin = round(tall * 0.05)
    inner = (round((tall - 2 * margin) * picture.width / picture.height), tall - 2 * margin)
    card = Image.new("RGBA", (inner[0] + 2 * margin, tall), rgb("#fbf8f1"))
    card.paste(picture.resize(inner, Image.Resampling.LANCZOS), (margin, margin))
    return card


def _drop(image: Image.Image, thing: Image.Image, centre: Point) -> None:
    """Lay a cut-out on the table, with its shadow."""
    left, top = round(centre[0] - thing.width / 2), round(centre[1] - thing.height / 2)
    body = Image.new("L", image.size)
    body.paste(thing.getchannel("A"), (left, top))
    reach = thing.height * 0.03
    lay(image, (30, 25, 25), scaled(moved(soften(body, reach), reach * 0.5, reach), 0.45))
    image.paste(thing, (left, top), thing)


def _smooth_grain(image: Image.Image, rng: Random) -> Image.Image:
    grains = Image.frombytes("L", image.size, rng.randbytes(image.width * image.height))
    grains = grains.filter(ImageFilter.GaussianBlur(0.8)).point(
        [round(128 + (v - 128) * 0.09) for v in range(256)]
    )
    return ImageChops.soft_light(image, Image.merge("RGB", (grains,) * 3))
