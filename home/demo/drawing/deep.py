"""Below the boats: a whale."""

from collections.abc import Callable
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
    gradient,
    lay,
    mix,
    rgb,
    scaled,
    shaded,
    shape,
    wave,
)


def whale(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A whale. Palette: sky, sun, water light, water deep, back, belly, boat."""
    width, height = size
    sky, sun, _shallow, deep, back, belly, boat = (rgb(colour) for colour in palette)
    image = Image.new("RGB", size, sky)
    lay(image, sun, disc(size, (width * rng.uniform(0.3, 0.7), height * 0.13), width * 0.085))
    level = height * 0.25
    hull = (width * rng.uniform(0.62, 0.72), level)
    _boat(ImageDraw.Draw(image), hull, size, (boat, belly))
    line = wave(rng, height * 0.004, width * 0.3)
    xs = [width * step / 80 for step in range(81)]
    water = shape(size, [*((x, level + line(x)) for x in xs), (width, height), (0, height)])
    depth = Image.new("RGB", size, deep)
    depth.paste(gradient((width, round(height - level)), palette[2:4]), (0, round(level)))
    image.paste(depth, mask=water)
    _rays(image, rng, water, level, mix(sky, sun, 0.4))
    _whale(image, rng, (width * 0.47, height * 0.6), width * 0.7, (back, belly, deep))
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        spot = (width * rng.random(), level + (height - level) * rng.uniform(0.08, 1))
        pen.ellipse(
            box(spot, width * rng.uniform(0.001, 0.0045)),
            fill=mix(deep, sky, rng.uniform(0.2, 0.6)),
        )
    return image


def _boat(pen: ImageDraw.ImageDraw, hull: Point, size: Size, inks: tuple[Colour, Colour]) -> None:
    (x, level), (width, height) = hull, size
    boat, sail = inks
    low, deck = level + height * 0.014, level - height * 0.014
    rim = level - height * 0.008
    planks = [
        (x - width * 0.05, rim),
        (x + width * 0.055, rim),
        (x + width * 0.035, low),
        (x - width * 0.032, low),
    ]
    pen.polygon(planks, fill=boat)
    pen.polygon([(x, level - height * 0.075), (x + width * 0.042, deck), (x, deck)], fill=sail)
    mast = x - width * 0.006
    jib = [(mast, level - height * 0.066), (x - width * 0.034, deck), (mast, deck)]
    pen.polygon(jib, fill=mix(sail, boat, 0.25))


def _rays(image: Image.Image, rng: Random, water: Image.Image, level: float, ink: Colour) -> None:
    """Sunlight that falls into the water and fades."""
    width, height = image.size
    for number in range(5):
        x = width * (0.08 + 0.21 * number + rng.uniform(-0.04, 0.04))
        foot = [(x - width * 0.1, height), (x - width * 0.3, height)]
        ray = shape(image.size, [(x, level), (x + width * 0.07, level), *foot])
        light = ImageChops.multiply(ray, fade(image.size, 1.2, -0.25))
        lay(image, ink, scaled(ImageChops.multiply(light, water), 0.13))


At = Callable[[float, float], Point]


def _whale(
    image: Image.Image,
    rng: Random,
    centre: Point,
    long: float,
    inks: tuple[Colour, Colour, Colour],
) -> None:
    back, belly, deep = inks
    flip = rng.choice((-1, 1))
    x, y = centre

    def at(across: float, up: float) -> Point:
        return x + flip * across * long, y - up * long

    body = _whale_body(image.size, at)
    whole = ImageChops.lighter(body, _whale_fins(image.size, at))
    lay(image, back, whole)
    _throat(image, body, at, long, (back, belly))
    shade = scaled(edge_light(whole, 0, -long * 0.07, long * 0.06), 0.85)
    shaded(image, whole, mix(back, deep, 0.75), shade, rng)
    light = scaled(edge_light(whole, 0, long * 0.03, long * 0.03), 0.6)
    shaded(image, whole, mix(back, belly, 0.4), light, rng)
    pen = ImageDraw.Draw(image)
    pen.ellipse(box(at(-0.33, 0.0), long * 0.011), fill=(15, 18, 30))
    pen.ellipse(box(at(-0.333, 0.003), long * 0.004), fill=belly)
    for _ in range(26):
        spot = at(rng.uniform(-0.44, 0.1), rng.uniform(0.06, 0.14))
        pen.ellipse(box(spot, long * rng.uniform(0.0015, 0.004)), fill=mix(back, belly, 0.35))


def _whale_body(size: Size, at: At) -> Image.Image:
    top = [
        *bezier(at(-0.5, -0.02), at(-0.36, 0.26), at(0.05, 0.19), 26),
        *bezier(at(0.05, 0.19), at(0.32, 0.13), at(0.46, 0.2), 20),
    ]
    under = [
        *bezier(at(0.47, 0.17), at(0.28, -0.02), at(0.02, -0.14), 22),
        *bezier(at(0.02, -0.14), at(-0.4, -0.3), at(-0.5, -0.02), 24),
    ]
    return shape(size, [*top, *under])


def _whale_fins(size: Size, at: At) -> Image.Image:
    """Both halves of the fluke, and a flipper: each from its root by its tip and back."""
    mask = Image.new("L", size)
    pen = ImageDraw.Draw(mask)
    for root, out, tip, back, end in (
        (at(0.44, 0.2), at(0.4, 0.34), at(0.34, 0.38), at(0.47, 0.36), at(0.5, 0.24)),
        (at(0.46, 0.22), at(0.56, 0.34), at(0.68, 0.32), at(0.56, 0.2), at(0.46, 0.16)),
        (at(-0.16, -0.13), at(-0.14, -0.34), at(0.06, -0.38), at(0.0, -0.2), at(-0.04, -0.13)),
    ):
        pen.polygon([*bezier(root, out, tip, 12), *bezier(tip, back, end, 12)], fill=255)
    return mask


def _throat(
    image: Image.Image, body: Image.Image, at: At, long: float, inks: tuple[Colour, Colour]
) -> None:
    """The white underside with its grooves."""
    back, belly = inks
    white = [
        *bezier(at(-0.5, -0.045), at(-0.2, -0.06), at(0.06, -0.08), 20),
        *bezier(at(0.06, -0.12), at(-0.2, -0.35), at(-0.52, -0.25), 20),
    ]
    chest = ImageChops.multiply(shape(image.size, white), body)
    lay(image, belly, chest)
    lines = Image.new("L", image.size)
    pen = ImageDraw.Draw(lines)
    for number in range(7):
        low = 0.07 + 0.026 * number
        start, pull = at(-0.475 + 0.012 * number, -low), at(-0.25, -low - 0.035)
        end = at(-0.02 - 0.02 * number, -0.085 - 0.01 * number)
        pen.line(bezier(start, pull, end, 20), fill=255, width=max(1, round(long * 0.0035)))
    lay(image, mix(belly, back, 0.45), ImageChops.multiply(lines, chest))
