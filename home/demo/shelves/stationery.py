from home.demo.kinds import Article, Poster, Shelf

from .abstract import ABSTRACT
from .botanical import BOTANICAL

_PRINTS = {
    article.code: article for shelf in (ABSTRACT, BOTANICAL) for article in shelf.all_articles()
}

STATIONERY = Shelf(
    title="Stationery",
    intro=(
        "<p>Small paper things for people who still write by hand: cards with envelopes, and a "
        "notebook that stays open.</p>"
    ),
    face="CARDS",
    articles=(
        Article(
            code="CARDS",
            title="Geometry Cards, Set of Four",
            brand="Studio Halbkreis",
            summary=(
                "Four folded cards with prints from the studio, blank inside, with grey envelopes."
            ),
            story=(
                "For birthdays, thanks, and the letter you have been meaning to write since "
                "spring. The cards carry four of the studio's prints, and nothing at all on the "
                "inside, so the words are up to you.",
                "They are cut a little smaller than A6, so that they fit an ordinary letter box "
                "and need an ordinary stamp.",
            ),
            tags=("cards", "geometry", "present"),
            posters=tuple(
                _PRINTS[code].posters[0] for code in ("QUARTER", "STUDY", "OVERPRINT", "UNDERTOW")
            ),
            shown="cards",
            table="#c9573c",
            alt="Four small cards with geometric prints and white edges lying on a red table.",
            details=(
                "<b>Paper:</b> felt-marked card, 300 g/m², folded to 10 × 12.5 cm",
                "<b>Ink:</b> four vegetable-oil inks",
                "<b>Contents:</b> four cards and four grey recycled envelopes in a paper sleeve",
            ),
            prices=("14.50",),
            weight=130,
        ),
        Article(
            code="NOTEBOOK",
            title="Terrazzo Notebook",
            brand="Odd & Elm",
            summary=(
                "One hundred and sixty dotted pages between covers of polished stone, or nearly."
            ),
            story=(
                "The chips on the cover were scattered by a machine with no sense of order and "
                "checked by a person with a great deal of it. No two stones touch.",
                "The book is thread-sewn and therefore lies flat from the first page to the last. "
                "A pocket at the back keeps tickets, and the elastic band keeps the pocket's "
                "promises.",
            ),
            tags=("notebook", "present"),
            posters=(
                Poster(
                    "terrazzo",
                    4,
                    ("#f2ebe1", "#d9735b", "#2f4858", "#e5b769", "#9bb5a5", "#7a3b46"),
                    "Terrazzo pattern of rust, navy, ochre and sage chips on off-white.",
                ),
            ),
            shown="notebook",
            table="#cfd6dc",
            alt=(
                "A notebook with a terrazzo-patterned cover, a navy spine, a white label and an "
                "elastic band."
            ),
            details=(
                "<b>Paper:</b> 160 pages, dotted, 90 g/m², fountain-pen proof",
                "<b>Cover:</b> board covered with printed and sealed paper, linen spine",
                "<b>Size:</b> 14.8 × 21 cm (A5)",
            ),
            prices=("18.90",),
            weight=310,
            stock={"NOTEBOOK": 4},
        ),
    ),
)
