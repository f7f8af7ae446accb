"""The columns of listings of products. They show ``page.row``, which ``explorer_facts`` reads."""

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import BaseColumn, DateColumn
from wagtail.admin.ui.tables.pages import (
    BulkActionsColumn,
    PageStatusColumn,
    PageTitleColumn,
    ParentPageColumn,
)
from wagtail.models import Page

from .explorer_facts import Facts, ProductState

# What needs somebody stands out.
TAGS = {
    ProductState.LOW: "product-state--warning",
    ProductState.BACK_ORDER: "product-state--warning",
    ProductState.SOLD_OUT: "product-state--alert",
    ProductState.NEEDS_SKU: "product-state--alert",
}


class RowColumn(BaseColumn):
    """A column of what was read beside the page; empty for what is no product."""

    def get_cell_context_data(self, instance: Page, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        context["product_row"] = instance.row
        context["facts"] = instance.row.facts
        return context


class PictureColumn(RowColumn):
    cell_template_name = "catalog/admin/explorer_picture_cell.html"

    class Media:
        css = {"all": ["admin/css/explorer.css"]}


class PriceColumn(RowColumn):
    cell_template_name = "catalog/admin/explorer_price_cell.html"


class StockColumn(RowColumn):
    cell_template_name = "catalog/admin/explorer_stock_cell.html"

    def get_cell_context_data(self, instance: Page, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        if facts := instance.row.facts:
            context["tag"] = TAGS.get(facts.state, "")
            context["note"] = _note(facts)
        return context


class SoldColumn(RowColumn):
    cell_template_name = "catalog/admin/explorer_sold_cell.html"


class StatusColumn(PageStatusColumn):
    cell_template_name = "catalog/admin/explorer_status_cell.html"


def _note(facts: Facts) -> str:
    if not facts.is_partly_sold_out:
        return ""
    text = ngettext(
        "%(count)s variant sold out", "%(count)s variants sold out", facts.sold_out_skus
    )
    return text % {"count": intcomma(facts.sold_out_skus)}


COLUMNS = [
    BulkActionsColumn("bulk_actions"),
    PictureColumn("picture", label=_("Picture"), classname="product-picture", width="5.5rem"),
    PageTitleColumn("title", label=_("Title"), sort_key="title", classname="title"),
    ParentPageColumn("parent", label=_("Category")),
    PriceColumn("price", label=_("Price"), sort_key="price", width="10%"),
    StockColumn("stock", label=_("Stock"), width="11%"),
    SoldColumn("sold", label=_("Sold in 30 days"), sort_key="sold", width="9%"),
    DateColumn(
        "latest_revision_created_at",
        label=_("Updated"),
        sort_key="latest_revision_created_at",
        width="10%",
    ),
    StatusColumn("status", label=_("Status"), sort_key="live", width="11%"),
]
