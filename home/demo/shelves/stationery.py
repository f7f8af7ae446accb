from home.demo.kinds import Article, Poster, Shelf

from .abstract import ABSTRACT
from .animals import ANIMALS
from .botanical import BOTANICAL
from .shore import SHORE

_PRINTS = {
    article.code: article
    for shelf in (ABSTRACT, ANIMALS, BOTANICAL, SHORE)
    for article in shelf.all_articles()
}
_CARD_DETAILS = (
    "<b>Paper:</b> felt-marked card, 300 g/m², folded to 10 × 12.5 cm",
    "<b>Ink:</b> four vegetable-oil inks",
    "<b>Contents:</b> four cards and four grey recycled envelopes in a paper sleeve",
)
_BOOK_DETAILS = (
    "<b>Paper:</b> 160 pages, dotted, 90 g/m², fountain-pen proof",
    "<b>Cover:</b> board covered with printed and sealed paper, linen spine",
    "<b>Size:</b> 14.8 × 21 cm (A5)",
)


def _posters(*codes: str) -> tuple[Poster, ...]:
    """The same pictures as hang on the walls."""
    return tuple(_PRINTS[code].posters[0] for code in codes)


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
            posters=_posters("QUARTER", "STUDY", "OVERPRINT", "UNDERTOW"),
            shown="cards",
            table="#c9573c",
            alt="Four small cards with geometric prints and white edges lying on a red table.",
            details=_CARD_DETAILS,
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
            details=_BOOK_DETAILS,
            prices=("18.90",),
            weight=310,
            stock={"NOTEBOOK": 4},
        ),
        Article(
            code="ANIMALCARDS",
            title="Animal Cards, Set of Four",
            brand="Press Room Nine",
            summary="Birds, a cat and four carp, for people who like to be greeted by animals.",
            story=(
                "The cat is for apologies, the birds are for birthdays, and the carp are for "
                "everything else. Blank inside.",
            ),
            tags=("cards", "animals", "present"),
            posters=_posters("TWIGS", "NIGHTCAT", "CARP", "WINTERBIRDS"),
            shown="cards",
            table="#2f6f6a",
            alt="Four small cards with birds, a cat and carp lying on a green table.",
            details=_CARD_DETAILS,
            prices=("14.50",),
            weight=130,
        ),
        Article(
            code="SEACARDS",
            title="Sea Cards, Set of Four",
            brand="Maren Tode",
            summary="Four postcards' worth of sea, in envelopes, so that it stays dry.",
            story=(
                "Waves, sails, a whale and a light. Written on the beach they take a grain of "
                "sand along, which is included in the price.",
            ),
            tags=("cards", "sea", "present"),
            posters=_posters("WAVES", "REGATTA", "BELOW", "KEEPER"),
            shown="cards",
            table="#d9a877",
            alt="Four small cards with waves, sails, a whale and a lighthouse on a sandy table.",
            details=_CARD_DETAILS,
            prices=("14.50",),
            weight=130,
        ),
        Article(
            code="WAVEBOOK",
            title="Waves Notebook",
            brand="Maren Tode",
            summary="A hundred and sixty pages below a rough sea.",
            story=(
                "For logs, lists and letters that will not be sent. It lies flat from the "
                "first page to the last.",
            ),
            tags=("notebook", "sea", "present"),
            posters=_posters("WAVES"),
            shown="notebook",
            table="#e3d3bd",
            alt=(
                "A notebook with a wave-patterned cover, a navy spine, a white label and an "
                "elastic band."
            ),
            details=_BOOK_DETAILS,
            prices=("18.90",),
            weight=310,
        ),
        Article(
            code="FLAMEBOOK",
            title="Bargello Notebook",
            brand="Odd & Elm",
            summary="Woven outside, dotted inside.",
            story=(
                "The cover is printed across the thread so that the flames run up the book as "
                "they would up a chair.",
            ),
            tags=("notebook", "pattern", "present"),
            posters=_posters("BARGELLO"),
            shown="notebook",
            table="#c7cdb8",
            alt=(
                "A notebook with flame-patterned cover, a navy spine, a white label and an "
                "elastic band."
            ),
            details=_BOOK_DETAILS,
            prices=("18.90",),
            weight=310,
        ),
    ),
)
