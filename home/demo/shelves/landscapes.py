from home.demo.kinds import FRAMES, SIZES, Article, Poster, Shelf

LANDSCAPES = Shelf(
    title="Landscapes",
    intro="<p>Deserts, ridges and tides, reduced to a few shapes and a good deal of air. "
    "Pictures for rooms that could do with a horizon.</p>",
    face="DUNE",
    articles=(
        Article(
            code="DUNE",
            title="Dunes at Dusk",
            brand="Ines Varga",
            summary=(
                "Six ranges of sand, one red sun, and the quarter of an hour in which the desert "
                "turns violet."
            ),
            story=(
                "Ines Varga spent eleven evenings on the same dune and drew the light every ten "
                "minutes. This print is the last drawing of the last evening: the near slopes "
                "have already gone dark while the farthest crest still holds the sun.",
                "The shading is laid down grain by grain, as in an old lithograph. From across "
                "the room it reads as soft light; from close up it turns back into sand.",
            ),
            tags=("desert", "sun", "warm"),
            posters=(
                Poster(
                    "dunes",
                    1,
                    ("#f7d9a8", "#f2a07b", "#e4572e", "#e9b384", "#d98e5f", "#a8553f", "#5a2a3a"),
                    "Layered desert dunes in ochre, rust and violet under a large red sun.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
            stock={"DUNE-70X100-BLACK": 0, "DUNE-A3-OAK": 3},
        ),
        Article(
            code="RIDGE",
            title="Morning Ridge",
            brand="Ines Varga",
            summary=(
                "Seven mountain ridges fading into mist, with the first spruces of the valley in "
                "front."
            ),
            story=(
                "Before sunrise the valley fills with fog and every ridge becomes a paler copy of "
                "the one before it. Morning Ridge keeps that hour: seven tones of one blue, and a "
                "sun that has not yet made up its mind.",
                "A calm picture with a long view, at home above a bed or at the end of a corridor.",
            ),
            tags=("mountains", "mist", "calm"),
            posters=(
                Poster(
                    "ridges",
                    2,
                    (
                        "#e9efe7",
                        "#f4dcc4",
                        "#fff6e3",
                        "#efe4d6",
                        "#a9bdbd",
                        "#6f9298",
                        "#33586a",
                        "#12283a",
                    ),
                    "Blue mountain ridges one behind another in morning mist, a pale sun above, "
                    "spruces in front.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
        ),
        Article(
            code="TIDE",
            title="Low Tide",
            brand="Ines Varga",
            summary=(
                "The sun stands on the horizon and the whole sea rearranges itself around its "
                "reflection."
            ),
            story=(
                "Hundreds of small lenses of colour, cut one by one, make up the water. They lie "
                "close together at the horizon and drift apart towards the shore, so that the eye "
                "walks out on the reflection all by itself.",
                "Low Tide was the first print we ever sold, and it is still the one people ask "
                "for by pointing.",
            ),
            tags=("sea", "sun", "warm"),
            posters=(
                Poster(
                    "tide",
                    3,
                    ("#f6e3c5", "#f2b591", "#e2553d", "#5f8a95", "#1f3d54", "#fbe3b8"),
                    "A huge red sun touching the horizon, its reflection broken into strips on a "
                    "blue-green sea.",
                ),
            ),
            sizes=SIZES,
            prices=("24", "39", "65"),
            before=("29", "49", "79"),
        ),
        Article(
            code="MOONSAND",
            title="Moonlit Sands",
            brand="Ines Varga",
            summary=(
                "The same dunes six hours later: sea-green slopes, long shadows and a moon like a "
                "lamp."
            ),
            story=(
                "Deserts are not black at night. Once the eyes have settled they are green and "
                "blue, and the shadows have edges you could cut yourself on. Moonlit Sands is the "
                "companion of Dunes at Dusk and was drawn from the same hill.",
                "Hang the two side by side and the wall between them becomes an evening.",
            ),
            tags=("desert", "moon", "cool"),
            posters=(
                Poster(
                    "dunes",
                    5,
                    ("#274060", "#b8c4bb", "#f3e9d2", "#9fb1a6", "#6f8f8b", "#3f6470", "#1b2f4a"),
                    "Sea-green and blue dunes with long shadows under a cream-coloured full moon.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
            stock={"MOONSAND-A3": 2, "MOONSAND-50X70-OAK": 1},
        ),
        Article(
            code="CONTOUR",
            title="Contour No. 4",
            brand="Odd & Elm",
            summary="A map of a country that does not exist, surveyed with great care.",
            story=(
                "Forty-three contour lines, every fourth one drawn heavier, the way surveyors "
                "have done it since there were surveyors. The lakes are deep, the hills are "
                "gentle, and nobody has ever been lost there.",
                "We print the lines last, over the finished colours, so that they stand a hair "
                "above the paper.",
            ),
            tags=("map", "lines", "calm"),
            posters=(
                Poster(
                    "contours",
                    4,
                    ("#f4ecdc", "#3a2b22", "#2f6f73", "#7fae8f", "#d9d3a1", "#e2a866", "#c8684a"),
                    "A contour map of hills and valleys, tinted from deep green through sand to "
                    "rust.",
                ),
            ),
            sizes=SIZES,
            prices=("27", "45", "72"),
        ),
        Article(
            code="FIELDS",
            title="Ploughed Light",
            brand="Ines Varga",
            summary="Hills combed by somebody who had all day, under a sun in six rings.",
            story=(
                "Every furrow in this picture leads somewhere beyond the hill. Follow one and "
                "you arrive at the three poplars, which are older than the road.",
                "A sheet in the manner of the railway posters, from the time when trains "
                "advertised what one would see from them.",
            ),
            tags=("fields", "hills", "warm"),
            posters=(
                Poster(
                    "fields",
                    6,
                    (
                        "#f4e4c4",
                        "#f2b96a",
                        "#e8894a",
                        "#d9532f",
                        "#8fa36a",
                        "#d9b45a",
                        "#5f8062",
                        "#c98a4a",
                        "#3f6255",
                        "#a5602f",
                    ),
                    "Ploughed hills in green, yellow and ochre below an orange sun in rings.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
        ),
        Article(
            code="MAYFIELDS",
            title="May Fields",
            brand="Ines Varga",
            summary="The same hills in spring, when green has eleven names.",
            story=(
                "Painted from the same chair as Ploughed Light, seven months later. The "
                "farmer had moved the fence; we moved it back.",
            ),
            tags=("fields", "hills", "green"),
            posters=(
                Poster(
                    "fields",
                    15,
                    (
                        "#e6efe6",
                        "#fdf3cf",
                        "#fbe39a",
                        "#f6cf5e",
                        "#a9c77f",
                        "#e9dc8a",
                        "#6fa06a",
                        "#cfd98a",
                        "#3f7a5c",
                        "#94b06a",
                    ),
                    "Spring hills in many greens and yellows below a pale sun in rings.",
                ),
            ),
            sizes=SIZES,
            prices=("29", "49", "79"),
        ),
        Article(
            code="BIRCHES",
            title="October Birches",
            brand="Ines Varga",
            summary="White trunks, copper leaves, and the moment before the wind.",
            story=(
                "Birches grow where there was a fire or a field, and they never look as if "
                "they meant to stay. These ones have stood for sixty years.",
                "The bark is the bare paper; only its shadows are printed.",
            ),
            tags=("forest", "trees", "warm"),
            posters=(
                Poster(
                    "birches",
                    5,
                    ("#dfe6e0", "#f3e6cc", "#f7f3ea", "#2f2b2e", "#e0a13a", "#c9662f", "#8a7a52"),
                    "White birch trunks with copper and yellow leaves in the mist.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
        ),
        Article(
            code="BALLOONS",
            title="Morning Ascent",
            brand="Maren Tode",
            summary="Six balloons, no engine, and a whole valley that looks up.",
            story=(
                "They go up at six, when the air is still asleep, and come down wherever "
                "breakfast is. The smallest one is furthest away, or so its pilot says.",
            ),
            tags=("balloons", "hills", "colourful"),
            posters=(
                Poster(
                    "balloons",
                    4,
                    (
                        "#9cc9d3",
                        "#fbe3c0",
                        "#fff4dc",
                        "#a9bf9a",
                        "#35604f",
                        "#d9472f",
                        "#f2b134",
                        "#f7efe0",
                        "#2e6f8e",
                        "#8a3b5a",
                        "#e98a5a",
                    ),
                    "Six striped hot-air balloons above green hills in the early morning.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
            stock={"BALLOONS-70X100-OAK": 0, "BALLOONS-A3": 3},
        ),
    ),
)
