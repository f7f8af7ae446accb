"""The journal of the demo shop: what it tells between one print and the next."""

from dataclasses import dataclass

Part = tuple[str, object]


@dataclass(frozen=True)
class Story:
    """An article; ``days`` ago it appeared. ``face`` is the code of its picture.

    Its parts are blocks: words, or the name of a kind and what it is made of. Products and
    pictures stand in them by their codes.
    """

    title: str
    intro: str
    author: str
    days: int
    face: str
    tags: tuple[str, ...]
    parts: tuple[Part, ...]


JOURNAL = "Journal"
JOURNAL_INTRO = (
    "<p>From the press room and the places our pictures hang in. Once in a while, and never in "
    "a hurry.</p>"
)

STORIES = (
    Story(
        title="How to hang three pictures",
        intro="One nail is a decision, three are a composition. A short guide with a long tape.",
        author="Ines Varga",
        days=61,
        face="HALLWALL",
        tags=("hanging", "rooms"),
        parts=(
            (
                "text",
                "<p>Most walls are filled from the middle, and then there is no room left at the "
                "sides. Begin at one edge instead, as you would on a page, and let the wall end "
                "where it ends.</p>"
                "<h2>Measure the eyes, not the ceiling</h2>"
                "<p>The middle of a picture hangs at the height of the eyes of whoever looks at "
                "it most. For a hallway that is about 150 cm; above a sofa it is a hand above "
                "the back, because people sit.</p>"
                "<ol><li>Lay all three on the floor and move them until they are quiet.</li>"
                "<li>Cut their outlines out of newspaper and pin those to the wall.</li>"
                "<li>Wait a day. Then take the hammer.</li></ol>",
            ),
            ("shoppable", ("Three that get on", "", (("OLIVE", 23, 37), ("DUNE", 50, 37),
                                                     ("QUARTER", 77, 37)))),
            (
                "text",
                "<h2>A hand apart</h2><p>Between two frames of the same size a hand is right: "
                "nearer, and they whisper; farther, and they have never met. Where one is larger, "
                "let it hang a little lower than you think.</p>",
            ),
            ("quote", ("A wall is a page, and the margin is the most expensive part of it.",
                       "Ines Varga", "Landscapes and night skies")),
            ("products", ("For a first wall", ("OLIVE", "STUDY", "MOONS", "RIVERTOWN"))),
        ),
    ),
    Story(
        title="Nine hundred waves, by hand",
        intro="Why Maren Tode drew the first hundred herself, and what the others owe her.",
        author="Maren Tode",
        days=47,
        face="SEAWALL",
        tags=("studios", "sea"),
        parts=(
            (
                "text",
                "<p>The pattern is called <i>seigaiha</i>, blue sea and waves, and it is older "
                "than printing. I had drawn it as a child on the edges of exercise books. I had "
                "never drawn it as if somebody were going to look.</p>"
                "<h2>A hundred is where it begins</h2>"
                "<p>After a hundred waves by compass the hand knows what the eye wants: the rings "
                "must not be even. The outer one is thin and the inner one is deep, else it is "
                "wallpaper.</p>",
            ),
            ("gallery", ("From the shore", ("WAVES", "WAVESROSE", "REGATTA", "KEEPER"))),
            (
                "text",
                "<h2>Four greys for one morning</h2><p>For <b>The Fleet Goes Out</b> we mixed "
                "greys for two days. The press stood still, and the printer read a whole novel "
                "about a whale, which is where the next sheet came from.</p>",
            ),
            ("products", ("All that has salt in it", ("WAVES", "DAWNFLEET", "BELOW", "SEACARDS"))),
        ),
    ),
    Story(
        title="What paper remembers",
        intro="Cotton, no brighteners, and a damp cellar: a short history of our sheets.",
        author="Lena Brandt",
        days=33,
        face="STARQUILT",
        tags=("paper", "workshop"),
        parts=(
            (
                "text",
                "<p>Paper remembers everything: how it was dried, in which direction it was "
                "rolled, and whether you washed your hands. Ours is made of cotton that was too "
                "short for cloth, and it has never seen the brightener that makes other papers "
                "blue in the sun.</p>"
                "<h2>Why white is not white</h2><p>Hold two sheets against a window. The one "
                "that looks whiter today will be yellow in ten years; the other stays what it "
                "is.</p>",
            ),
            ("faq", ("Good to know", (
                ("Does it fade?", "<p>Behind glass and out of the noon sun, not in our lifetime: "
                 "the inks are tested for eighty years.</p>"),
                ("May I touch it?", "<p>At the edges, with both hands. It is stronger than it "
                 "looks.</p>"),
                ("Why does it come rolled?", "<p>Only the large ones do. Let them lie under two "
                 "books overnight, and they forget the tube.</p>"),
            ))),
            ("products", ("On the heaviest sheet", ("RINGS", "STARQUILT", "FERN", "CONTOUR"))),
        ),
    ),
    Story(
        title="A cat, a moon and four hundred kilos of type",
        intro="A visit to Press Room Nine, where the youngest machine was built in 1958.",
        author="Jun Park",
        days=18,
        face="NIGHTWALL",
        tags=("studios", "type"),
        parts=(
            (
                "text",
                "<p>One hears the room before one finds it. Two people, a proofing press and a "
                "cat live on the ground floor of a former dairy, and all of them have ink "
                "somewhere.</p><h2>Three letters at a time</h2>"
                "<p>“We own four hundred kilos of type and use three letters at a time,” says the "
                "one with the apron. The other one is looking for a lower-case g.</p>",
            ),
            ("split", ("The g is found", "<p>It was under the cat. Most things are. It has been "
                       "printed since in two inks, a hair apart, and hangs above the door.</p>",
                       "LOWERG", "Words & Letters")),
            ("quote", ("If you can read it from across the street, it is a poster. If you cross "
                       "the street to read it, it is a good one.", "Press Room Nine", "")),
            ("products", ("From the room", ("SLOW", "AMPERSAND", "NIGHTCAT", "TWIGS"))),
        ),
    ),
    Story(
        title="Look up: the sky as furniture",
        intro="Dark prints want light from the side. Where to hang moons and an hour of stars.",
        author="Greta Holm",
        days=6,
        face="TRAILS",
        tags=("rooms", "night"),
        parts=(
            (
                "text",
                "<p>It gets dark early now, which suits a part of the catalogue very well. A "
                "print that is mostly night does not make a room darker; it gives the lamps "
                "something to do.</p><h2>Three places for the night</h2>"
                "<ul><li>Beside a bed, where one looks at it last.</li>"
                "<li>At the end of a corridor, so that it has an end.</li>"
                "<li>Opposite a window: by day it is a deep blue rectangle, towards evening it "
                "begins.</li></ul>",
            ),
            ("gallery", ("After sunset", ("TRAILS", "AURORA", "ORBITS", "MOONS", "STARCHART"))),
            ("ranking", ("What others look at", "week")),
        ),
    ),
)  # fmt: skip
