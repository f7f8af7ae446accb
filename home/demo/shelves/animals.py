from home.demo.kinds import FRAMES, SIZES, Article, Poster, Shelf

ANIMALS = Shelf(
    title="Animals",
    intro=(
        "<p>Cut from a few curves, and each with a look of its own. No animal was asked to sit "
        "still.</p>"
    ),
    face="TWIGS",
    articles=(
        Article(
            code="TWIGS",
            title="Six on Three Twigs",
            brand="Press Room Nine",
            summary="Six small birds, round with cold and not on speaking terms.",
            story=(
                "They sit on the wire outside the press room every morning from seven until the "
                "machine starts. We drew them before that, with the heating off.",
                "Five inks, no black: what looks black is brown over blue.",
            ),
            tags=("birds", "animals", "warm"),
            posters=(
                Poster(
                    "birds",
                    6,
                    (
                        "#f1e6d2",
                        "#f3c9a0",
                        "#3c2a2a",
                        "#e8a02c",
                        "#31536b",
                        "#e7a08a",
                        "#a63d2f",
                        "#f3d9b1",
                        "#3f6f5e",
                        "#e8c35a",
                    ),
                    "Six round birds in blue, red and green on three twigs before a peach disc.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
        ),
        Article(
            code="WINTERBIRDS",
            title="Winter Visitors",
            brand="Press Room Nine",
            summary="The northern cousins, who find our January mild.",
            story=(
                "Once in ten years they come down in thousands, eat every berry in town and leave "
                "without a word. This was the year.",
            ),
            tags=("birds", "animals", "cool"),
            posters=(
                Poster(
                    "birds",
                    11,
                    (
                        "#dfe7ea",
                        "#f6f4ee",
                        "#3a3238",
                        "#d98a2c",
                        "#6a7a8c",
                        "#f2ece2",
                        "#2c3648",
                        "#d9705c",
                        "#8a5a4a",
                        "#f0d9a8",
                    ),
                    "Six birds in grey, navy and rust on bare twigs before a white winter sun.",
                ),
            ),
            sizes=SIZES,
            prices=("27", "45", "72"),
        ),
        Article(
            code="NIGHTCAT",
            title="Night Watch",
            brand="Press Room Nine",
            summary="The cat of the house opposite, on duty.",
            story=(
                "She sits on the sill from eleven until two and sees everything. If you wave, she "
                "looks away first, which is unusual for a cat and made us respect her.",
                "The coat is printed in two blacks, one warm and one cold.",
            ),
            tags=("cat", "animals", "night"),
            posters=(
                Poster(
                    "cat",
                    4,
                    (
                        "#141838",
                        "#5a4a86",
                        "#ffe9b0",
                        "#1c1c40",
                        "#7a4a3a",
                        "#131222",
                        "#f4c542",
                    ),
                    "A black cat with yellow eyes on a window sill under a full moon.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
        ),
        Article(
            code="MARMALADE",
            title="Marmalade at Dawn",
            brand="Press Room Nine",
            summary="A ginger cat who has been out all night and will not discuss it.",
            story=(
                "The companion of Night Watch, from the other end of the shift. The town behind "
                "him is waking up; he is about to do the opposite.",
            ),
            tags=("cat", "animals", "warm"),
            posters=(
                Poster(
                    "cat",
                    9,
                    (
                        "#7f8fb5",
                        "#f6c9a4",
                        "#fff3d9",
                        "#5b5f80",
                        "#8c5a46",
                        "#b8602c",
                        "#d9f0a0",
                    ),
                    "A ginger cat on a sill, the pale moon of dawn above the roofs.",
                ),
            ),
            sizes=SIZES,
            launched=5,
            prices=("27", "45", "72"),
        ),
        Article(
            code="CARP",
            title="Four Carp",
            brand="Press Room Nine",
            summary="A pond from above: four fish, three blossoms, and no hurry at all.",
            story=(
                "The oldest is the one with the black coat; she is said to be sixty. The others "
                "make room for her, and so did we.",
                "Hung low, beside a bath or a bed, it moves a little.",
            ),
            tags=("animals", "pond", "colourful"),
            posters=(
                Poster(
                    "carp",
                    9,
                    (
                        "#11424f",
                        "#2d7f86",
                        "#5f9a6a",
                        "#f2b8c0",
                        "#fbf4e8",
                        "#e4572e",
                        "#d9362b",
                        "#2a2630",
                    ),
                    "Four spotted carp between water lilies in a teal pond, seen from above.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("35", "59", "92"),
            before=("39", "65", "99"),
        ),
    ),
)
