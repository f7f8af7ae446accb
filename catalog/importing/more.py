"""What a file may say beyond what Shopify's does, applied where the importer writes.

``Extras`` is made once for an import. The writer asks it for the category of a draft,
and lets it describe the product, its SKUs, their stock and its page; each function says
what it changed. ``catalog.importing.whole`` lets it begin before the first product and
end after the last one, when every product that is named elsewhere is there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from wagtail.models import Page

from catalog.models import (
    Attribute,
    CategoryPage,
    Picture,
    Price,
    Product,
    ProductAttribute,
    ProductCategory,
    ProductPage,
    Sku,
    Stock,
    TaxClass,
)

from . import ledger, links, stories
from .attributes import Attributes, rows
from .categories import Categories
from .drafts import Draft, Variant
from .dry import pretend
from .formats import OWN, SHOPIFY
from .report import Report
from .rows import Table

# Columns of a SKU and of its stock that ``describe_sku`` and ``describe_stock`` write.
SKU_FIELDS = ["tax_class_id", "cost", "is_active"]
STOCK_FIELDS = ["low_at", "back_order_text"]


@dataclass
class MoreStory:
    """What must be written to the page beyond Shopify's words; nothing if empty."""

    attributes: list[tuple[Attribute, str]] | None = None
    further: list[CategoryPage] | None = None
    blocks: list[dict] | None = None

    def __bool__(self) -> bool:
        return not (self.attributes is None and self.further is None and self.blocks is None)

    def apply(self, page: ProductPage) -> None:
        """Onto the page in memory; whoever saves or publishes it writes this too."""
        if self.attributes is not None:
            page.attributes = rows(self.attributes)
        if self.further is not None:
            page.further_categories = [
                ProductCategory(category=category, sort_order=place)
                for place, category in enumerate(self.further)
            ]
        if self.blocks is not None:
            page.description = page.description.stream_block.to_python(self.blocks)


@dataclass
class KnownMore:
    """What the pages and SKUs of a batch already have of it, by key."""

    attributes: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    further: dict[int, list[int]] = field(default_factory=dict)
    prices: dict[int, list[Price]] = field(default_factory=dict)


def load(drafts: Sequence[Draft], pages: Iterable[int], skus: Iterable[int]) -> KnownMore:
    """One query for each of the three kinds that any of the drafts speaks of, else none."""
    known = KnownMore()
    if any(draft.attributes is not None for draft in drafts):
        answered = ProductAttribute.objects.filter(page__in=list(pages))
        in_order = answered.order_by("sort_order", "pk")
        for page, *answer in in_order.values_list("page", "attribute", "value"):
            known.attributes.setdefault(page, []).append((answer[0], answer[1]))
    if any(draft.further_categories is not None for draft in drafts):
        further = ProductCategory.objects.filter(page__in=list(pages))
        for page, category in further.order_by("sort_order", "pk").values_list("page", "category"):
            known.further.setdefault(page, []).append(category)
    if any(variant.windows for draft in drafts for variant in draft.variants):
        entries = Price.objects.standing().filter(sku__in=list(skus))
        for price in entries.order_by("valid_from", "pk"):
            known.prices.setdefault(price.sku_id, []).append(price)
    return known


class Extras:
    def __init__(self, parent: Page, report: Report, table: Table | None = None) -> None:
        self.report = report
        self.now: datetime = timezone.now()
        self.categories = Categories(parent, report)
        self.attributes = Attributes(report)
        # Shopify names the category by its title alone, wherever it is.
        self.by_title = table is None or table.format.name == SHOPIFY.name
        # The keys of pages by their addresses in the shop, for links in the shop's own format.
        self.pages: dict[str, int] = {}
        self._is_own = table is not None and table.format.name == OWN.name
        self._tax_classes: dict[str, TaxClass] | None = None
        self.is_dry = False

    def be_dry(self) -> None:
        """Make nothing from here on but in memory."""
        self.is_dry = self.categories.is_dry = self.attributes.is_dry = True

    def look_up_links(self, drafts: Iterable[Draft]) -> None:
        """Know the pages that these drafts link to: one query if there are links, else none."""
        if self._is_own:
            addresses = {address for draft in drafts for address in addresses_in(draft)}
            if addresses - self.pages.keys():
                self.pages |= links.pages_at(addresses - self.pages.keys(), self.categories.parent)

    def text(self, draft: Draft) -> str | None:
        """The first text of the description, with links to pages where these are known."""
        if draft.blocks is not None or not draft.body:
            return None
        return links.inward(draft.body, self.pages) if self.pages else draft.body

    def may_have_no_skus(self, draft: Draft) -> bool:
        """Whether the file itself says that the product has none, and so need not be hidden."""
        return self._is_own and not draft.variants

    def category(self, draft: Draft) -> CategoryPage | None:
        """Where a new page goes; None where the title of the category is all there is."""
        if self.by_title and not draft.category_path:
            return None
        return self.categories.get(draft.category_path)

    def describe_product(self, product: Product, draft: Draft) -> list[str]:
        """Set what the file says of the product itself; return the names of what changed."""
        if draft.is_digital is None or draft.is_digital == product.is_digital:
            return []
        product.is_digital = draft.is_digital
        return ["is_digital"]

    def describe_sku(self, sku: Sku, variant: Variant) -> None:
        if variant.tax_class is not None:
            sku.tax_class = self._tax_class(variant.tax_class)
        if variant.cost is not None:
            sku.cost = variant.cost
        if variant.on_sale is not None:
            sku.is_active = variant.on_sale

    def describe_stock(self, row: Stock, variant: Variant) -> None:
        if variant.low_at is not None:
            row.low_at = variant.low_at
        if variant.back_order_text is not None:
            row.back_order_text = variant.back_order_text

    def prices(self, sku: Sku, variant: Variant, known: KnownMore) -> list[Price]:
        """Ledger entries to write for a variant that has ``windows``, which say all of it."""
        reason = f"Import of {self.report.name}"
        return ledger.missing(sku, variant, known.prices.get(sku.pk, []), self.now, reason)

    def plan_story(
        self,
        draft: Draft,
        page: ProductPage | None,
        known: KnownMore,
        pictures: Mapping[str, Picture],
    ) -> MoreStory:
        """What the file says of the page and the page does not."""
        changes = MoreStory()
        key = page.pk if page else 0
        answers = self.attributes.answers(draft)
        if answers is not None:
            said = [(attribute.pk, value) for attribute, value in answers]
            if said != known.attributes.get(key, []):
                changes.attributes = answers
        if draft.further_categories is not None:
            further = [self.categories.get(path) for path in draft.further_categories]
            further = list({category.pk: category for category in further}.values())
            if [category.pk for category in further] != known.further.get(key, []):
                changes.further = further
        if draft.blocks is not None:
            blocks = stories.for_a_page(draft.blocks, pictures, self.pages)
            if page is None or not stories.is_same(stories.raw(page.description), blocks):
                changes.blocks = blocks
        return changes

    def _tax_class(self, name: str) -> TaxClass:
        if self._tax_classes is None:
            self._tax_classes = {found.name.casefold(): found for found in TaxClass.objects.all()}
        if name.casefold() not in self._tax_classes:
            self._tax_classes[name.casefold()] = (
                pretend(TaxClass(name=name))
                if self.is_dry
                else TaxClass.objects.get_or_create(name=name)[0]
            )
        return self._tax_classes[name.casefold()]


def without_clashes(
    matched: Sequence[tuple[Variant, Sku | None]], skus: Iterable[Sku]
) -> tuple[list[tuple[Variant, Sku | None]], list[tuple[Variant, str]]]:
    """Variants that can be written; and those whose options a SKU keeps, with its code.

    SKUs of which the file says nothing keep their options, and so do those of refused rows.
    """
    kept, refused = list(matched), []
    while True:
        written = {sku.pk for _variant, sku in kept if sku}
        taken = {_options_of(sku): sku.code for sku in skus if sku.pk not in written}
        clashing = [entry for entry in kept if _lowered(entry[0].options) in taken]
        if not clashing:
            return kept, refused
        refused += [(variant, taken[_lowered(variant.options)]) for variant, _sku in clashing]
        kept = [entry for entry in kept if entry not in clashing]


def _options_of(sku: Sku) -> tuple[str, ...]:
    return _lowered((sku.option1, sku.option2, sku.option3))


def _lowered(options: Iterable[str]) -> tuple[str, ...]:
    return tuple(option.lower() for option in options)


def recount(row: Stock, variant: Variant) -> int:
    """By how much the stock must change for the file's count to be true; remember the count.

    What the last import said says nothing new, whatever was sold since. A file that knows
    what was on hand when it was written asks for the difference: what was sold in between
    stays sold.
    """
    said, before = variant.quantity, variant.quantity_before
    if said is None:
        return 0
    if before is None or row._state.adding:
        if said == row.imported:
            return 0
        difference = said - row.on_hand
    else:
        if said == before or (said == row.imported and row.on_hand != before):
            return 0
        difference = max(said - before, -row.on_hand)
    row.imported = said
    return difference


def addresses_in(draft: Draft) -> set[str]:
    """The addresses in the shop that the description links to."""
    texts = [draft.body or "", *(block.text for block in draft.blocks or ())]
    return {address for text in texts if 'href="/' in text for address in links.addresses_in(text)}


def sources(draft: Draft) -> dict[str, tuple[int, str]]:
    """Pictures in the description beside those of the gallery: by address, line and column."""
    return {block.picture: (block.line, "picture") for block in draft.blocks or () if block.picture}
