"""What all drawing styles share: colours, gradients, noise, curves, paper.

A style draws at twice the size it is shown at; ``finish`` brings it down, which
smooths every edge. Lengths are fractions of the sheet, so that a small picture
shows the same as a large one.
"""

import math
from collections.abc import Callable, Sequence
from random import Random

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

Size = tuple[int, int]
Colour = tuple[int, int, int]
Point = tuple[float, float]
# The sheet's own colour first, then the inks.
Palette = Sequence[str]
Style = Callable[[Size, Random, Palette], Image.Image]

SUPERSAMPLING = 2
# Shadows and glows are soft, so they are blurred at an eighth of the size.
SOFT_SCALE = 8


def rgb(colour: str) -> Colour:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """``share`` 0 is the first colour, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def ramp(colours: Palette, count: int) -> list[Colour]:
    """``count`` colours, evenly spread from the first of ``colours`` to the last."""
    stops = [rgb(colour) for colour in colours]
    if len(stops) == 1 or count == 1:
        return [stops[0]] * count
    found = []
    for number in range(count):
        place = number / (count - 1) * (len(stops) - 1)
        left = min(int(place), len(stops) - 2)
        found.append(mix(stops[left], stops[left + 1], place - left))
    return found


def gradient(size: Size, colours: Palette) -> Image.Image:
    """The colours from top to bottom."""
    column = Image.new("RGB", (1, 256))
    column.putdata(ramp(colours, 256))
    return _broad(column, size)


def wash(size: Size, top: Colour, bottom: Colour) -> Image.Image:
    column = Image.new("RGB", (1, 256))
    column.putdata([mix(top, bottom, row / 255) for row in range(256)])
    return _broad(column, size)


def fade(size: Size, top: float, bottom: float) -> Image.Image:
    """A mask that goes from ``top`` to ``bottom`` (0 clear, 1 full)."""
    column = Image.new("L", (1, 256))
    column.putdata([round(255 * (top + (bottom - top) * row / 255)) for row in range(256)])
    return _broad(column, size)


def _broad(column: Image.Image, size: Size) -> Image.Image:
    """The column as high and as broad; smooth only where it changes, which is downwards."""
    high = column.resize((1, size[1]), Image.Resampling.BILINEAR)
    return high.resize(size, Image.Resampling.NEAREST)


def shape(size: Size, points: Sequence[Point]) -> Image.Image:
    """A mask of one polygon."""
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).polygon(points, fill=255)
    return mask


def disc(size: Size, centre: Point, radius: float) -> Image.Image:
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).ellipse(box(centre, radius), fill=255)
    return mask


def box(centre: Point, radius: float) -> tuple[float, float, float, float]:
    x, y = centre
    return x - radius, y - radius, x + radius, y + radius


def soften(mask: Image.Image, radius: float) -> Image.Image:
    """The mask blurred; only where there is something of it, which is much faster."""
    found = Image.new("L", mask.size)
    if (area := _around(mask, radius * 3)) is None:
        return found
    part = mask.crop(area)
    small = part.reduce(SOFT_SCALE).filter(ImageFilter.GaussianBlur(radius / SOFT_SCALE))
    found.paste(small.resize(part.size, Image.Resampling.BILINEAR), area)
    return found


def _around(mask: Image.Image, margin: float) -> tuple[int, int, int, int] | None:
    """The part of the sheet where the mask is, and so much around it; None for an empty mask.

    Its sides are whole cells of SOFT_SCALE, so that a part is softened as the whole would be.
    """
    if (area := mask.getbbox()) is None:
        return None
    grow, cell = round(margin), SOFT_SCALE
    left, top, right, bottom = area
    return (
        max(0, (left - grow) // cell * cell),
        max(0, (top - grow) // cell * cell),
        min(mask.width, -(-(right + grow) // cell) * cell),
        min(mask.height, -(-(bottom + grow) // cell) * cell),
    )


def moved(mask: Image.Image, right: float, down: float) -> Image.Image:
    """The mask shifted; what comes in from outside is empty."""
    shifted = Image.new("L", mask.size)
    shifted.paste(mask, (round(right), round(down)))
    return shifted


def edge_light(mask: Image.Image, right: float, down: float, radius: float) -> Image.Image:
    """A mask that is full along one edge of another and fades into its inside."""
    found = Image.new("L", mask.size)
    if area := mask.getbbox():
        dark = moved(soften(mask, radius), right, down).crop(area)
        found.paste(ImageChops.subtract(mask.crop(area), dark), area)
    return found


def scaled(mask: Image.Image, strength: float) -> Image.Image:
    found = Image.new("L", mask.size)
    if area := mask.getbbox():
        table = [round(value * strength) for value in range(256)]
        found.paste(mask.crop(area).point(table), area)
    return found


def noise(size: Size, rng: Random) -> Image.Image:
    # Image.effect_noise takes no seed, so the bytes are our own.
    return Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))


def stipple(mask: Image.Image, rng: Random) -> Image.Image:
    """The mask in grains, as a screen print shows a shade."""
    found = Image.new("L", mask.size)
    if area := mask.getbbox():
        found.paste(_grains(mask.crop(area), rng), area)
    return found


def _grains(part: Image.Image, rng: Random) -> Image.Image:
    width, height = part.size
    grains = noise((width // 2 + 1, height // 2 + 1), rng)
    grains = grains.resize((width // 2 * 2 + 2, height // 2 * 2 + 2), Image.Resampling.NEAREST)
    left = ImageChops.subtract(part, grains.crop((0, 0, width, height)))
    return left.point([0] + [255] * 255)


def shaded(
    image: Image.Image, mask: Image.Image, colour: Colour, shade: Image.Image | float, rng: Random
) -> None:
    """Grains of a colour where a mask is, as thick as ``shade`` says there."""
    if (area := mask.getbbox()) is None:
        return
    part = mask.crop(area)
    if isinstance(shade, float):
        part = part.point([round(value * shade) for value in range(256)])
    else:
        part = ImageChops.multiply(part, shade.crop(area))
    image.paste(colour, area, _grains(part, rng))


def lay(image: Image.Image, colour: Colour, mask: Image.Image) -> None:
    """Colour where the mask is, looking only at the part of the sheet where it is."""
    if area := mask.getbbox():
        image.paste(colour, area, mask.crop(area))


def glow(image: Image.Image, centre: Point, radius: float, colour: Colour, strength: float) -> None:
    """Light around a point, laid over ``image``."""
    side = max(2, round(radius * 2))
    light = ImageChops.invert(Image.radial_gradient("L"))
    # The gradient's corners lie outside the circle and would show as a square.
    light = light.point([round(max(0, value - 75) / 180 * 255 * strength) for value in range(256)])
    light = light.resize((side, side), Image.Resampling.BICUBIC)
    image.paste(colour, (round(centre[0] - radius), round(centre[1] - radius)), light)


def heights(rng: Random, cells: Size, octaves: int = 3, grid: Size = (96, 120)) -> list[float]:
    """Smooth hills as numbers from 0 to 1, row by row over ``grid``."""
    total = [0.0] * (grid[0] * grid[1])
    for octave in range(octaves):
        small = Image.new("F", (cells[0] << octave, cells[1] << octave))
        small.putdata([rng.random() for _ in range(small.width * small.height)])
        layer = small.resize(grid, Image.Resampling.BICUBIC).get_flattened_data()
        total = [sum_ + value * 0.45**octave for sum_, value in zip(total, layer, strict=True)]
    low, high = min(total), max(total)
    return [(value - low) / (high - low) for value in total]


def relief(values: list[float], size: Size, grid: Size = (96, 120)) -> Image.Image:
    """Hills as an image of floating point numbers, so that no steps show."""
    small = Image.new("F", grid)
    small.putdata(values)
    return small.resize(size, Image.Resampling.BICUBIC)


def clouds(size: Size, rng: Random, cells: Size, octaves: int = 4) -> Image.Image:
    return relief(heights(rng, cells, octaves), size).point(lambda v: v * 255 + 0).convert("L")


def wave(rng: Random, amplitude: float, length: float) -> Callable[[float], float]:
    """A calm line: three sines of falling height."""
    parts = [
        (
            amplitude * 0.42**number,
            math.tau * (number + rng.uniform(0.8, 1.3)) / length,
            rng.uniform(0, math.tau),
        )
        for number in range(3)
    ]
    return lambda x: sum(high * math.sin(x * often + phase) for high, often, phase in parts)


def bezier(start: Point, pull: Point, end: Point, count: int = 24) -> list[Point]:
    """A curve from ``start`` to ``end``, bent towards ``pull``."""
    steps = (number / (count - 1) for number in range(count))
    return [
        (
            (1 - t) ** 2 * start[0] + 2 * (1 - t) * t * pull[0] + t * t * end[0],
            (1 - t) ** 2 * start[1] + 2 * (1 - t) * t * pull[1] + t * t * end[1],
        )
        for t in steps
    ]


def stroke(pen: ImageDraw.ImageDraw, points: Sequence[Point], colour: Colour, width: float) -> None:
    """A line with round ends and joints."""
    thick = max(1, round(width))
    pen.line(points, fill=colour, width=thick)
    if thick > 2:
        # Pillow's own curved joints leave hair cracks in a thick line.
        for point in points:
            pen.ellipse(box(point, (thick - 1) / 2), fill=colour)


def finish(image: Image.Image, rng: Random, grain: int = 14) -> Image.Image:
    """Down to the size it is shown at, with the grain of paper."""
    image = image.reduce(SUPERSAMPLING)
    grains = noise(image.size, rng).filter(ImageFilter.GaussianBlur(0.7))
    grains = grains.point([round(128 + (value - 128) * grain / 64) for value in range(256)])
    return ImageChops.soft_light(image, Image.merge("RGB", (grains,) * 3))
