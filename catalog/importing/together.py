"""Many new products in one transaction: their rows, SKUs, prices and stock, and their pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.models import CategoryPage, Product, ProductPage

from . import facts
from .indexing import Search
from .inserting import create
from .planning import Plan
from .planting import Beds, plant


@dataclass
class NewProduct:
    """All there is to write of a product; none of it is in the database."""

    plan: Plan
    category: CategoryPage
    product: Product
    page: ProductPage


def write(new: Sequence[NewProduct], source: str, search: Search) -> None:
    """In the caller's transaction; ``source`` goes into the ledgers.

    Whatever a database refuses of one of them it refuses of all.
    """
    beds = Beds([each.category for each in new], [each.page.slug for each in new])
    create([each.product for each in new])
    for each in new:
        each.page.product = each.product
        beds.place(each.page, each.category)
    with_facts = [(each.product, each.plan.facts) for each in new if each.plan.facts]
    if with_facts:
        facts.write(with_facts, source)
    plant([each.page for each in new], beds, search)
