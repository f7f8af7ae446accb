"""Export the catalogue to a file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wagtail.models import Page, Site

from catalog.models import CategoryPage

from .columns import columns
from .files import WRITERS
from .rows import Catalogue


@dataclass(frozen=True)
class Exported:
    products: int
    rows: int


def export(
    path: Path,
    root: Page,
    category: CategoryPage | None = None,
    *,
    with_cost: bool = False,
    done: Callable[[int, int], object] = lambda count, total: None,
) -> Exported:
    """Write what stands below ``root``, or below one category there, as its suffix says.

    ``done`` is called after each batch with its size and the number of all products.
    The file takes its place only once it is whole. ``with_cost`` writes what the
    merchant pays, which is not for everybody: ask for the permission ``catalog.view_cost``.
    """
    catalogue = Catalogue(root, category, with_cost=with_cost)
    total = catalogue.count()
    names = [attribute.name for attribute in catalogue.attributes]
    writer = WRITERS[path.suffix.lower().lstrip(".")]
    part = path.with_name(f".{path.name}.part")
    try:
        with writer(part, columns(names, with_cost=with_cost)) as file:
            rows = file.write(catalogue.rows(lambda count: done(count, total)))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Exported(total, rows)


def default_root() -> Page | None:
    """The page below which the categories of the default site are."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    return site.root_page.specific if site else None
