from home.demo.kinds import FRAMES, SIZES, Article, Poster, Shelf

SHORE = Shelf(
    title="Sea & Shore",
    intro=(
        "<p>Salt, weather and a horizon. Printed on the heavier sheet, so that the deep blues "
        "have something to sink into.</p>"
    ),
    face="WAVES",
    articles=(
        Article(
            code="WAVES",
            title="Nine Hundred Waves",
            brand="Maren Tode",
            summary="An old pattern of scallops, a red sun, and not a boat in sight.",
            story=(
                "The pattern is more than a thousand years old and was woven before it was "
                "printed. Each wave is five rings; the blue deepens row by row until it is "
                "nearly night.",
                "Maren Tode drew the first hundred by hand, to know what the other eight hundred "
                "feel like.",
            ),
            tags=("sea", "pattern", "cool"),
            posters=(
                Poster(
                    "seigaiha",
                    3,
                    (
                        "#efe3cb",
                        "#d8503a",
                        "#f3ead6",
                        "#8fb4bd",
                        "#3f7f98",
                        "#1d4a6e",
                        "#12274a",
                    ),
                    "Rows of scalloped waves from pale to midnight blue below a red sun.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
        ),
        Article(
            code="WAVESROSE",
            title="Evening Swell",
            brand="Maren Tode",
            summary="The same sea an hour later, when it has taken the colour of the sky.",
            story=(
                "For about nine minutes in June the bay outside the studio is pink. This is the "
                "fourth of them.",
                "It hangs well beside Nine Hundred Waves and does not mind hanging alone.",
            ),
            tags=("sea", "pattern", "warm"),
            posters=(
                Poster(
                    "seigaiha",
                    8,
                    (
                        "#f8dcc4",
                        "#fff1d8",
                        "#fdeedd",
                        "#e9a48f",
                        "#c66f7a",
                        "#84466f",
                        "#40264f",
                    ),
                    "Rows of scalloped waves from rose to plum below a pale sun.",
                ),
            ),
            sizes=SIZES,
            prices=("29", "49", "79"),
        ),
        Article(
            code="REGATTA",
            title="Regatta",
            brand="Maren Tode",
            summary="Everybody is out, the wind is from the left, and nobody knows who leads.",
            story=(
                "Sails in five colours on a sea of seven blues. The small ones at the horizon are "
                "the fast ones; they have already turned.",
                "A picture for rooms without a view, or with the wrong one.",
            ),
            tags=("sea", "boats", "colourful"),
            posters=(
                Poster(
                    "sails",
                    5,
                    (
                        "#f6d9b0",
                        "#f3b48a",
                        "#fff1d6",
                        "#7fb1b5",
                        "#1f4e6b",
                        "#f7efe0",
                        "#e4572e",
                        "#f2b134",
                        "#2e6f8e",
                        "#2b1d2a",
                    ),
                    "Sailing boats with white, orange and yellow sails on a teal sea in the "
                    "evening.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
        ),
        Article(
            code="DAWNFLEET",
            title="The Fleet Goes Out",
            brand="Maren Tode",
            summary="Grey water, grey sky, and the first sails of the morning.",
            story=(
                "Before the sun is warm the sea has hardly any colour at all, and the sails have "
                "to do the work. We needed four greys for this sheet, and argued about each.",
            ),
            tags=("sea", "boats", "calm"),
            posters=(
                Poster(
                    "sails",
                    12,
                    (
                        "#cfd8da",
                        "#efe2d0",
                        "#fff6e4",
                        "#a8bcc0",
                        "#3c5a68",
                        "#f6f1e6",
                        "#d9c9ae",
                        "#7f98a3",
                        "#c46a52",
                        "#2a2f3a",
                    ),
                    "Sailing boats with pale sails on a grey-blue sea at dawn.",
                ),
            ),
            sizes=SIZES,
            launched=15,
            prices=("29", "49", "79"),
        ),
        Article(
            code="KEEPER",
            title="The Keeper's Watch",
            brand="Maren Tode",
            summary="A lighthouse at work, in the hours when nobody thanks it.",
            story=(
                "Two beams, one rock, and the small window on the third floor where the keeper "
                "reads. The light has been automatic since 1986; he has not been told.",
                "The beams are printed with a varnish that catches a lamp from the side.",
            ),
            tags=("sea", "night", "cool"),
            posters=(
                Poster(
                    "lighthouse",
                    4,
                    (
                        "#141b3c",
                        "#4a4f8a",
                        "#ffe7a8",
                        "#f3ead9",
                        "#c8453b",
                        "#1b1a2b",
                        "#274b73",
                    ),
                    "A red and white lighthouse on black rocks throws two beams into a starry "
                    "night.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
            stock={"KEEPER-A3-OAK": 2},
        ),
        Article(
            code="BELOW",
            title="Below the Boat",
            brand="Maren Tode",
            summary="Somebody is out for an afternoon's sailing and has no idea.",
            story=(
                "The boat is four metres long and the whale is fourteen. They have met before; "
                "only one of them remembers.",
                "A great favourite of children, who find the whale first, and of parents, who "
                "find the boat.",
            ),
            tags=("sea", "animals", "cool"),
            posters=(
                Poster(
                    "whale",
                    3,
                    (
                        "#f6e2c3",
                        "#ef8a5a",
                        "#4f9fa6",
                        "#0f3352",
                        "#2c4a6b",
                        "#f2e8d8",
                        "#b5412f",
                    ),
                    "A blue whale under water, and a tiny sailing boat above it in the sun.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            launched=23,
            prices=("35", "59", "92"),
        ),
    ),
)
