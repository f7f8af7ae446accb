from home.demo.kinds import FRAMES, SIZES, Article, Poster, Shelf

NIGHT = Shelf(
    title="Night & Sky",
    intro="<p>Moons, northern lights and stars that leave a trace. "
    "Printed with four blacks, because one is never dark enough.</p>",
    face="AURORA",
    articles=(
        Article(
            code="MOONS",
            title="Nine Moons",
            brand="Ines Varga",
            summary=(
                "From the first thin crescent to the last, with the full moon shining in the "
                "middle."
            ),
            story=(
                "Nine nights out of one month, each moon drawn with its own seas and craters. "
                "Read it from left to right like a page, or simply wait: one of them is always "
                "tonight's.",
                "The dark sides are not black but a blue-grey only a shade above the sky, as they "
                "are on a clear night when the earth lights them up.",
            ),
            tags=("moon", "stars", "cool"),
            posters=(
                Poster(
                    "moons",
                    4,
                    ("#0e1a33", "#22395c", "#f4ead2", "#8a93a8"),
                    "Nine phases of the moon in three rows on a starry midnight-blue sky, the "
                    "full moon glowing.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
        ),
        Article(
            code="AURORA",
            title="Northern Lights",
            brand="Ines Varga",
            summary=(
                "Green and violet curtains over a still lake, and a row of spruces holding their "
                "breath."
            ),
            story=(
                "It lasted nine minutes and made no sound at all. The lights hung down like "
                "curtains, green at the hem and violet at the top, and the lake repeated "
                "everything a little darker.",
                "Best on a wall opposite a window: by day it is a deep blue rectangle, towards "
                "evening it begins.",
            ),
            tags=("stars", "lake", "cool"),
            posters=(
                Poster(
                    "aurora",
                    4,
                    ("#070f24", "#12304a", "#3ddc97", "#2fb5c4", "#8a5cf0", "#050b16"),
                    "Green and violet northern lights above spruces, mirrored in a dark lake "
                    "under the stars.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("35", "59", "92"),
            stock={"AURORA-70X100-OAK": 0, "AURORA-70X100": 4},
        ),
        Article(
            code="TRAILS",
            title="An Hour of Stars",
            brand="Ines Varga",
            summary="What the sky draws when the shutter stays open and nobody moves.",
            story=(
                "The stars do not move; we do. In one hour each of them writes an arc of fifteen "
                "degrees around the pole, warm ones and cold ones, near and far, all with the "
                "same patience.",
                "The longer you look, the more slowly you breathe. We tested this on ourselves.",
            ),
            tags=("stars", "lines", "cool"),
            posters=(
                Poster(
                    "trails",
                    4,
                    ("#0b1430", "#2b3f6b", "#070b18", "#fff3d6", "#ffd29d", "#a9c9ff"),
                    "Star trails circling the pole of a deep blue sky above a black line of hills "
                    "and spruces.",
                ),
            ),
            sizes=SIZES,
            prices=("27", "45", "72"),
        ),
        Article(
            code="HARVEST",
            title="Harvest Moon",
            brand="Ines Varga",
            summary="An orange moon caught between the hills on the warmest night of September.",
            story=(
                "Once a year the moon rises just as the sun goes down, and for a few evenings "
                "there is no dark between them. The farmers used to bring in the corn by its "
                "light.",
                "This edition is printed to order, a few sheets at a time; it may take ten days "
                "to reach you.",
            ),
            tags=("moon", "mountains", "warm"),
            posters=(
                Poster(
                    "ridges",
                    9,
                    (
                        "#1d2240",
                        "#b5525c",
                        "#ffc27a",
                        "#d9776a",
                        "#8a4a62",
                        "#5b3558",
                        "#2f2446",
                        "#120f26",
                    ),
                    "An orange moon above violet and plum mountain ridges at nightfall, dark "
                    "spruces in front.",
                ),
            ),
            sizes=SIZES,
            prices=("29", "49", "79"),
            sells_on=True,
            stock={"HARVEST-A3": 0, "HARVEST-50X70": 0, "HARVEST-70X100": 0},
        ),
        Article(
            code="ORBITS",
            title="Seven Orbits",
            brand="Maren Tode",
            summary="A sun, seven worlds, and rather more order than one is used to.",
            story=(
                "The distances are wrong and the sizes are worse, as on every such chart; "
                "true to scale the sheet would have to be four kilometres wide.",
                "We asked an astronomer which planet she liked best. It is the one with the "
                "ring; it is always the one with the ring.",
            ),
            tags=("planets", "stars", "cool"),
            posters=(
                Poster(
                    "orbits",
                    3,
                    (
                        "#15193a",
                        "#e9dcc0",
                        "#f6b24a",
                        "#c9b08a",
                        "#e39a5a",
                        "#5aa0a8",
                        "#c4523d",
                        "#d9a876",
                        "#e6cf9a",
                        "#7fb0c8",
                    ),
                    "Seven planets on their orbits around an orange sun in a dark blue sky.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
        ),
        Article(
            code="STARCHART",
            title="Chart of an Unknown Sky",
            brand="Odd & Elm",
            summary="Thirteen constellations that nobody has named yet. Please do.",
            story=(
                "Drawn like the charts in old atlases, with a ring of degrees and a scale of "
                "magnitudes. The stars are where they are; the figures are up to you.",
                "A pencil comes with it. We mean it.",
            ),
            tags=("stars", "map", "cool"),
            posters=(
                Poster(
                    "starchart",
                    5,
                    ("#f3ead8", "#1b2f4f", "#c9b98a", "#fdf3d6", "#9fb4cf"),
                    "A round star chart in navy on cream with constellations and a milky way.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            launched=9,
            prices=("29", "49", "79"),
        ),
    ),
)
