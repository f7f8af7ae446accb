"""Where the articles of the demo shop stand: attributes, what goes with what, collections."""

from dataclasses import dataclass

from catalog.answers import NO, YES, Kind
from home.demo.kinds import SIZES, Article


@dataclass(frozen=True)
class Question:
    """An attribute; the choices are in the order in which shoppers see them."""

    name: str
    kind: Kind
    is_facet: bool = True
    unit: str = ""
    choices: tuple[str, ...] = ()


COLOURS = Question("Colours", Kind.CHOICE, choices=("Warm", "Cool", "Green", "Colourful", "Quiet"))
FRAMED = Question("Available framed", Kind.YES_NO)
WIDTH = Question("Width up to", Kind.NUMBER, unit="cm")
PAPER = Question("Paper", Kind.TEXT, is_facet=False)
QUESTIONS = (COLOURS, FRAMED, WIDTH, PAPER)

# The first of these tags that an article has says which colours it has.
_COLOURS = {"warm": "Warm", "green": "Green", "cool": "Cool", "colourful": "Colourful"}
_WIDTHS = {"cards": "10", "notebook": "14.8"}
_PAPERS = {"cards": "Felt-marked card, 300 g/m²", "notebook": "160 dotted pages, 90 g/m²"}
WIDEST_PRINT = {SIZES[-1]: "70"}
PRINT_PAPER = "Matt cotton paper, 240 g/m²"


def answers(article: Article) -> dict[str, str]:
    """What the article answers to each question, by its name."""
    colours = next((_COLOURS[tag] for tag in article.tags if tag in _COLOURS), "Quiet")
    return {
        COLOURS.name: colours,
        FRAMED.name: YES if article.frames else NO,
        WIDTH.name: _WIDTHS.get(article.shown) or WIDEST_PRINT[article.sizes[-1]],
        PAPER.name: _PAPERS.get(article.shown, PRINT_PAPER),
    }


# By code: what is shown below an article, and the further shelves it is listed on.
RELATED = {
    "DUNE": ("MOONSAND", "TIDE", "HARVEST"),
    "QUARTER": ("STUDY", "OVERPRINT", "CARDS"),
    "OLIVE": ("FERN", "MEADOW", "NOTEBOOK"),
    "CARDS": ("QUARTER", "NOTEBOOK"),
    "WAVES": ("REGATTA", "WAVEBOOK", "KEEPER"),
    "REGATTA": ("WAVES", "BELOW", "SEACARDS"),
    "NIGHTCAT": ("MARMALADE", "TWIGS", "ANIMALCARDS"),
    "SLOW": ("READLONG", "AMPERSAND", "BREAD"),
    "CITRUS": ("BREAD", "TOADSTOOLS", "VASES"),
    "ORBITS": ("STARCHART", "TRAILS", "MOONS"),
    "RINGS": ("BIRCHES", "STARQUILT", "FERN"),
}
FURTHER = {"HARVEST": ("Landscapes",), "MOONSAND": ("Night & Sky",), "OLIVE": ("Stationery",)}
# What stands first on a shelf.
FIRST = {"Posters": ("QUARTER", "DUNE")}


@dataclass(frozen=True)
class Gathering:
    """A collection: by hand where ``only`` is given, by rule otherwise."""

    title: str
    intro: str
    face: str
    only: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    reduced: bool = False
    sort: str = "newest"
    most: int | None = None
    in_menu: bool = False


GATHERINGS = (
    Gathering(
        title="Sale",
        intro="<p>The last sheets of an edition, and what hung in the window for too long.</p>",
        face="LAGOON",
        reduced=True,
        sort="-price",
        in_menu=True,
    ),
    Gathering(
        title="Best sellers",
        intro="<p>What leaves the house most often, counted over thirty days.</p>",
        face="QUARTER",
        pinned=("DUNE",),
        sort="selling",
        most=8,
    ),
    Gathering(
        title="The first wall",
        intro="<p>Six pictures that get on with each other, chosen for a wall that has none.</p>",
        face="OLIVE",
        only=("OLIVE", "DUNE", "STUDY", "MOONS", "FERN", "RIVERTOWN"),
    ),
)
