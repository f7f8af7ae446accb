"""Type as a picture: one large letter, or a few words of it. Fonts come with the shop's own."""

from importlib.resources import files
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFont

from .canvas import Colour, Palette, Size, disc, fade, lay, mix, rgb, shaded

FONTS = Path(str(files("justmytype_western_core"))) / "fonts" / "ofl"
SERIF = FONTS / "sourceserif4" / "SourceSerif4[opsz,wght].ttf"
ITALIC = FONTS / "sourceserif4" / "SourceSerif4-Italic[opsz,wght].ttf"
SANS = FONTS / "inter" / "Inter[opsz,wght].ttf"
# What stands on the sheets; the seed chooses.
WORDS = (
    ("slow", "is a", "speed"),
    ("read", "the long", "ones"),
    ("bread", "butter", "books"),
    ("stay", "for one", "more"),
    ("look", "up now", "& then"),
)
GLYPHS = "&g?aRQ"
MOST_WEIGHT = 900


def font(face: Path, high: float, weight: int) -> ImageFont.FreeTypeFont:
    """A face at a height in pixels and a weight from 100 to 900."""
    found = ImageFont.truetype(str(face), max(6, round(high)), layout_engine=ImageFont.Layout.BASIC)
    axes = found.get_variation_axes()
    # Weight is one of two axes; the other, the size it is meant for, is as large as it goes.
    found.set_variation_by_axes(
        [weight if axis["maximum"] >= MOST_WEIGHT else axis["maximum"] for axis in axes]
    )
    return found


def _mask(
    size: Size, text: str, face: ImageFont.FreeTypeFont, place: tuple[float, float]
) -> Image.Image:
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).text(place, text, font=face, fill=255, anchor="mm")
    return mask


def glyph(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """One letter, printed twice, on a foundry's lines. Palette: paper, two inks, line."""
    width, height = size
    paper, first, second, line = (rgb(colour) for colour in palette)
    image = Image.new("RGB", size, paper)
    letter = rng.choice(GLYPHS)
    face = font(rng.choice((SERIF, ITALIC)), height * 0.86, 700)
    pen = ImageDraw.Draw(image)
    thin = max(1, round(width * 0.0018))
    for share in (0.2, 0.36, 0.66, 0.8):
        pen.line(
            (width * 0.07, height * share, width * 0.93, height * share), fill=line, width=thin
        )
        for number in range(61):
            x = width * (0.07 + 0.86 * number / 60)
            tall = height * (0.008 if number % 10 else 0.018)
            pen.line((x, height * share, x, height * share - tall), fill=line, width=thin)
    left, top, right, foot = face.getbbox(letter, anchor="mm")
    middle = (width * 0.5 - (left + right) / 2, height * 0.51 - (top + foot) / 2)
    for ink, shift in ((first, -0.022), (second, 0.022)):
        mask = _mask(
            size, letter, face, (middle[0] + width * shift, middle[1] + width * shift * 0.5)
        )
        sheet = Image.new("RGB", size, (255, 255, 255))
        lay(sheet, ink, mask)
        shaded(sheet, mask, mix(ink, (255, 255, 255), 0.35), fade(size, -0.3, 0.8), rng)
        image = ImageChops.multiply(image, sheet)
    _imprint(image, rng, line)
    return image


def _imprint(image: Image.Image, rng: Random, ink: Colour) -> None:
    """A line as at the foot of a specimen."""
    width, height = image.size
    number = rng.randint(11, 96)
    face = font(SANS, height * 0.0135, 500)
    pen = ImageDraw.Draw(image)
    pen.text((width * 0.07, height * 0.95), "PAPER & INK", font=face, fill=ink, anchor="lm")
    pen.text(
        (width * 0.5, height * 0.95), f"SPECIMEN No. {number}", font=face, fill=ink, anchor="mm"
    )
    pen.text((width * 0.93, height * 0.95), "TWO INKS", font=face, fill=ink, anchor="rm")


def words(size: Size, rng: Random, palette: Palette) -> Image.Image:
    """Three lines that fill the sheet. Palette: paper, then an ink for each line, a disc."""
    width, height = size
    image = Image.new("RGB", size, rgb(palette[0]))
    text = rng.choice(WORDS)
    inks = [rgb(colour) for colour in palette[1:4]]
    face_of = rng.choice(((SANS, 900), (SERIF, 900)))
    lay(
        image,
        rgb(palette[4]),
        disc(size, (width * rng.uniform(0.6, 0.75), height * 0.26), width * 0.24),
    )
    boxes = []
    for line in text:
        # The largest at which the line is as wide as the sheet allows.
        trial = font(face_of[0], 1000, face_of[1])
        left, top, right, foot = trial.getbbox(line, anchor="ls")
        scale = min(width * 0.86 / (right - left), height * 0.27 / (foot - top))
        boxes.append((line, 1000 * scale, (left * scale, top * scale, right * scale, foot * scale)))
    tall = sum(foot - top for _line, _high, (_l, top, _r, foot) in boxes)
    gap = (height * 0.84 - tall) / 2 if tall < height * 0.84 else height * 0.03
    y = height * 0.08
    for number, (line, high, (left, top, _right, foot)) in enumerate(boxes):
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).text(
            (width * 0.07 - left, y - top),
            line,
            font=font(face_of[0], high, face_of[1]),
            fill=255,
            anchor="ls",
        )
        sheet = Image.new("RGB", size, (255, 255, 255))
        lay(sheet, inks[number], mask)
        shaded(sheet, mask, mix(inks[number], (30, 20, 40), 0.3), fade(size, -0.4, 0.7), rng)
        image = ImageChops.multiply(image, sheet)
        y += foot - top + gap
    return image
