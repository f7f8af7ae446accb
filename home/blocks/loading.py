"""What the blocks of one page show, read at once: few queries, however many blocks there are.

A page made of blocks puts a ``Shown`` into its context, and its blocks take from it what they
show. A block that is rendered anywhere else reads for itself alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import Block, StreamValue
from wagtail.documents import get_document_model
from wagtail.models import Page

from catalog import kept, renditions
from catalog.cards import Card, cards
from catalog.gathering import HOME_DEPTH
from catalog.models import CollectionPage, Picture, ProductPage
from home.blocks.choosers import held, references
from home.blocks.places import CategoriesBlock
from home.blocks.products import ProductRowBlock, ShoppablePictureBlock, Source
from home.blocks.shelves import Shelves
from home.blocks.visible import NOTHING, Reader
from home.models.forms import FormPage
from social.rankings import RANKINGS

NAMES = {Source.HAND: _("Products"), Source.NEWEST: _("New in the shop")}


@dataclass(frozen=True)
class Row:
    """A row of products; ``collection`` or ``ranking`` (its name) is where there is more."""

    title: str | Promise
    cards: list[Card]
    collection: Page | None = None
    ranking: str = ""


@dataclass(frozen=True)
class Tile:
    page: Page
    picture: Picture | None


@dataclass(frozen=True)
class Spot:
    """A product at a place on a picture, in whole percent of its width and height."""

    card: Card
    x: int
    y: int

    @property
    def left(self) -> str:
        """Two digits: by each of them the style sheet knows a part of the way."""
        return f"{min(max(self.x, 1), 99):02}"

    @property
    def top(self) -> str:
        return f"{min(max(self.y, 1), 99):02}"

    @property
    def is_low(self) -> bool:
        return self.y > 50


@dataclass
class Wanted:
    """What some blocks ask for, by what is stored of them."""

    keys: dict[type, set[int]] = field(default_factory=dict)
    sources: set[str] = field(default_factory=set)
    all_categories: bool = False

    def add(self, block: Block, raw: Any) -> None:
        for model, key in references(block, raw):
            self.keys.setdefault(model, set()).add(key)
        if isinstance(block, ProductRowBlock):
            self.sources.add(raw.get("source"))
        if isinstance(block, CategoriesBlock) and not raw.get("categories"):
            self.all_categories = True

    def tags(self) -> Iterator[str]:
        """What the choice of what is shown depends on; cards say it of themselves."""
        for model, keys in self.keys.items():
            if issubclass(model, Page):
                yield from (f"page:{key}" for key in keys)
        if self.sources - {None, Source.HAND}:
            yield "listed"

    def of(self, *models: type) -> set[int]:
        return set().union(*(self.keys.get(model, ()) for model in models))


class Shown:
    """Everything that blocks of a page show, in the language and the tree of that page."""

    def __init__(self, stored: Iterable[tuple[Block, Any]], page: Page | None) -> None:
        wanted = Wanted()
        for block, raw in stored:
            wanted.add(block, raw)
        kept.shows("frame", *wanted.tags())
        self._reader = reader = Reader(page)
        rows = self._read_pages(wanted)
        kept.shows(*(f"page:{row.pk}" for row in rows))
        self._pages = reader.by_key(rows)
        self._first_level = [row for row in rows if self._is_first_level(row)]
        collections = {
            key: self._pages[key] for key in wanted.of(CollectionPage) if key in self._pages
        }
        self._shelves = Shelves(reader, wanted.of(ProductPage), wanted.sources, collections)
        self._forms: dict[int, FormPage] = {}
        if keys := wanted.of(FormPage):
            forms = reader.chosen(FormPage, keys).prefetch_related("form_fields")
            kept.shows(*(f"page:{form.pk}" for form in forms))
            self._forms = reader.by_key(forms)
        faces = {row.face for row in rows if row.face}
        self._pictures = renditions.in_bulk(wanted.of(Picture) | faces)
        documents = wanted.of(get_document_model())
        self._documents = get_document_model().objects.in_bulk(documents) if documents else {}
        self._cards: dict[int, Card] = {}

    def _read_pages(self, wanted: Wanted) -> list[Page]:
        """Where buttons and tiles lead, and collections; ``face`` is the key of their picture."""
        keys = wanted.of(Page, CollectionPage)
        first = NOTHING
        if wanted.all_categories:
            first = Q(
                path__startswith=self._reader.home_path,
                depth=HOME_DEPTH + 1,
                categorypage__isnull=False,
            )
        elif not keys:
            return []
        rows = self._reader.chosen(Page, keys, first).annotate(
            face=Coalesce(F("categorypage__picture"), F("collectionpage__picture")),
            category=F("categorypage"),
        )
        return list(rows)

    def _is_first_level(self, row: Any) -> bool:
        is_here = row.path.startswith(self._reader.home_path) and row.depth == HOME_DEPTH + 1
        return is_here and row.category is not None and row.locale_id == self._reader.locale

    @property
    def rows(self) -> dict[type, Mapping[int, Any]]:
        """By kind and key, for choosers to take from."""
        return {
            Page: self._pages,
            CollectionPage: self._pages,
            ProductPage: self._shelves.by_key,
            FormPage: self._forms,
            Picture: self._pictures,
            get_document_model(): self._documents,
        }

    def read_cards(self, values: Iterable[tuple[Block, Any]]) -> None:
        """Read the cards of all products that these blocks show."""
        pages: dict[int, ProductPage] = {}
        for block, value in values:
            if isinstance(block, ProductRowBlock):
                pages |= {page.pk: page for page in self._shelves.of(value)}
            elif isinstance(block, ShoppablePictureBlock):
                found = (self._page_of(spot) for spot in value.get("spots") or ())
                pages |= {page.pk: page for page in found if page}
        self._cards = {card.page.pk: card for card in cards(pages.values())} if pages else {}

    def _page_of(self, spot: Mapping[str, Any]) -> ProductPage | None:
        return self._shelves.by_key.get(spot["product"].pk) if spot.get("product") else None

    def row(self, value: Mapping[str, Any]) -> Row:
        source = value["source"]
        collection = self._pages.get(value["collection"].pk) if value.get("collection") else None
        title: str | Promise = value.get("title") or ""
        if source == Source.COLLECTION:
            title = title or (collection.title if collection else "")
        elif source in RANKINGS:
            title = title or RANKINGS[source].heading
        return Row(
            title=title or NAMES.get(source, NAMES[Source.HAND]),
            cards=[self._cards[page.pk] for page in self._shelves.of(value)],
            collection=collection if source == Source.COLLECTION else None,
            ranking=source if source in RANKINGS else "",
        )

    def spots(self, value: Mapping[str, Any]) -> list[Spot]:
        found = [(self._page_of(spot), spot) for spot in value.get("spots") or ()]
        return [
            Spot(self._cards[page.pk], spot.get("x") or 50, spot.get("y") or 50)
            for page, spot in found
            if page
        ]

    def tiles(self, value: Mapping[str, Any]) -> list[Tile]:
        pages = self._first_level
        if value.get("categories"):
            chosen = (self._pages.get(page.pk) for page in value["categories"] if page)
            pages = list(dict.fromkeys(page for page in chosen if page))
        return [Tile(page, self._pictures.get(page.face)) for page in pages]

    def form_page(self, value: Mapping[str, Any]) -> FormPage | None:
        return self._forms.get(value["form"].pk) if value.get("form") else None


def load(stream: StreamValue, page: Page) -> tuple[StreamValue, Shown]:
    """The blocks of a page with all that they show. The page's own field stays as it is.

    What is gone or not public is None in the blocks returned: they are for a template, and
    never to be saved.
    """
    raw = [
        item for item in stream.get_prep_value() if item["type"] in stream.stream_block.child_blocks
    ]
    blocks = StreamValue(stream.stream_block, raw, is_lazy=True)
    kinds = stream.stream_block.child_blocks
    shown = Shown([(kinds[item["type"]], item["value"]) for item in raw], page)
    with held(shown.rows):
        children = list(blocks)
    shown.read_cards([(child.block, child.value) for child in children])
    return blocks, shown


def shown_in(context: Mapping[str, Any], block: Block, value: Any) -> Shown:
    """What the page whose context it is has read; else what this block alone needs."""
    if read := context.get("shown"):
        return read()
    page = context.get("page")
    shown = Shown([(block, block.get_prep_value(value))], page if isinstance(page, Page) else None)
    shown.read_cards([(block, value)])
    return shown
