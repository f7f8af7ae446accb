"""The demo shop "Paper & Ink": what it sells and what it says."""

from html import escape

from home.demo.kinds import FRAME_DETAIL, PRINT_DETAILS, Article, Scene, Shelf, Words
from home.demo.shelves.abstract import ABSTRACT
from home.demo.shelves.animals import ANIMALS
from home.demo.shelves.botanical import BOTANICAL
from home.demo.shelves.landscapes import LANDSCAPES
from home.demo.shelves.night import NIGHT
from home.demo.shelves.shore import SHORE
from home.demo.shelves.stationery import STATIONERY
from home.demo.shelves.town import TOWN
from home.demo.shelves.words import WORDS

SHOP_NAME = "Paper & Ink"
TAGLINE = "Art prints, drawn slowly and printed well"
CONTACT_EMAIL = "hello@example.com"

HEADLINE = "Pictures worth a nail in the wall"
INTRO = (
    "<p>Art prints by five small studios: dunes, moons, meadows, one whale and a good many "
    "circles. Printed to last on cotton paper, framed in solid wood if you like, and sent flat or "
    "rolled.</p>"
)
# The three that hang in the picture of the home page, the middle one largest.
HOME_WALL = ("OLIVE", "DUNE", "QUARTER")
SCENES = (
    Scene(
        "",
        HOME_WALL,
        "#dcd3bf",
        "Three framed prints on a sunlit wall above a wooden bench, with a plant on either side.",
    ),
    Scene(
        "HALLWALL",
        ("FERN", "MOONSAND", "CONTOUR"),
        "#d7d9cc",
        "Three framed prints in greens and greys on a pale wall above a bench.",
    ),
    Scene(
        "SEAWALL",
        ("REGATTA", "WAVES", "BELOW"),
        "#cfdbdd",
        "Three framed prints of the sea on a pale blue wall above a bench.",
    ),
    Scene(
        "NIGHTWALL",
        ("SLOW", "NIGHTCAT", "AMPERSAND"),
        "#d9cfc6",
        "Two prints with letters and one of a cat, framed, on a warm grey wall.",
    ),
)

POSTERS = Shelf(
    title="Posters",
    intro=(
        "<p>Everything we print, from A3 to 70 × 100 cm. Each sheet is checked by hand before it "
        "is rolled.</p>"
    ),
    face="TIDE",
    shelves=(LANDSCAPES, SHORE, ABSTRACT, NIGHT, TOWN, ANIMALS, WORDS),
)
SHELVES = (POSTERS, BOTANICAL, STATIONERY)

ABOUT = Words(
    title="About us",
    body=(
        "<p>Paper &amp; Ink began with one press, two people and a cellar that was far too damp "
        "for paper. Today we print in a former bakery with large windows, and the paper has the "
        "driest room in the house.</p>",
        "<h2>The studios</h2>",
        "<ul>",
        "<li><b>Ines Varga</b> draws landscapes and night skies, mostly outdoors and mostly "
        "cold.</li>",
        "<li><b>Studio Halbkreis</b> is two designers, one compass and a long argument about "
        "yellow.</li>",
        "<li><b>Odd &amp; Elm</b> press plants, cut paper and follow lines wherever they "
        "lead.</li>",
        "<li><b>Maren Tode</b> lives by the sea and draws it, in all weathers but one.</li>",
        "<li><b>Press Room Nine</b> own four hundred kilos of type and a cat.</li>",
        "</ul>",
        "<h2>How we print</h2>",
        "<p>We use pigment inks on cotton paper without optical brighteners, so that white stays "
        "the white it is on the first day. Frames are made by a joiner eleven kilometres away, "
        "from oak and ash.</p>",
    ),
)
DELIVERY = Words(
    title="Delivery & returns",
    body=(
        "<h2>Delivery</h2>",
        "<p>Prints up to 50 × 70 cm travel flat between two boards; larger ones are rolled in a "
        "square tube that does not roll off tables. Frames are packed in corrugated card without "
        "any plastic.</p>",
        "<ul>",
        "<li>What is in stock leaves us within two working days.</li>",
        "<li>Prints made to order take about ten days.</li>",
        "<li>You get a message as soon as your parcel is on its way.</li>",
        "</ul>",
        "<h2>Returns</h2>",
        "<p>You have thirty days to find out whether a picture and your wall like each other. If "
        "they do not, send it back in its packaging and we refund the full price.</p>",
        "<p>If something arrives damaged, a photograph is all we need; the replacement leaves the "
        "same week.</p>",
    ),
)
PAGES = (ABOUT, DELIVERY)


def articles() -> list[Article]:
    return [article for shelf in SHELVES for article in shelf.all_articles()]


def in_order_of_need() -> list[Article]:
    """The articles as they are put onto their shelves; whose picture stands for one comes first."""
    found = {article.code: article for article in articles()}
    codes = dict.fromkeys(code for shelf in SHELVES for code in shelf.codes_needed())
    return [found[code] for code in codes]


def description(article: Article) -> str:
    """Its story, and the details below it, as rich text."""
    details = article.details or PRINT_DETAILS
    if article.frames:
        details = (*details, FRAME_DETAIL)
    paragraphs = "".join(f"<p>{escape(text, quote=False)}</p>" for text in article.story)
    return f"{paragraphs}<ul>{''.join(f'<li>{line}</li>' for line in details)}</ul>"
