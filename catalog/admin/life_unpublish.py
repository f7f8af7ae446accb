"""Unpublishing in the admin: who notices is said before."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page

from catalog.affected import Affected, affected, open_carts
from catalog.models import ProductPage


@dataclass(frozen=True)
class Consequences:
    """Of unpublishing pages: what shows them, and the products for sale below them."""

    affected: Affected
    products_below: int
    # Open carts that hold a product below; None where nobody counts carts.
    carts_below: int | None


def consequences(pages: Iterable[Page]) -> Consequences:
    pages = list(pages)
    below: list[Page] = []
    for page in pages:
        if page.numchild:
            live = ProductPage.objects.live().filter(path__startswith=page.path)
            below += live.only("pk", "path")
    return Consequences(affected(pages), len(below), open_carts(below))


class TellingUnpublish(PageBulkAction):
    """Before the bulk action "unpublish"."""

    template_name = "catalog/admin/unpublish_bulk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        pages = [item["item"] for item in context["items"]]
        return context | {"consequences": consequences(pages)}
