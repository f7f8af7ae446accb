"""Below the boats: a whale."""

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
    stroke,
    wave,
)


def whale(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """A whale. Palette: sky, sun, water light, water deep, back, belly, boat."""
    width, height = size
    sky, sun, _shallow, deep, back, belly, boat = (rgb(colour) for colour in palette)
    image = Image.new("RGB", size, sky)
    lay(image, sun, disc(size, (width * rng.uniform(0.3, 0.7), height * 0.13), width * 0.085))
    level = height * 0.25
    pen = ImageDraw.Draw(image)
    hull = width * rng.uniform(0.62, 0.72)
    pen.polygon(
        [
            (hull - width * 0.05, level - height * 0.008),
            (hull + width * 0.055, level - height * 0.008),
            (hull + width * 0.035, level + height * 0.014),
            (hull - width * 0.032, level + height * 0.014),
        ],
        fill=boat,
    )
    pen.polygon(
        [
            (hull, level - height * 0.075),
            (hull + width * 0.042, level - height * 0.014),
            (hull, level - height * 0.014),
        ],
        fill=belly,
    )
    pen.polygon(
        [
            (hull - width * 0.006, level - height * 0.066),
            (hull - width * 0.034, level - height * 0.014),
            (hull - width * 0.006, level - height * 0.014),
        ],
        fill=mix(belly, boat, 0.25),
    )
    line = wave(rng, height * 0.004, width * 0.3)
    xs = [width * step / 80 for step in range(81)]
    water = shape(size, [*((x, level + line(x)) for x in xs), (width, height), (0, height)])
    depth = Image.new("RGB", size, deep)
    depth.paste(gradient((width, round(height - level)), palette[2:4]), (0, round(level)))
    image.paste(depth, mask=water)
    for number in range(5):
        x = width * (0.08 + 0.21 * number + rng.uniform(-0.04, 0.04))
        ray = shape(
            size,
            [
                (x, level),
                (x + width * 0.07, level),
                (x - width * 0.1, height),
                (x - width * 0.3, height),
            ],
        )
        lay(
            image,
            mix(sky, sun, 0.4),
            scaled(
                ImageChops.multiply(ImageChops.multiply(ray, water), fade(size, 1.2, -0.25)), 0.13
            ),
        )
    _whale(image, rng, (width * 0.47, height * 0.6), width * 0.7, (back, belly, deep))
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        spot = (width * rng.random(), level + (height - level) * rng.uniform(0.08, 1))
        pen.ellipse(
            box(spot, width * rng.uniform(0.001, 0.0045)),
            fill=mix(deep, sky, rng.uniform(0.2, 0.6)),
        )
    return image


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

    top = [
        *bezier(at(-0.5, -0.02), at(-0.36, 0.26), at(0.05, 0.19), 26),
        *bezier(at(0.05, 0.19), at(0.32, 0.13), at(0.46, 0.2), 20),
    ]
    under = [
        *bezier(at(0.47, 0.17), at(0.28, -0.02), at(0.02, -0.14), 22),
        *bezier(at(0.02, -0.14), at(-0.4, -0.3), at(-0.5, -0.02), 24),
    ]
    body = shape(image.size, [*top, *under])
    fluke = Image.new("L", image.size)
    pen = ImageDraw.Draw(fluke)
    pen.polygon(
        bezier(at(0.44, 0.2), at(0.4, 0.34), at(0.34, 0.38), 12)
        + bezier(at(0.34, 0.38), at(0.47, 0.36), at(0.5, 0.24), 12),
        fill=255,
    )
    pen.polygon(
        bezier(at(0.46, 0.22), at(0.56, 0.34), at(0.68, 0.32), 12)
        + bezier(at(0.68, 0.32), at(0.56, 0.2), at(0.46, 0.16), 12),
        fill=255,
    )
    pen.polygon(
        bezier(at(-0.16, -0.13), at(-0.14, -0.34), at(0.06, -0.38), 14)
        + bezier(at(0.06, -0.38), at(0.0, -0.2), at(-0.04, -0.13), 14),
        fill=255,
    )
    whole = ImageChops.lighter(body, fluke)
    lay(image, back, whole)
    white = shape(
        image.size,
        [
            *bezier(at(-0.5, -0.045), at(-0.2, -0.06), at(0.06, -0.08), 20),
            *bezier(at(0.06, -0.12), at(-0.2, -0.35), at(-0.52, -0.25), 20),
        ],
    )
    chest = ImageChops.multiply(white, body)
    lay(image, belly, chest)
    pen = ImageDraw.Draw(image)
    for number in range(7):
        low = 0.07 + 0.026 * number
        groove = bezier(
            at(-0.475 + 0.012 * number, -low),
            at(-0.25, -low - 0.035),
            at(-0.02 - 0.02 * number, -0.085 - 0.01 * number),
            20,
        )
        inside = [
            spot
            for spot in groove
            if chest.getpixel(
                (
                    min(image.width - 1, max(0, int(spot[0]))),
                    min(image.height - 1, max(0, int(spot[1]))),
                )
            )
        ]
        if len(inside) > 2:
            stroke(pen, inside, mix(belly, back, 0.45), long * 0.0035)
    shaded(
        image,
        whole,
        mix(back, deep, 0.75),
        scaled(edge_light(whole, 0, -long * 0.07, long * 0.06), 0.85),
        rng,
    )
    shaded(
        image,
        whole,
        mix(back, belly, 0.4),
        scaled(edge_light(whole, 0, long * 0.03, long * 0.03), 0.6),
        rng,
    )
    pen.ellipse(box(at(-0.33, 0.0), long * 0.011), fill=(15, 18, 30))
    pen.ellipse(box(at(-0.333, 0.003), long * 0.004), fill=belly)
    for _ in range(26):
        pen.ellipse(
            box(
                at(rng.uniform(-0.44, 0.1), rng.uniform(0.06, 0.14)),
                long * rng.uniform(0.0015, 0.004),
            ),
            fill=mix(back, belly, 0.35),
        )
