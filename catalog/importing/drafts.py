"""What a file says of a catalogue, whatever its format. Pure.

Every field has a default that means "the file says nothing": None, an empty text or
an empty list, as each says.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PriceWindow:
    """An entry for the price ledger, as the file says it.

    ``kind`` is a value of ``Price.Kind``; no amount ends a sale. No ``start`` means
    the moment of the import, no ``end`` for good.
    """

    # Where the file says it: not part of what is said.
    line: int = field(compare=False)
    kind: str
    amount: Decimal | None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """What one row says of a SKU; None where it says nothing."""

    line: int
    code: str
    options: tuple[str, str, str]
    barcode: str | None = None
    grams: int | None = None
    price: Decimal | None = None
    # What it cost before the reduction; None beside a price means that there is none.
    compare_at: Decimal | None = None
    quantity: int | None = None
    # What was on hand when the file was written: only the difference is news.
    quantity_before: int | None = None
    sells_on: bool | None = None
    # The picture's address; empty where there is none.
    picture: str = ""
    # What the merchant pays for it.
    cost: Decimal | None = None
    # The name of its tax class.
    tax_class: str | None = None
    low_at: int | None = None
    back_order_text: str | None = None
    on_sale: bool | None = None
    # Ledger entries beside ``price``: sales that begin or end, prices of the future.
    windows: tuple[PriceWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    line: int
    source: str
    alt_text: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a story: clean HTML, or a picture by its address."""

    line: int
    text: str = ""
    picture: str = ""
    alt_text: str = ""
    # A picture that says nothing to those who cannot see it.
    is_decorative: bool = False


@dataclass(slots=True)
class Draft:
    """What a file says of one product; None where it says nothing."""

    line: int
    handle: str
    title: str
    live: bool
    # The title of a category, wherever it is; empty where the file has none.
    category: str = ""
    body: str | None = None
    vendor: str | None = None
    tags: list[str] | None = None
    seo_title: str | None = None
    seo_description: str | None = None
    # Empty for a product without options, None where the file has no such columns.
    option_names: list[str] | None = None
    variants: list[Variant] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    # The category as titles from the top ("Clothing", "Tops"), or an address under the top
    # ("/clothing/tops/") as the only entry; empty where ``category`` alone says it.
    category_path: tuple[str, ...] = ()
    further_categories: list[tuple[str, ...]] | None = None
    # The page's name in its address; None where it is the handle.
    slug: str | None = None
    summary: str | None = None
    # Names and values of attributes, in the order of the page; one may come more than once.
    attributes: list[tuple[str, str]] | None = None
    # Handles or SKU codes of related products, in their order.
    related: list[str] | None = None
    is_digital: bool | None = None
    # When it was first published, by which listings sort; None is the moment of the import.
    first_published: datetime | None = None
    # The whole description, block by block; None where ``body`` is all that the file says.
    blocks: list[Block] | None = None


@dataclass(slots=True)
class CategoryDraft:
    """What a file says of one category page; None where it says nothing."""

    line: int
    # As in ``Draft.category_path``.
    path: tuple[str, ...]
    title: str
    slug: str | None = None
    intro: str | None = None
    picture: str = ""
    picture_alt: str = ""
    above: list[Block] | None = None
    below: list[Block] | None = None
    sort: str | None = None
    sold_out: str | None = None
    in_menu: bool | None = None
    live: bool = True
    seo_title: str | None = None
    seo_description: str | None = None
    # Handles of the hand-picked first products, in their order.
    first_products: list[str] | None = None


@dataclass(slots=True)
class AttributeDraft:
    """What a file says of an attribute; ``kind`` is a value of ``Attribute.Kind``."""

    line: int
    name: str
    kind: str = "text"
    unit: str | None = None
    is_facet: bool | None = None
    choices: list[str] | None = None
    position: int | None = None


@dataclass(slots=True)
class Contents:
    """All that a file says."""

    products: list[Draft] = field(default_factory=list)
    categories: list[CategoryDraft] = field(default_factory=list)
    attributes: list[AttributeDraft] = field(default_factory=list)
