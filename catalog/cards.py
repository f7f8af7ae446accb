"""What a listing shows of a product: all cards of a page in a constant number of queries.

A card is kept (``catalog.kept``) until its product or its page changes, or its price does by
itself; so a page that is made anew reads only the cards that have changed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from catalog import (
    kept,
    listing,
    price_history,
    product_pictures,
    renditions,
    sku_facts,
)
from catalog.models.pictures import Picture, PictureRendition
from catalog.models.prices import PricePoint
from catalog.models.products import ProductPage, ProductPicture
from catalog.models.skus import Sku
from catalog.moment import shown
from catalog.visibility import public_of_many

# So long a product is called new.
NEW_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Card:
    page: ProductPage
    picture: Picture | None
    alt_text: str
    # The cheapest variant's price, read from the ledger now; None if nothing is priced.
    price: PricePoint | None
    prices_differ: bool
    in_stock: bool
    # Shown in place of the first one while a pointer is over the card.
    second_picture: PictureRendition | None = None
    variants: int = 0
    is_new: bool = False
    # The average of its stars from 1 to 5, and of how many reviews.
    rating: Decimal | None = None
    total_reviews: int = 0
    # What it depends on, and until when it is right.
    notes: kept.Notes = field(default_factory=kept.Notes, compare=False, repr=False)


def cards(pages: Iterable[ProductPage]) -> list[Card]:
    """Cards for pages, in their order: four queries at most, whatever their number."""
    found = {page.pk: page for page in pages}
    return _in_order(list(found), found)


@dataclass
class Along:
    """A product's page that is read with cards, if any of them has to be read."""

    page: ProductPage
    facts: list[Sku] | None = None
    pictures: product_pictures.Pictures | None = None


def cards_of_keys(keys: Iterable[int], along: Along | None = None) -> list[Card]:
    """The same for the keys of pages, which are read only where their card is not kept.

    A page that is gone by now has none.
    """
    return _in_order(list(keys), along=along)


def public_cards(pages: Iterable[ProductPage | None]) -> list[Card]:
    """Cards for those that everybody may see: a page that was chosen once may be gone by now."""
    chosen = [page.pk for page in pages if page]
    public = public_of_many(ProductPage.objects).select_related("locale").in_bulk(chosen)
    return cards(public[key] for key in chosen if key in public)


def _in_order(
    keys: Sequence[int],
    in_hand: Mapping[int, ProductPage] | None = None,
    along: Along | None = None,
) -> list[Card]:
    # Outside the making of a page nobody knows since when the pages have been in hand.
    make = kept.get_many if kept.has_begun() else _each_time
    names = [("card", key) for key in keys]
    found = make(names, lambda missing: _made([key for _name, key in missing], in_hand, along))
    in_order = [found[name] for name in names if name in found]
    new = _new(in_order)
    return [replace(card, is_new=True) if card.page.pk in new else card for card in in_order]


def _each_time(
    names: Sequence[tuple[str, int]],
    make: Callable[[list[tuple[str, int]]], Iterable[tuple[tuple[str, int], Card, kept.Notes]]],
) -> dict[tuple[str, int], Card]:
    return {name: card for name, card, _notes in make(list(names))}


def _made(
    keys: Sequence[int], in_hand: Mapping[int, ProductPage] | None, along: Along | None
) -> Iterator[tuple[tuple[str, int], Card, kept.Notes]]:
    """Of each page the name of its card, the card, and what that shows."""
    if not keys:
        return
    kept.shows("frame")
    own = along.page if along else None
    pictures = product_pictures.of_cards(keys, own, with_pages=in_hand is None)
    known = pictures.pages if in_hand is None else in_hand
    pages = {key: known[key] for key in keys if key in known}
    products = {page.product_id for page in (*pages.values(), own) if page and page.product_id}
    facts = sku_facts.of_products(products)
    changes = {sku.product_id: sku.product.price_changes_at for sku in facts}
    skus: dict[int, list[Sku]] = {}
    for sku in price_history.with_lowest([sku for sku in facts if sku.is_on_show]):
        skus.setdefault(sku.product_id, []).append(sku)
    if along:
        along.pictures = pictures
        along.facts = [sku for sku in facts if sku.product_id == along.page.product_id]
    for key, page in pages.items():
        notes = kept.Notes({f"page:{key}", f"card:{page.product_id}"}, changes.get(page.product_id))
        card = _card(page, pictures.of_page.get(key, []), skus.get(page.product_id, []), notes)
        # Another set, because whoever keeps the card adds to these what holds for all.
        yield ("card", key), card, replace(notes, tags=set(notes.tags))


def _card(
    page: ProductPage, pictures: Sequence[ProductPicture], skus: Sequence[Sku], notes: kept.Notes
) -> Card:
    points = sorted((sku.price for sku in listing.for_sale(skus)), key=lambda point: point.amount)
    first = pictures[0] if pictures else None
    # Read along with them: it carries what people say of it.
    product = skus[0].product if skus else None
    return Card(
        page=page,
        picture=first.image if first else None,
        alt_text=(first.alt_text or first.image.description or page.title) if first else "",
        price=points[0] if points else None,
        prices_differ=bool(points) and points[0].amount != points[-1].amount,
        in_stock=any(sku.most_to_buy(1) for sku in skus),
        second_picture=_small(pictures[1].image) if len(pictures) > 1 else None,
        variants=len(skus),
        rating=product.rating if product else None,
        total_reviews=product.total_reviews if product else 0,
        notes=notes,
    )


def _small(picture: Picture) -> PictureRendition | None:
    """One small file that every browser of today shows; None until a worker has made it.

    Most cards are never pointed at, so a choice of files would weigh more than it saves.
    """
    sources = renditions.shown(picture, "card").sources
    return sources[-1].renditions[0] if sources else None


def _new(cards: Sequence[Card]) -> set[int]:
    """Those published lately; none where all were, as in a new shop: that tells them not apart."""
    since = shown() - NEW_FOR
    pages = [card.page for card in cards]
    new = {page.pk for page in pages if page.first_published_at and page.first_published_at > since}
    return set() if len(new) == len(pages) else new
