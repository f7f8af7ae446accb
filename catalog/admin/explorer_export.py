"""A listing of products as a file: one row for each SKU, and one for what has none."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from catalog.models import ProductPage, ProductTag, Sku, StockState
from catalog.models.prices import PricePoint
from catalog.money import quantize

from . import explorer_facts
from .explorer_facts import Facts

HEADINGS = {
    "title": gettext_lazy("Title"),
    "address": gettext_lazy("Address"),
    "category": gettext_lazy("Category"),
    "brand": gettext_lazy("Brand"),
    "tags": gettext_lazy("Tags"),
    "status": gettext_lazy("Status"),
    "updated": gettext_lazy("Updated"),
    "sold": gettext_lazy("Sold in 30 days (product)"),
    "stock_of_product": gettext_lazy("Stock of the product"),
    "code": gettext_lazy("SKU code"),
    "variant": gettext_lazy("Variant"),
    "barcode": gettext_lazy("Barcode"),
    "on_sale": gettext_lazy("SKU on sale"),
    "price": gettext_lazy("Price"),
    "compare_at": gettext_lazy("Price before the reduction"),
    "currency": gettext_lazy("Currency"),
    "on_hand": gettext_lazy("On hand"),
    "stock": gettext_lazy("Stock of the SKU"),
}
# Enough that a query is worth it, few enough for any memory.
PAGES_AT_ONCE = 500


class Rows:
    """The rows of an export, read piece by piece; ``pages`` may be of any kind, in any order."""

    def __init__(self, pages: QuerySet[Page]) -> None:
        self.pages = pages
        # What Wagtail's export asks of a queryset.
        self.model = pages.model

    def __iter__(self) -> Iterator[dict[str, Any]]:
        keys = iter(list(self.pages.values_list("pk", flat=True)))
        parents: dict[str, str] = {}
        while some := list(islice(keys, PAGES_AT_ONCE)):
            found = _read(some)
            pages = [found[key] for key in some if key in found]
            facts = explorer_facts.of_products(page.product_id for page in pages)
            tags = _tags(found)
            _read_parents(pages, parents)
            for page in pages:
                parent = parents.get(_parent_path(page), "")
                yield from _rows(page, facts[page.product_id], parent, tags.get(page.pk, []))


def _read(keys: list[int]) -> dict[int, ProductPage]:
    # Whether something is scheduled or waits for approval is part of the status.
    pages = ProductPage.objects.defer_streamfields().annotate_approved_schedule()
    pages = pages.prefetch_workflow_states()
    return pages.select_related("brand").in_bulk(keys)


def _rows(
    page: ProductPage, facts: Facts, category: str, tags: list[str]
) -> Iterator[dict[str, Any]]:
    story = {
        "title": page.draft_title or page.title,
        "address": page.full_url or "",
        "category": category,
        "brand": str(page.brand or ""),
        "tags": ", ".join(tags),
        "status": str(page.status_string),
        "updated": page.latest_revision_created_at,
        "sold": facts.sold_30_days,
        "stock_of_product": str(facts.state.label),
    }
    for sku in facts.skus or [None]:
        yield story | (_sku(sku) if sku else dict.fromkeys(HEADINGS.keys() - story.keys(), ""))


def _sku(sku: Sku) -> dict[str, Any]:
    price = sku.price
    return {
        "code": sku.code,
        "variant": sku.label,
        "barcode": sku.barcode,
        "on_sale": _("yes") if sku.is_active else _("no"),
        "price": _amount(price.amount, price) if price else "",
        "compare_at": _amount(price.compare_at, price) if price and price.compare_at else "",
        "currency": price.currency if price else "",
        "on_hand": sku.stock.on_hand if hasattr(sku, "stock") else 0,
        "stock": str(StockState(sku.stock_state).label),
    }


def _amount(amount: Decimal, price: PricePoint) -> Decimal:
    """With the decimals of its currency, whatever a database makes of them."""
    return quantize(amount, price.currency)


def _tags(pages: dict[int, ProductPage]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {}
    rows = ProductTag.objects.filter(content_object__in=pages).order_by("tag__name")
    for page, name in rows.values_list("content_object", "tag__name"):
        tags.setdefault(page, []).append(name)
    return tags


def _read_parents(pages: list[ProductPage], known: dict[str, str]) -> None:
    unknown = {_parent_path(page) for page in pages} - known.keys()
    if unknown:
        known.update(Page.objects.filter(path__in=unknown).values_list("path", "title"))


def _parent_path(page: Page) -> str:
    return page.path[: -page.steplen]
