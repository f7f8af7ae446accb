from home.demo.kinds import FRAMES, SIZES, Article, Poster, Shelf
from home.demo.shelves.kitchen import KITCHEN

LEAVES = Shelf(
    title="Leaves",
    intro=(
        "<p>Single leaves and branches, drawn the way they used to be pressed: flat, patient, on "
        "good paper.</p>"
    ),
    face="FERN",
    articles=(
        Article(
            code="FERN",
            title="Fern",
            brand="Odd & Elm",
            summary=(
                "One frond, built from more than a thousand leaflets, each a smaller copy of the "
                "whole."
            ),
            story=(
                "A fern is a rule followed without haste: a stem carries branches, a branch "
                "carries leaves, and every part looks like all of it. We drew this one leaflet by "
                "leaflet and lost count twice.",
                "The pale disc behind it is the lamp of the herbarium.",
            ),
            tags=("leaf", "green", "calm"),
            posters=(
                Poster(
                    "fern",
                    4,
                    ("#f4eddc", "#eadfc3", "#2f4a35", "#4f7a4c", "#8aa65a"),
                    "A single green fern frond on cream paper in front of a pale disc.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
        ),
        Article(
            code="OLIVE",
            title="Olive Branch",
            brand="Odd & Elm",
            summary="Silver-backed leaves and a few dark olives, cut on a November morning.",
            story=(
                "Olive leaves have two colours, and which one you see depends on the wind. In "
                "this print some show their dark green face and some their silver back, and the "
                "fruit hangs where the branch can bear it.",
                "A picture that makes a kitchen smell of bread.",
            ),
            tags=("leaf", "green", "kitchen"),
            posters=(
                Poster(
                    "olive",
                    4,
                    ("#f3ead9", "#6b5238", "#5f7a52", "#a9b596", "#4a3553", "#251c33"),
                    "An olive branch with narrow green and silver leaves and four dark olives on "
                    "cream paper.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
            stock={"OLIVE-A3": 3},
        ),
        Article(
            code="MONSTERA",
            title="Window Leaf",
            brand="Maren Tode",
            summary="Three leaves of a plant that makes its own windows.",
            story=(
                "Nobody knows why the holes are there. Against the wind, say some; so that "
                "the lower leaves get light, say others. We believe that it likes to look "
                "through them.",
            ),
            tags=("leaves", "plants", "green"),
            posters=(
                Poster(
                    "monstera",
                    2,
                    ("#f3e9da", "#f2c6ad", "#2f6b55", "#4f8a62", "#1f4f4a", "#d9e6b8"),
                    "Three green monstera leaves with holes before a peach-coloured disc.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
        ),
    ),
)

MEADOWS = Shelf(
    title="Meadows",
    intro="<p>Everything that grows higher than the knee when nobody mows.</p>",
    face="MEADOW",
    articles=(
        Article(
            code="MEADOW",
            title="Evening Meadow",
            brand="Odd & Elm",
            summary="Cow parsley, poppies and grasses in front of a sun that takes its time.",
            story=(
                "Lie down at the edge of a field and this is what stands between you and the sun. "
                "Behind the house where Odd & Elm work there is such a field, and from June on "
                "not much else gets done.",
                "Every umbel has ninety-one seeds. You need not check.",
            ),
            tags=("flowers", "sun", "warm"),
            posters=(
                Poster(
                    "meadow",
                    4,
                    ("#f7e6c4", "#f0b98d", "#f6784f", "#b07a5e", "#2d3b38", "#d8412f", "#fff4dc"),
                    "White umbels, red poppies and grasses in front of a low orange sun.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
        ),
        Article(
            code="FIRSTFROST",
            title="First Frost",
            brand="Odd & Elm",
            summary="The same field in November: seed heads, hoar frost and a small white sun.",
            story=(
                "When the colours are gone the shapes come out. First Frost is the winter half of "
                "Evening Meadow, printed in five greys that lean towards blue.",
                "The edition of two hundred is sold out. A second one follows when the field "
                "freezes again.",
            ),
            tags=("flowers", "winter", "cool"),
            posters=(
                Poster(
                    "meadow",
                    12,
                    ("#dfe7ea", "#b3c4cf", "#f8f5ec", "#8fa3b0", "#26384a", "#6d8596", "#ffffff"),
                    "Frosted seed heads and grasses in blue-grey in front of a pale winter sun.",
                ),
            ),
            sizes=SIZES,
            prices=("29", "49", "79"),
            stock={"FIRSTFROST-A3": 0, "FIRSTFROST-50X70": 0, "FIRSTFROST-70X100": 0},
        ),
    ),
)

BOTANICAL = Shelf(
    title="Botanical",
    intro="<p>Ferns, branches and whole meadows. They want neither water nor light, "
    "and they have never been known to lose a leaf.</p>",
    face="OLIVE",
    shelves=(LEAVES, MEADOWS, KITCHEN),
)
