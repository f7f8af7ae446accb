from home.demo.kinds import FRAMES, SIZES, Article, Poster, Shelf

TOWN = Shelf(
    title="City & Sound",
    intro=(
        "<p>Streets seen from above, windows seen from the street, and the noise of it all made "
        "visible.</p>"
    ),
    face="RIVERTOWN",
    articles=(
        Article(
            code="RIVERTOWN",
            title="River Town",
            brand="Studio Halbkreis",
            summary=(
                "A town plan with a bend in the river, three bridges and a courtyard for everybody."
            ),
            story=(
                "Somebody laid out the streets with a ruler, and then the river came and had its "
                "own ideas. Most good towns begin that way. This one has red roofs, small parks "
                "and no car parks at all.",
                "It makes a fine present for people who have just moved and do not know the way "
                "yet.",
            ),
            tags=("city", "map", "colourful"),
            posters=(
                Poster(
                    "blocks",
                    4,
                    ("#f2ead9", "#5f98a8", "#8aa977", "#c9573c", "#e3a25f", "#2e4057", "#efe0bf"),
                    "A town plan with red, ochre and navy blocks, green parks and a blue river "
                    "with three bridges.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
        ),
        Article(
            code="SKYLINE",
            title="Late Shift",
            brand="Studio Halbkreis",
            summary=(
                "A violet evening, a grainy moon, and a light on wherever somebody is still up."
            ),
            story=(
                "Count the windows and you know who works late, who cannot sleep and who has left "
                "the light on for someone. No two towers have the same roof, and none of them is "
                "a bank.",
                "For desks, studios and everyone whose day begins when the others go home.",
            ),
            tags=("city", "moon", "night"),
            posters=(
                Poster(
                    "skyline",
                    4,
                    ("#16213e", "#e07a5f", "#f4e3c1", "#ffd56b", "#6d597a", "#1a1a2e"),
                    "Violet towers with lit windows in front of a large grainy moon in the "
                    "evening sky.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
            stock={"SKYLINE-50X70-BLACK": 2},
        ),
        Article(
            code="SIGNAL",
            title="Long-Distance Call",
            brand="Studio Halbkreis",
            summary=(
                "Fifty-eight wave forms stacked like hills: a voice, as the wire would have drawn "
                "it."
            ),
            story=(
                "Each line is a quarter of a second of one telephone call between two people who "
                "had not spoken for years. You can see where they both laughed.",
                "The lines run from violet through red to white, printed on paper dyed black "
                "right through.",
            ),
            tags=("music", "lines", "night"),
            posters=(
                Poster(
                    "soundscape",
                    4,
                    ("#14161f", "#7f5af0", "#f25f4c", "#ffd166", "#f5ede0"),
                    "Fifty-eight jagged wave forms, one above another, from violet to white on "
                    "black.",
                ),
            ),
            sizes=SIZES,
            prices=("27", "45", "72"),
            before=("32", "54", "85"),
        ),
        Article(
            code="SIDEA",
            title="Side A",
            brand="Studio Halbkreis",
            summary=(
                "Twenty-two minutes of music, played once around the record and written down as "
                "rays."
            ),
            story=(
                "Begin at the top and go round with the clock: the quiet opening, two verses, a "
                "chorus that nearly leaves the paper. Which record it is we are not allowed to "
                "say. The label is a hint.",
                "Looks best a little too close to the loudspeaker.",
            ),
            tags=("music", "colourful"),
            posters=(
                Poster(
                    "record",
                    4,
                    ("#f4ead9", "#1c1b22", "#e4572e", "#e4572e", "#f2b134", "#5b8e7d", "#2b4c8c"),
                    "A black record with an orange label, surrounded by rays of sound in all "
                    "colours.",
                ),
            ),
            sizes=SIZES,
            prices=("24", "42", "69"),
        ),
        Article(
            code="CANAL",
            title="Canal Row",
            brand="Press Room Nine",
            summary="Six narrow houses that lean on each other and have done so since 1662.",
            story=(
                "Taxed by the width of their fronts, they grew upwards and backwards. The "
                "stairs are ladders, the furniture comes in through the windows, and the "
                "water repeats everything.",
            ),
            tags=("city", "houses", "colourful"),
            posters=(
                Poster(
                    "houses",
                    3,
                    (
                        "#f0dcc0",
                        "#49707e",
                        "#f7efe2",
                        "#27323f",
                        "#c5573c",
                        "#d9a24e",
                        "#4f7a78",
                        "#8c3f3f",
                        "#e3c196",
                        "#3f5673",
                    ),
                    "A row of narrow canal houses with gables, mirrored in the water.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
        ),
        Article(
            code="BICYCLE",
            title="Market Day",
            brand="Press Room Nine",
            summary="A green bicycle with a basket full of flowers, waiting for its owner.",
            story=(
                "It leans against the wall of the bakery every Saturday from nine to ten. The "
                "chain squeaks; the owner says that it is singing.",
            ),
            tags=("city", "bicycle", "warm"),
            posters=(
                Poster(
                    "bicycle",
                    2,
                    ("#efdcc3", "#b9826a", "#f0b48f", "#2b2a33", "#2f7d7a", "#8a4b2a"),
                    "A green bicycle with a basket of flowers before a peach-coloured disc.",
                ),
            ),
            sizes=SIZES,
            prices=("27", "45", "72"),
        ),
        Article(
            code="REDBRIDGE",
            title="The Red Bridge",
            brand="Maren Tode",
            summary="Steel, mist, and the first sun between two towers.",
            story=(
                "Eleven thousand litres of paint a year, always the same red, always "
                "beginning again at one end when the other is done.",
                "The cables are printed as hairlines; please count them only when you have time.",
            ),
            tags=("city", "bridge", "warm"),
            posters=(
                Poster(
                    "bridge",
                    5,
                    ("#f3b38b", "#f9e3c4", "#fff3d8", "#c23b2e", "#4d7288", "#8597a6", "#4b6078"),
                    "A red suspension bridge over misty water, a large pale sun between its "
                    "towers.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("35", "59", "92"),
        ),
    ),
)
