"""The demo shop's pictures, drawn here: the same seed gives the same picture on every machine.

A new style is a function ``style(size, rng, palette)`` in one of these modules
and one line in ``STYLES``.
"""

from random import Random

from PIL import Image

from . import city, geometry, landscapes, lines, night, plants
from .canvas import SUPERSAMPLING, Palette, Style, finish

STYLES: dict[str, Style] = {
    "aurora": night.aurora,
    "bauhaus": geometry.bauhaus,
    "blocks": city.blocks,
    "contours": lines.contours,
    "dunes": landscapes.dunes,
    "fern": plants.fern,
    "flow": lines.flow,
    "meadow": plants.meadow,
    "moons": night.moons,
    "olive": plants.olive,
    "overprint": geometry.overprint,
    "papercut": lines.papercut,
    "quarters": geometry.quarters,
    "record": lines.record,
    "ridges": landscapes.ridges,
    "skyline": city.skyline,
    "soundscape": lines.soundscape,
    "terrazzo": geometry.terrazzo,
    "tide": landscapes.tide,
    "trails": night.trails,
}


def draw(style: str, seed: int, palette: Palette, height: int) -> Image.Image:
    """One poster, four wide to five high."""
    rng = Random(seed)  # noqa: S311 - the same picture every time is the point
    size = (height * 4 // 5 * SUPERSAMPLING, height * SUPERSAMPLING)
    return finish(STYLES[style](size, rng, palette), rng)
