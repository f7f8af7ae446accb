from home.demo.kinds import FRAMES, SIZES, Article, Poster, Shelf
from home.demo.shelves.patterns import PATTERNS

ABSTRACT = Shelf(
    title="Abstract",
    intro="<p>Circles, arcs and currents. Nothing to recognise, plenty to look at, "
    "and colours that have been argued about for weeks.</p>",
    face="QUARTER",
    articles=(
        Article(
            code="QUARTER",
            title="Quarter Turn",
            brand="Studio Halbkreis",
            summary="Twenty tiles, five figures, six colours, and a strict rule about neighbours.",
            story=(
                "Studio Halbkreis draws with a compass and one self-imposed law: no tile may "
                "share its ground with the tile before it. Everything else is a matter of turning "
                "the paper until it sings.",
                "A cheerful picture with a good deal of order underneath. It gets on with "
                "kitchens, children and people who alphabetise their spices.",
            ),
            tags=("geometry", "colourful"),
            posters=(
                Poster(
                    "quarters",
                    4,
                    ("#f3ead7", "#e4572e", "#17324d", "#f2b134", "#7fa99b", "#f1c6b1"),
                    "A grid of twenty tiles with quarter circles, arcs and rings in red, navy, "
                    "yellow and sage.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
        ),
        Article(
            code="STUDY",
            title="Study with Red Disc",
            brand="Studio Halbkreis",
            summary=(
                "A disc, a bar, a half circle and a diagonal, balanced until nothing could be "
                "moved."
            ),
            story=(
                "A page from the foundation course of a school that closed ninety years ago and "
                "is still right about most things. The inks are laid over each other like glass, "
                "so that yellow and blue make a third colour where they meet.",
                "It took four evenings to place the small black circle. We think it was worth it.",
            ),
            tags=("geometry", "classic"),
            posters=(
                Poster(
                    "bauhaus",
                    4,
                    ("#f1e8d6", "#d8412f", "#2b4c8c", "#f0b429", "#1b1b1f", "#b9c7c0"),
                    "A red disc, a blue bar, a yellow ring and a grey half circle crossed by a "
                    "black diagonal.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
            stock={"STUDY-A3-BLACK": 2},
        ),
        Article(
            code="OVERPRINT",
            title="Three Inks",
            brand="Studio Halbkreis",
            summary="Coral, teal and yellow: three plates, seven colours, one lesson in printing.",
            story=(
                "Every printer makes this sheet sooner or later, to see what the inks do to each "
                "other. Ours came out so well that we stopped the press and made an edition of it.",
                "Look at the edges: each disc dissolves into single grains, and the paper does "
                "the rest.",
            ),
            tags=("geometry", "colourful"),
            posters=(
                Poster(
                    "overprint",
                    4,
                    ("#f5efe2", "#ff5a4e", "#1f7a8c", "#ffc145"),
                    "Three overlapping discs of grainy coral, teal and yellow ink on cream paper.",
                ),
            ),
            sizes=SIZES,
            prices=("24", "42", "69"),
        ),
        Article(
            code="UNDERTOW",
            title="Undertow",
            brand="Odd & Elm",
            summary="Hundreds of ribbons follow one invisible current and never touch.",
            story=(
                "Drop a line into moving water and watch where it goes; then drop another one "
                "beside it. Undertow does that until the sheet is full, first with broad ribbons, "
                "then with finer ones that find their way through what is left.",
                "Children follow the lines with a finger. So do adults, when they think nobody is "
                "looking.",
            ),
            tags=("lines", "colourful", "water"),
            posters=(
                Poster(
                    "flow",
                    4,
                    ("#f3ead8", "#e4572e", "#17324d", "#f2b134", "#5b8e7d", "#8cb3c9", "#bc4b51"),
                    "Rounded ribbons in red, navy, yellow, green and blue, swirling in one "
                    "current without touching.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
        ),
        Article(
            code="LAGOON",
            title="Paper Lagoon",
            brand="Odd & Elm",
            summary="Nine sheets of paper, each cut a little wider than the one below.",
            story=(
                "The original is four centimetres deep: nine sheets, cut by hand and laid over "
                "each other, from the dark of the sea floor to the red of the reef. We "
                "photographed it in raking light, which is why the shadows look real. They are.",
                "From the sofa it is a lagoon. From the doorway, some people see a fried egg. "
                "Both are welcome.",
            ),
            tags=("paper", "water", "colourful"),
            posters=(
                Poster(
                    "papercut",
                    4,
                    ("#10243e", "#1f4e6b", "#3f8a8c", "#9cc5a1", "#f2e3bc", "#f2a65a", "#e4572e"),
                    "Layers of cut paper with soft shadows, from deep blue hollows up to orange "
                    "and red islands.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
            before=("36", "59", "95"),
        ),
    ),
    shelves=(PATTERNS,),
)
