from home.demo.kinds import FRAMES, SIZES, Article, Poster, Shelf

_PAPER = "#f3e8d5"

WORDS = Shelf(
    title="Words & Letters",
    intro=(
        "<p>For walls that have something to say. Set by Press Room Nine, who own four hundred "
        "kilos of type and use three letters at a time.</p>"
    ),
    face="SLOW",
    articles=(
        Article(
            code="SLOW",
            title="Slow Is a Speed",
            brand="Press Room Nine",
            summary="Four words against the rest of the day.",
            story=(
                "Someone said it in a meeting about delivery times, and nobody has come up with a "
                "better motto since. It hangs above our own front door.",
            ),
            tags=("type", "words", "colourful"),
            posters=(
                Poster(
                    "words",
                    2,
                    (_PAPER, "#c8432f", "#24506b", "#2f2a38", "#f2bf62"),
                    "The words “slow is a speed” in three inks over a yellow disc.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("24", "42", "69"),
        ),
        Article(
            code="READLONG",
            title="Read the Long Ones",
            brand="Press Room Nine",
            summary="Advice about books, and about letters, and about terms of contract.",
            story=(
                "Drawn for a library that wanted something for the stairs. It has since been seen "
                "in two law firms and a kindergarten.",
            ),
            tags=("type", "words", "warm"),
            posters=(
                Poster(
                    "words",
                    3,
                    ("#f4ead9", "#2f5d50", "#8a3b2f", "#2b2430", "#eeb08c"),
                    "The words “read the long ones” in green, rust and black over a peach disc.",
                ),
            ),
            sizes=SIZES,
            prices=("24", "42", "69"),
        ),
        Article(
            code="BREAD",
            title="Bread, Butter, Books",
            brand="Press Room Nine",
            summary="The shopping list of a good weekend.",
            story=(
                "In this order of importance, or in any other. The kitchen version of everything "
                "we believe in.",
            ),
            tags=("type", "kitchen", "warm"),
            posters=(
                Poster(
                    "words",
                    7,
                    ("#f6e7c8", "#b5412f", "#d9892c", "#33404f", "#f7d27a"),
                    "The words “bread butter books” in red, orange and slate over a yellow disc.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("24", "42", "69"),
        ),
        Article(
            code="LOOKUP",
            title="Look Up Now & Then",
            brand="Press Room Nine",
            summary="For hallways, desks, and places where people wait for lifts.",
            story=(
                "Set in a serif that was cut for small print and is glad to be large for once.",
            ),
            tags=("type", "words", "calm"),
            posters=(
                Poster(
                    "words",
                    5,
                    (_PAPER, "#335c81", "#1f3044", "#a5482f", "#f5cf86"),
                    "The words “look up now and then” in blue, navy and rust.",
                ),
            ),
            sizes=SIZES,
            prices=("24", "42", "69"),
        ),
        Article(
            code="AMPERSAND",
            title="Specimen: Ampersand",
            brand="Press Room Nine",
            summary="The most beautiful character of all, which is not even a letter.",
            story=(
                "Two inks, printed a hair apart on purpose, so that a third appears where they "
                "meet. It is also half of our name.",
                "The measuring lines are from the specimen sheets of a foundry that closed in "
                "1931.",
            ),
            tags=("type", "letters", "cool"),
            posters=(
                Poster(
                    "glyph",
                    2,
                    ("#f4ecdc", "#e4572e", "#2b6f9c", "#2b2a33"),
                    "A large ampersand printed twice, in orange and blue, on measuring lines.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("27", "45", "72"),
        ),
        Article(
            code="LOWERG",
            title="Specimen: Lower-Case g",
            brand="Press Room Nine",
            summary="Two storeys, one ear, and more character than most capitals.",
            story=(
                "Nobody can draw this letter from memory; try it. Once it has hung on your wall "
                "for a month, you can.",
            ),
            tags=("type", "letters", "colourful"),
            posters=(
                Poster(
                    "glyph",
                    1,
                    ("#f3ead9", "#e0a62f", "#8a2f5a", "#33252f"),
                    "A large lower-case g printed twice, in ochre and plum, on measuring lines.",
                ),
            ),
            sizes=SIZES,
            launched=31,
            prices=("24", "42", "69"),
        ),
    ),
)
