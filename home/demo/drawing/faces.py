"""Portraits of people who do not exist, cut from coloured paper: a few shapes each.

Places and sizes are fractions of the sheet's side, as everywhere in these modules.
"""

import math
from collections.abc import Callable, Sequence
from random import Random

from PIL import Image, ImageDraw

from .canvas import SUPERSAMPLING, Colour, finish, lay, mix, rgb

SKINS = ("#f3d3b8", "#ecc19c", "#d9a273", "#b97f55", "#8d5a3b", "#64402b")
HAIRS = ("#2b211c", "#43291d", "#6f4326", "#a86f3a", "#d6ae66", "#8b8781", "#dedad2", "#9c3f22")
GROUNDS = ("#e9c9a6", "#c9d6c6", "#c3d0dc", "#e7b8a0", "#d5c8dd", "#ead9a0", "#b5cdc8", "#d8c3b0")
CLOTHES = ("#2f4858", "#a8391a", "#50623a", "#c98a2b", "#33405f", "#8a4f5f", "#efe6d6", "#3b7672")
INK = rgb("#2a211c")
ROSE = rgb("#c8553d")
WHITE = rgb("#fffaf2")

# The head, around which everything else is placed.
CENTRE, EYES, MOUTH = (0.5, 0.43), 0.435, 0.525
WIDE, HIGH = 0.152, 0.192


class _Sheet:
    def __init__(self, side: int, ground: Colour) -> None:
        self.side = side
        self.image = Image.new("RGB", (side, side), ground)
        self.pen = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, rx: float, ry: float) -> list[float]:
        return [value * self.side for value in (x - rx, y - ry, x + rx, y + ry)]

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        self.pen.ellipse(self.box(x, y, rx, ry), fill=colour)

    def block(self, x: float, y: float, rx: float, ry: float, round_: float, fill: Colour) -> None:
        self.pen.rounded_rectangle(self.box(x, y, rx, ry), round_ * self.side, fill=fill)

    def chord(self, size: tuple[float, float], start: float, end: float, colour: Colour) -> None:
        """A part of an oval around the middle of the head, cut off straight."""
        self.pen.chord(self.box(*CENTRE, *size), start, end, fill=colour)

    def arc(self, box: Sequence[float], start: float, end: float, colour: Colour, w: float) -> None:
        self.pen.arc(self.box(*box), start, end, fill=colour, width=round(w * self.side))

    def ring(self, x: float, y: float, radius: float, colour: Colour, width: float) -> None:
        self.arc((x, y, radius, radius), 0, 360, colour, width)


def portrait(seed: str, side: int) -> Image.Image:
    """A square picture of somebody; the same seed gives the same person."""
    rng = Random(seed)  # noqa: S311 - the same face every time is the point
    skin, hair = rgb(rng.choice(SKINS)), rgb(rng.choice(HAIRS))
    ground = rng.choice(GROUNDS)
    sheet = _Sheet(side * SUPERSAMPLING, rgb(ground))
    _ground(sheet, rng, rgb(rng.choice([one for one in GROUNDS if one != ground])))
    behind, before, may_have_beard = rng.choice(HAIRSTYLES)
    if behind:
        behind(sheet, rng, hair)
    _body(sheet, rng, skin)
    _head(sheet, skin)
    _face(sheet, rng, skin, mix(hair, INK, 0.12))
    if may_have_beard and rng.random() < 0.5:
        _beard(sheet, mix(hair, INK, 0.12), skin)
    _mouth(sheet, rng, skin)
    before(sheet, rng, hair)
    _extras(sheet, rng, hair)
    return finish(sheet.image, rng, grain=8)


def _ground(sheet: _Sheet, rng: Random, colour: Colour) -> None:
    """A sun, a hill or a window behind them."""
    kind = rng.randrange(3)
    if kind == 0:
        sheet.oval(rng.uniform(0.25, 0.75), 0.4, 0.34, 0.34, colour)
    elif kind == 1:
        sheet.oval(rng.uniform(0.2, 0.8), 1.05, 0.8, 0.62, colour)
    else:
        sheet.block(0.5, 0.62, 0.36, 0.5, 0.36, colour)


def _body(sheet: _Sheet, rng: Random, skin: Colour) -> None:
    cloth = rgb(rng.choice(CLOTHES))
    mask = Image.new("L", sheet.image.size)
    shape = ImageDraw.Draw(mask)
    shape.ellipse(sheet.box(0.5, 1.02, 0.4, 0.32), fill=255)
    lay(sheet.image, cloth, mask)
    if rng.random() < 0.4:
        _stripes(sheet, mask, mix(cloth, WHITE, 0.55), rng.choice((0.035, 0.055)))
    shade = mix(skin, INK, 0.16)
    collar = rng.choice(("round", "round", "high", "open"))
    if collar == "high":
        sheet.block(0.5, 0.64, 0.062, 0.1, 0.03, shade)
        sheet.block(0.5, 0.705, 0.088, 0.048, 0.03, mix(cloth, INK, 0.14))
        return
    sheet.oval(0.5, 0.705, 0.1, 0.06 if collar == "round" else 0.1, skin)
    sheet.block(0.5, 0.63, 0.062, 0.11, 0.04, skin)
    # The shadow of the chin.
    sheet.oval(0.5, 0.605, 0.06, 0.045, shade)


def _stripes(sheet: _Sheet, mask: Image.Image, colour: Colour, step: float) -> None:
    lines = Image.new("L", mask.size)
    pen = ImageDraw.Draw(lines)
    for number in range(math.ceil(0.35 / step)):
        y = (0.68 + number * step) * sheet.side
        pen.rectangle([0, y, sheet.side, y + step * 0.38 * sheet.side], fill=255)
    lines.paste(0, mask=mask.point([255 - value for value in range(256)]))
    lay(sheet.image, colour, lines)


def _head(sheet: _Sheet, skin: Colour) -> None:
    for side in (-1, 1):
        sheet.oval(0.5 + side * WIDE, 0.45, 0.027, 0.038, mix(skin, INK, 0.1))
    sheet.oval(*CENTRE, WIDE, HIGH, skin)


def _face(sheet: _Sheet, rng: Random, skin: Colour, hair: Colour) -> None:
    cheeks, line = mix(skin, ROSE, 0.28), mix(skin, INK, 0.42)
    apart, look = rng.uniform(0.054, 0.064), rng.uniform(-0.006, 0.006)
    for side in (-1, 1):
        x = 0.5 + side * apart
        sheet.oval(x + side * 0.03, 0.495, 0.03, 0.022, cheeks)
        sheet.oval(x + look, EYES, 0.0115, 0.0155, INK)
        sheet.arc((x, EYES - 0.028, 0.034, 0.022), 205, 335, mix(hair, INK, 0.45), 0.009)
    sheet.arc((0.5 + look, 0.468, 0.018, 0.016), 20, 160, line, 0.008)
    if rng.random() < 0.25:
        for _freckle in range(10):
            x = 0.5 + rng.choice((-1, 1)) * rng.uniform(0.03, 0.1)
            sheet.oval(x, rng.uniform(0.47, 0.505), 0.0035, 0.0035, mix(skin, INK, 0.3))


def _beard(sheet: _Sheet, colour: Colour, skin: Colour) -> None:
    sheet.chord((WIDE + 0.004, HIGH + 0.014), 14, 166, colour)
    # The mouth stands in a clearing.
    sheet.oval(0.5, MOUTH, 0.05, 0.022, mix(colour, skin, 0.75))


def _mouth(sheet: _Sheet, rng: Random, skin: Colour) -> None:
    smile = rng.uniform(0.018, 0.036)
    lips = mix(skin, ROSE, 0.72)
    sheet.arc((0.5, MOUTH - smile / 2, 0.042, smile), 15, 165, lips, 0.012)


def _parted(sheet: _Sheet, rng: Random, hair: Colour) -> None:
    tilt = rng.choice((-16, -8, 10, 18))
    sheet.chord((WIDE + 0.016, HIGH + 0.018), 194 + tilt, 346 + tilt, hair)


def _fringe(sheet: _Sheet, rng: Random, hair: Colour) -> None:
    sheet.chord((WIDE + 0.016, HIGH + 0.018), 199, 341, hair)


def _curls(sheet: _Sheet, rng: Random, hair: Colour) -> None:
    for number in range(15):
        angle = math.radians(186 + number * 12)
        x, y = CENTRE[0] + WIDE * 1.02 * math.cos(angle), CENTRE[1] + HIGH * 0.98 * math.sin(angle)
        radius = rng.uniform(0.036, 0.05)
        sheet.oval(x, y, radius, radius, hair)
    sheet.chord((WIDE, HIGH), 200, 340, hair)


def _bun(sheet: _Sheet, rng: Random, hair: Colour) -> None:
    sheet.oval(0.5 + rng.choice((-0.05, 0, 0.05)), 0.205, 0.072, 0.066, mix(hair, INK, 0.15))
    _parted(sheet, rng, hair)


def _bald(sheet: _Sheet, rng: Random, hair: Colour) -> None:
    for side in (-1, 1):
        sheet.oval(0.5 + side * WIDE, 0.415, 0.014, 0.045, hair)


def _beanie(sheet: _Sheet, rng: Random, hair: Colour) -> None:
    wool = rgb(rng.choice(CLOTHES))
    sheet.chord((WIDE + 0.022, HIGH + 0.036), 186, 354, wool)
    sheet.block(0.5, 0.372, WIDE + 0.026, 0.028, 0.02, mix(wool, INK, 0.2))


def _scarf(sheet: _Sheet, rng: Random, hair: Colour) -> None:
    """A frame of cloth around the face."""
    cloth = rgb(rng.choice(CLOTHES))
    sheet.arc((0.5, 0.435, WIDE + 0.05, HIGH + 0.045), 0, 360, cloth, 0.062)
    sheet.block(0.5, 0.68, 0.11, 0.055, 0.05, mix(cloth, INK, 0.12))


def _long_behind(sheet: _Sheet, rng: Random, hair: Colour) -> None:
    bottom = rng.choice((0.6, 0.72, 0.8))
    sheet.block(
        0.5, (0.22 + bottom) / 2, WIDE + 0.05, (bottom - 0.22) / 2, 0.17, mix(hair, INK, 0.1)
    )


def _round_behind(sheet: _Sheet, rng: Random, hair: Colour) -> None:
    sheet.oval(0.5, 0.37, 0.245, 0.235, mix(hair, INK, 0.1))


def _plaits_behind(sheet: _Sheet, rng: Random, hair: Colour) -> None:
    for side in (-1, 1):
        for number in range(5):
            sheet.oval(0.5 + side * 0.185, 0.5 + number * 0.058, 0.036, 0.036, hair)


def _extras(sheet: _Sheet, rng: Random, hair: Colour) -> None:
    if rng.random() < 0.38:
        frame = rng.choice((INK, rgb("#7a4a2f"), rgb("#a8391a")))
        for side in (-1, 1):
            sheet.ring(0.5 + side * 0.062, EYES + 0.004, 0.046, frame, 0.009)
        sheet.arc((0.5, EYES + 0.004, 0.017, 0.012), 190, 350, frame, 0.009)
    if rng.random() < 0.3:
        metal = rgb("#d9a441")
        for side in (-1, 1):
            sheet.oval(0.5 + side * (WIDE + 0.012), 0.505, 0.012, 0.012, metal)


_Hair = Callable[[_Sheet, Random, Colour], None]
# What hangs behind the head, what lies upon it, and whether a beard goes with it.
HAIRSTYLES: tuple[tuple[_Hair | None, _Hair, bool], ...] = (
    (None, _parted, True),
    (None, _parted, True),
    (None, _fringe, True),
    (None, _curls, True),
    (None, _bun, False),
    (None, _bald, True),
    (None, _beanie, True),
    (None, _scarf, False),
    (_long_behind, _parted, False),
    (_long_behind, _fringe, False),
    (_long_behind, _beanie, False),
    (_round_behind, _curls, False),
    (_plaits_behind, _parted, False),
)
