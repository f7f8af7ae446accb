"""The demo shop's pictures, drawn here: the same seed gives the same picture on every machine.

A new style is a function ``style(size, rng, palette)`` in one of these modules
and one line in ``STYLES``.
"""

from random import Random

from PIL import Image

from . import (
    canal,
    city,
    creatures,
    deep,
    geometry,
    groves,
    heavens,
    kitchen,
    landscapes,
    leaves,
    letters,
    lines,
    night,
    patterns,
    plants,
    shore,
    streets,
    waters,
)
from .canvas import SUPERSAMPLING, Palette, Style, finish

STYLES: dict[str, Style] = {
    "arches": patterns.arches,
    "aurora": night.aurora,
    "balloons": heavens.balloons,
    "bauhaus": geometry.bauhaus,
    "bicycle": streets.bicycle,
    "birches": groves.birches,
    "birds": creatures.birds,
    "blocks": city.blocks,
    "bridge": streets.bridge,
    "carp": waters.carp,
    "cat": creatures.cat,
    "citrus": kitchen.citrus,
    "contours": lines.contours,
    "dunes": landscapes.dunes,
    "fern": plants.fern,
    "fields": groves.fields,
    "flow": lines.flow,
    "glyph": letters.glyph,
    "harmonograph": patterns.harmonograph,
    "houses": canal.houses,
    "lighthouse": shore.lighthouse,
    "meadow": plants.meadow,
    "monstera": leaves.monstera,
    "moons": night.moons,
    "mushrooms": kitchen.mushrooms,
    "olive": plants.olive,
    "orbits": heavens.orbits,
    "overprint": geometry.overprint,
    "papercut": lines.papercut,
    "quarters": geometry.quarters,
    "quilt": patterns.quilt,
    "record": lines.record,
    "ridges": landscapes.ridges,
    "sails": shore.sails,
    "seigaiha": shore.seigaiha,
    "skyline": city.skyline,
    "soundscape": lines.soundscape,
    "starchart": heavens.starchart,
    "swell": patterns.swell,
    "terrazzo": geometry.terrazzo,
    "tide": landscapes.tide,
    "trails": night.trails,
    "treerings": patterns.treerings,
    "vases": kitchen.vases,
    "weave": patterns.weave,
    "whale": deep.whale,
    "words": letters.words,
}


def draw(style: str, seed: int, palette: Palette, height: int) -> Image.Image:
    """One poster, four wide to five high."""
    rng = Random(seed)  # noqa: S311 - the same picture every time is the point
    size = (height * 4 // 5 * SUPERSAMPLING, height * SUPERSAMPLING)
    return finish(STYLES[style](size, rng, palette), rng)
