from home.demo.kinds import FRAMES, SIZES, Article, Poster, Shelf

KITCHEN = Shelf(
    title="Kitchen Garden",
    intro=(
        "<p>What grows, ripens and is put in a vase. They stand steam well behind their acrylic "
        "glass.</p>"
    ),
    face="CITRUS",
    articles=(
        Article(
            code="CITRUS",
            title="Twelve Slices",
            brand="Odd & Elm",
            summary="Oranges, limes, lemons and a grapefruit, sorted by nobody.",
            story=(
                "We cut twelve fruits for this print and counted the segments: nine, ten or "
                "eleven, never eight. Then there was juice for the whole house.",
            ),
            tags=("kitchen", "fruit", "colourful"),
            posters=(
                Poster(
                    "citrus",
                    6,
                    (
                        "#f7d9c4",
                        "#fff6e6",
                        "#f08a24",
                        "#f9b04a",
                        "#f2c230",
                        "#fbe07a",
                        "#d9463d",
                        "#ee7d63",
                        "#8fae3c",
                        "#c9d97a",
                    ),
                    "Twelve slices of orange, lemon, lime and grapefruit on pale peach.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("27", "45", "72"),
        ),
        Article(
            code="BLOODORANGE",
            title="Blood Oranges",
            brand="Odd & Elm",
            summary="January, sliced: the darkest fruit of the darkest month.",
            story=(
                "They need cold nights to turn red, and so does this picture: it was printed in "
                "an unheated hall and is all the better for it.",
            ),
            tags=("kitchen", "fruit", "warm"),
            posters=(
                Poster(
                    "citrus",
                    14,
                    (
                        "#23343c",
                        "#fbe9d3",
                        "#d9622b",
                        "#a3232f",
                        "#e58a3a",
                        "#c43f3a",
                        "#c9502a",
                        "#7d1830",
                    ),
                    "Twelve slices of blood orange from coral to wine red on dark slate.",
                ),
            ),
            sizes=SIZES,
            prices=("27", "45", "72"),
        ),
        Article(
            code="TOADSTOOLS",
            title="Do Not Eat",
            brand="Odd & Elm",
            summary="Seven toadstools that look delicious, which is how it starts.",
            story=(
                "Drawn from a ring that comes up every October behind the paper store. The title "
                "is the advice of a botanist to whom we showed the first proof.",
            ),
            tags=("forest", "plants", "warm"),
            posters=(
                Poster(
                    "mushrooms",
                    4,
                    (
                        "#efe4cf",
                        "#5d7049",
                        "#efe2c6",
                        "#fbf4e2",
                        "#b9382c",
                        "#d9822b",
                        "#7a4a3a",
                    ),
                    "Seven spotted toadstools with red, orange and brown caps on moss.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
        ),
        Article(
            code="VASES",
            title="Still Life, Four Vases",
            brand="Maren Tode",
            summary="Nothing happens in this picture, and it happens beautifully.",
            story=(
                "Four vases from a flea market, moved about for a week until they stopped "
                "quarrelling. The light comes from the left, as it should.",
            ),
            tags=("still life", "kitchen", "warm"),
            posters=(
                Poster(
                    "vases",
                    5,
                    (
                        "#ead9c4",
                        "#b88a68",
                        "#c96f4a",
                        "#efe6d6",
                        "#3d5a5b",
                        "#d9a441",
                        "#7a8a6a",
                    ),
                    "Four vases in white, ochre, teal and terracotta on a table, two with twigs.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
        ),
        Article(
            code="VASESBLUE",
            title="Still Life in Blue",
            brand="Maren Tode",
            summary="The same table on a rainy day.",
            story=(
                "The vases have been moved once more, and one of them was lent by a neighbour. "
                "She would like it back.",
            ),
            tags=("still life", "kitchen", "cool"),
            posters=(
                Poster(
                    "vases",
                    9,
                    (
                        "#d6dee2",
                        "#8b99a3",
                        "#36587a",
                        "#f0ece2",
                        "#7fa0b5",
                        "#c98f6a",
                        "#566a58",
                    ),
                    "Four vases in blues, white and clay on a grey table, two with twigs.",
                ),
            ),
            sizes=SIZES,
            launched=19,
            prices=("29", "49", "79"),
        ),
    ),
)
