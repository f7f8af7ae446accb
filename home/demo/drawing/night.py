"""The sky after dark: moons, northern lights, star trails."""

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .canvas import (
    SOFT_SCALE,
    Colour,
    Palette,
    Point,
    Size,
    box,
    clouds,
    disc,
    edge_light,
    glow,
    gradient,
    lay,
    mix,
    ramp,
    rgb,
    scaled,
    shape,
    soften,
    stipple,
    stroke,
    wave,
)
from .landscapes import broken_line, spruce


def stars(image: Image.Image, rng: Random, count: int, colour: Colour, lowest: float = 1.0) -> None:
    """Many faint stars and a few bright ones, down to ``lowest`` of the height."""
    width, height = image.size
    pen = ImageDraw.Draw(image)
    for _ in range(count):
        place = (rng.random() * width, rng.random() * height * lowest)
        bright = rng.random() ** 4
        behind = image.getpixel((int(place[0]), int(place[1])))
        pen.ellipse(
            box(place, width * (0.0007 + 0.0021 * bright)),
            fill=mix(behind, colour, 0.35 + 0.65 * bright),
        )


def moons(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """The phases of the moon. Palette: sky above, sky below, moonlight, dark of the moon."""
    width, height = size
    image = gradient(size, palette[:2])
    stars(image, rng, 420, rgb(palette[2]))
    radius = width * 0.118
    for number in range(9):
        row, column = divmod(number, 3)
        centre = (width * (0.22 + 0.28 * column), height * (0.235 + 0.265 * row))
        if number == 4:
            glow(image, centre, radius * 3, rgb(palette[2]), 0.35)
        _moon(image, rng, centre, radius, number / 8, palette)
    return image


def _moon(
    image: Image.Image, rng: Random, centre: Point, radius: float, phase: float, palette: Palette
) -> None:
    """One moon; phase 0.5 is full, 0 and 1 are the thinnest crescents."""
    side = round(radius * 2 / SOFT_SCALE) * SOFT_SCALE
    size = (side, side)
    middle = (side / 2, side / 2)
    whole = disc(size, middle, side / 2 - 1)
    seas = clouds(size, rng, (3, 3), 4).point([min(255, max(0, (v - 105) * 4)) for v in range(256)])
    face = Image.new("RGB", size, rgb(palette[2]))
    lay(face, mix(rgb(palette[2]), rgb(palette[3]), 0.42), scaled(seas, 0.75))
    pen = ImageDraw.Draw(face)
    for _ in range(26):
        spot = (rng.random() * side, rng.random() * side)
        size_of_it = side * rng.uniform(0.008, 0.03)
        pen.ellipse(box(spot, size_of_it), fill=mix(rgb(palette[2]), rgb(palette[3]), 0.3))
        lit = (spot[0] - size_of_it * 0.2, spot[1] - size_of_it * 0.2)
        pen.ellipse(box(lit, size_of_it * 0.8), fill=mix(rgb(palette[2]), (255, 255, 255), 0.3))
    rim = edge_light(whole, -side * 0.1, -side * 0.12, side * 0.16)
    lay(face, rgb(palette[3]), stipple(scaled(rim, 0.5), rng))
    light = _lit(size, 0.07 + phase * 0.86)
    light = ImageChops.multiply(soften(light, side * 0.02), whole)
    corner = (round(centre[0] - side / 2), round(centre[1] - side / 2))
    image.paste(mix(rgb(palette[3]), rgb(palette[0]), 0.55), corner, whole)
    image.paste(face, corner, light)


def _lit(size: Size, phase: float) -> Image.Image:
    """The lit part: half of the disc, and the half ellipse of the terminator with or against it."""
    side = size[0]
    light = Image.new("L", size)
    pen = ImageDraw.Draw(light)
    waxing = phase <= 0.5
    pen.rectangle((side / 2, 0, side, side) if waxing else (0, 0, side / 2, side), fill=255)
    bulge = math.cos(phase * math.tau)
    half = abs(bulge) * side / 2
    pen.ellipse((side / 2 - half, 0, side / 2 + half, side), fill=0 if bulge > 0 else 255)
    return light


def aurora(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Northern lights above a lake. Palette: sky above, sky below, three lights, land."""
    width, height = size
    image = gradient(size, palette[:2])
    shore = height * 0.8
    stars(image, rng, 520, (235, 240, 255), 0.75)
    for number, colour in enumerate(palette[2:5]):
        light = _curtain(
            size, rng, height * (0.62 - 0.11 * number), height * (0.34 + 0.05 * number)
        )
        glowing = Image.new("RGB", size)
        lay(glowing, rgb(colour), light)
        image = ImageChops.screen(image, glowing)
    land = rgb(palette[5])
    hills = broken_line(rng, 9, 0.09, width, height * 0.755, height)
    image.paste(
        mix(land, rgb(palette[1]), 0.45), mask=shape(size, [*hills, (width, shore), (0, shore)])
    )
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, shore - height * 0.012, width, shore), fill=land)
    for _ in range(120):
        x = rng.random() * width
        edge = abs(x / width - 0.5) * 2
        high = height * rng.uniform(0.02, 0.045 + 0.11 * edge**2)
        spruce(pen, (x, shore - height * 0.004), high, land)
    return _mirrored(image, shore, land)


def _curtain(size: Size, rng: Random, level: float, high: float) -> Image.Image:
    """A mask of hanging light: bright at its lower edge, fading upwards, in fine streaks."""
    width, height = size[0] // SOFT_SCALE, size[1] // SOFT_SCALE
    mask = Image.new("L", (width, height))
    column = Image.new("L", (1, 64))
    column.putdata([round(255 * (row / 63) ** 2.2) for row in range(64)])
    bow = wave(rng, 0.075, 1.0)
    bright = wave(rng, 0.4, 0.8)
    streak = wave(rng, 0.16, 0.05)
    for x in range(width):
        place = x / width
        shine = max(0.0, min(1.0, 0.55 + bright(place) + streak(place)))
        tall = max(2, round(high / SOFT_SCALE * (0.75 + 0.25 * streak(place * 0.7) * 4)))
        foot = round(level / SOFT_SCALE + bow(place) * height)
        ray = scaled(column.resize((1, tall), Image.Resampling.BILINEAR), shine)
        mask.paste(ray, (x, foot - tall))
        tail = max(1, tall // 9)
        end = scaled(column.resize((1, tail), Image.Resampling.BILINEAR).rotate(180), shine)
        mask.paste(end, (x, foot))
    mask = mask.filter(ImageFilter.GaussianBlur(width / 200))
    return mask.resize(size, Image.Resampling.BICUBIC)


def _mirrored(image: Image.Image, shore: float, dark: Colour) -> Image.Image:
    """What is above the shore, upside down below it, darker and drawn out."""
    width, height = image.size
    line, depth = round(shore), height - round(shore)
    above = image.crop((0, line - depth * 2, width, line)).resize((width, depth))
    below = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).filter(ImageFilter.BoxBlur((2, 14)))
    image.paste(Image.blend(below, Image.new("RGB", below.size, dark), 0.32), (0, line))
    pen = ImageDraw.Draw(image)
    for number in range(9):
        y = line + depth * (number / 9) ** 1.5 + depth * 0.03
        inset = width * (0.1 + 0.07 * ((number * 5) % 7))
        pen.line((inset, y, width - inset * 0.7, y), fill=mix(dark, (160, 200, 210), 0.14), width=2)
    return image


def trails(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Stars drawn out around the pole. Palette: sky above, sky below, land, then the stars."""
    width, height = size
    image = gradient(size, palette[:2])
    pole = (width * 0.56, height * 0.42)
    glow(image, pole, width * 0.8, mix(rgb(palette[1]), (255, 255, 255), 0.2), 0.4)
    pen = ImageDraw.Draw(image)
    inks = ramp(palette[3:], 24)
    for number in range(460):
        radius = width * (0.012 + 1.15 * ((number + rng.random()) / 460) ** 0.8)
        start = rng.random() * math.tau
        long = rng.uniform(0.35, 1.15)
        count = 8 + round(radius * long / width * 60)
        arc = [
            (pole[0] + radius * math.cos(a), pole[1] + radius * math.sin(a))
            for a in (start + long * step / (count - 1) for step in range(count))
        ]
        faint = rng.random() ** 1.6
        ink = mix(rgb(palette[1]), rng.choice(inks), 0.38 + 0.62 * faint)
        stroke(pen, arc, ink, width * (0.0015 + 0.0026 * faint))
    for number, level in enumerate((0.80, 0.88)):
        ridge = broken_line(rng, 9, 0.16 - 0.05 * number, width, height * level, height)
        body = shape(size, [*ridge, (width, height), (0, height)])
        lay(image, mix(rgb(palette[2]), rgb(palette[1]), 0.35 * (1 - number)), body)
    for _ in range(60):
        x, y = ridge[rng.randrange(len(ridge))]
        spruce(pen, (x, y + height * 0.012), height * rng.uniform(0.02, 0.055), rgb(palette[2]))
    return image
