from home.demo.kinds import FRAMES, SIZES, Article, Poster, Shelf

PATTERNS = Shelf(
    title="Patterns",
    intro=("<p>What repeats, nearly. From quilts, looms, trees and one very patient pendulum.</p>"),
    face="STARQUILT",
    articles=(
        Article(
            code="STARQUILT",
            title="Twelve Stars",
            brand="Odd & Elm",
            summary="A quilt that never has to be washed.",
            story=(
                "After a bedcover from 1890 that somebody's grandmother made from shirts. Each of "
                "the twelve blocks has its own four cloths, and no two neighbours share a ground.",
            ),
            tags=("pattern", "quilt", "warm"),
            posters=(
                Poster(
                    "quilt",
                    7,
                    (
                        "#f2e8d5",
                        "#9c3b2e",
                        "#d99a4e",
                        "#2f4858",
                        "#7d9a8c",
                        "#e8c9a0",
                        "#5b2f3f",
                    ),
                    "Twelve quilt blocks with eight-pointed stars in rust, ochre, navy and sage.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("32", "54", "85"),
        ),
        Article(
            code="BARGELLO",
            title="Bargello",
            brand="Odd & Elm",
            summary="Flames of wool, the way they covered chairs in Florence.",
            story=(
                "Seven threads, one rise and fall, and an afternoon of counting. Seen from across "
                "the room it burns; from close by it is as calm as knitting.",
            ),
            tags=("pattern", "lines", "colourful"),
            posters=(
                Poster(
                    "weave",
                    3,
                    (
                        "#f1e3c6",
                        "#e8a33d",
                        "#c8502f",
                        "#7d2b36",
                        "#2d3047",
                        "#41727d",
                        "#93b7a5",
                    ),
                    "Zigzag flames of woven colour from cream through orange and wine to teal.",
                ),
            ),
            sizes=SIZES,
            prices=("27", "45", "72"),
        ),
        Article(
            code="RINGS",
            title="Forty-Six Winters",
            brand="Odd & Elm",
            summary="A life, from the bark inwards.",
            story=(
                "The wide rings are wet summers, the narrow ones dry. There was a fire in the "
                "nineteenth year, and a very good spring in the thirtieth.",
                "Printed from a section of a spruce that fell on its own account.",
            ),
            tags=("tree", "lines", "warm"),
            posters=(
                Poster(
                    "treerings",
                    5,
                    (
                        "#f3ead8",
                        "#c99a62",
                        "#e2bd88",
                        "#b77b45",
                        "#8a5632",
                        "#6e4325",
                        "#4a2c1a",
                    ),
                    "The cut through a tree trunk with forty-six rings in browns.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
        ),
        Article(
            code="ARCHES",
            title="Four Arches",
            brand="Studio Halbkreis",
            summary="Rainbows for people who do not care for rainbows.",
            story=(
                "Half circles are what the studio is named after, and here they may finally do as "
                "they like. The colours are those of a brickworks after rain.",
            ),
            tags=("geometry", "pattern", "warm"),
            posters=(
                Poster(
                    "arches",
                    2,
                    (
                        "#f5ebdd",
                        "#c8664a",
                        "#e5b769",
                        "#35605a",
                        "#e9a38b",
                        "#27405a",
                        "#8a3b3b",
                    ),
                    "Four striped arches in rust, rose, green and navy on cream.",
                ),
            ),
            sizes=SIZES,
            prices=("24", "42", "69"),
        ),
        Article(
            code="BREATH",
            title="Breathing In",
            brand="Studio Halbkreis",
            summary="Six hundred and sixteen dots, and something behind them.",
            story=(
                "Each dot is placed on a grid and swells by how near it is to four points that "
                "are not shown. Stand three metres away and let your eyes rest.",
            ),
            tags=("geometry", "dots", "colourful"),
            posters=(
                Poster(
                    "swell",
                    11,
                    ("#f4ecdd", "#1e3d59", "#3d7ea6", "#f2a65a", "#d7263d"),
                    "A grid of dots that swell from small and blue to large and red.",
                ),
            ),
            sizes=SIZES,
            prices=("24", "42", "69"),
        ),
        Article(
            code="PENDULUM",
            title="Two Pendulums",
            brand="Odd & Elm",
            summary="A drawing that draws itself, and stops when it is done.",
            story=(
                "Two pendulums, one pen, eleven minutes. We start it and leave the room; anybody "
                "who watches is tempted to help.",
                "The ink changes from blue to rose as the swing dies down.",
            ),
            tags=("lines", "music", "cool"),
            posters=(
                Poster(
                    "harmonograph",
                    8,
                    ("#f5efe3", "#1d3557", "#457b9d", "#c1466b", "#e07a5f"),
                    "Looping lines of a harmonograph from blue at the outside to rose within.",
                ),
            ),
            sizes=SIZES,
            frames=FRAMES,
            prices=("29", "49", "79"),
        ),
    ),
)
