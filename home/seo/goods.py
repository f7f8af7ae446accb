"""All that is sold, product by product, for those who take the whole catalogue.

Read in batches of a few hundred, each with the same number of queries (DESIGN.md, 1: prices
and stock from the ledgers, as they are at the moment of reading).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from catalog import price_history
from catalog.models import (
    CategoryPage,
    ProductAttribute,
    ProductOption,
    ProductPage,
    ProductPicture,
    ProductTag,
    Sku,
)
from catalog.timeline import Timeline
from home.seo import pictures
from home.seo.pages import Tree, in_batches, public_pages

AT_ONCE = 200
# Google takes one and ten more; nobody wants all.
MOST_PICTURES = 11


@dataclass(frozen=True)
class Good:
    """A product's page that everybody may see, and what is sold on it, sold out or not."""

    page: ProductPage
    url: str
    skus: list[Sku]
    # Addresses, the main one first.
    pictures: list[str]
    # The address of a SKU's own picture, by the SKU's key.
    sku_pictures: dict[int, str]
    options: list[str]
    # What it is like, by the name of the attribute, in the active language.
    answers: dict[str, str]
    # The categories it stands in, the outermost first.
    categories: list[str]
    tags: list[str]
    # Of the SKUs that are reduced, by their keys.
    timelines: dict[int, Timeline] = field(default_factory=dict)

    def options_of(self, sku: Sku) -> dict[str, str]:
        """What a shopper chose when it is this one, by the name of the option."""
        values = (sku.option1, sku.option2, sku.option3)
        return {name: value for name, value in zip(self.options, values, strict=False) if value}


def goods(tree: Tree) -> Iterator[Good]:
    """Those that have something to sell, in the order of their keys."""
    pages = public_pages([tree], ProductPage).select_related("product", "brand")
    names: dict[str, str] = {}
    for batch in in_batches(pages, AT_ONCE):
        _learn_names(batch, tree, names)
        yield from _of_batch(batch, tree, names)


def _of_batch(batch: list[ProductPage], tree: Tree, names: dict[str, str]) -> Iterator[Good]:
    skus = _skus(batch)
    shown = _pictures(batch)
    ours = [sku for found in skus.values() for sku in found]
    addresses = pictures.addresses(
        [one.image for found in shown.values() for one in found]
        + [sku.picture for sku in ours if sku.picture]
    )
    reduced = [sku.pk for sku in ours if sku.price.compare_at]
    timelines = price_history.timelines(reduced) if reduced else {}
    options = _by_page(ProductOption, batch, "page_id", "name")
    tags = _tags(batch)
    answers = _answers(batch)
    for page in batch:
        if page.product_id not in skus:
            continue
        own = [addresses.get(one.image_id) for one in shown.get(page.pk, ())]
        yield Good(
            page=page,
            url=tree.address(page.url_path),
            skus=skus[page.product_id],
            pictures=list(filter(None, own))[:MOST_PICTURES],
            sku_pictures={
                sku.pk: addresses[sku.picture_id]
                for sku in skus[page.product_id]
                if sku.picture_id in addresses
            },
            options=options.get(page.pk, []),
            answers=answers.get(page.pk, {}),
            categories=[names[path] for path in _above(page, tree) if names[path]],
            tags=tags.get(page.pk, []),
            timelines=timelines,
        )


def _skus(batch: list[ProductPage]) -> dict[int, list[Sku]]:
    """By product. Their pages are public, so what is on show is all there is to ask."""
    found = defaultdict(list)
    rows = Sku.objects.filter(product__in=[page.product_id for page in batch]).on_show()
    for sku in rows.select_related("stock", "picture").order_by("position", "pk"):
        found[sku.product_id].append(sku)
    return found


def _pictures(batch: list[ProductPage]) -> dict[int, list[ProductPicture]]:
    found = defaultdict(list)
    rows = ProductPicture.objects.filter(page__in=batch).select_related("image")
    for one in rows.order_by("sort_order", "pk"):
        found[one.page_id].append(one)
    return found


def _answers(batch: list[ProductPage]) -> dict[int, dict[str, str]]:
    found = defaultdict(dict)
    rows = ProductAttribute.objects.filter(page__in=batch).select_related("attribute")
    for one in rows.order_by("sort_order", "pk"):
        if one.value:
            found[one.page_id][one.attribute.name] = one.shown
    return found


def _tags(batch: list[ProductPage]) -> dict[int, list[str]]:
    found = defaultdict(list)
    rows = ProductTag.objects.filter(content_object__in=batch).order_by("tag__name")
    for page, name in rows.values_list("content_object", "tag__name"):
        found[page].append(name)
    return found


def _by_page(model, batch: list[ProductPage], page: str, column: str) -> dict[int, list[str]]:
    found = defaultdict(list)
    rows = model.objects.filter(page__in=batch).order_by("sort_order", "pk")
    for key, value in rows.values_list(page, column):
        found[key].append(value)
    return found


def _learn_names(batch: Iterable[ProductPage], tree: Tree, names: dict[str, str]) -> None:
    """The titles of the categories above pages; one query, where any is not known yet."""
    wanted = {path for page in batch for path in _above(page, tree)} - names.keys()
    if wanted:
        rows = CategoryPage.objects.filter(path__in=wanted).values_list("path", "title")
        # What is no category is not asked for again.
        names.update(dict.fromkeys(wanted, "") | dict(rows))


def _above(page: ProductPage, tree: Tree) -> list[str]:
    """The paths of the pages between the home page and this one."""
    first, step = len(tree.home.path), page.steplen
    return [page.path[:end] for end in range(first + step, len(page.path), step)]


def availability(sku: Sku) -> str:
    """``in_stock``, ``backorder`` or ``out_of_stock``, as the product's page says it."""
    if sku.stock.on_hand > 0:
        return "in_stock"
    return "backorder" if sku.most_to_buy(1) else "out_of_stock"


def reduced_from_to(good: Good, sku: Sku) -> tuple[datetime | None, datetime | None]:
    """From and until when the reduction of today lasts; either may be None."""
    timeline = good.timelines.get(sku.pk)
    if timeline is None:
        return None, None
    now = timezone.now()
    return timeline.reduction_began(now), timeline.next_change(now)
