"""The categories that a listing can be narrowed down to: those right below where it begins."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from wagtail.models import Page

from catalog import kept
from catalog.models.products import ProductCategory
from catalog.visibility import public

if TYPE_CHECKING:
    from catalog.models.categories import CategoryPage

# More than these would be a list to search, not to choose from.
MOST_PLACES = 40


@dataclass(frozen=True)
class Place:
    """A category as a choice: ``pages`` is what a product page in it or below it meets."""

    slug: str
    title: str
    pages: Q


def below(root: str) -> dict[str, Place]:
    """The categories right below a page's path, by slug.

    Two queries where they are not kept; one if there are none.
    """
    return kept.get(("places", root), lambda: _below(root))


def _below(root: str) -> dict[str, Place]:
    from catalog.models.categories import CategoryPage

    # Saving a category tells the frame; which products it lists changes with its branch.
    kept.shows("frame", f"in:{root}")
    found = categories_below(root)
    if not found:
        return {}
    # A category lists products that stand elsewhere too, whatever the language of their page.
    named = ProductCategory.objects.values("category__translation_key")
    listing = CategoryPage.objects.filter(path__startswith=root, translation_key__in=named)
    further = list(listing.values_list("path", "translation_key"))
    return {one.slug: Place(one.slug, one.title, _inside(one, further)) for one in found}


def _inside(category: Page, further: Iterable[tuple[str, str]]) -> Q:
    here = Q(path__startswith=category.path)
    keys = [key for path, key in further if path.startswith(category.path)]
    if not keys:
        return here
    rows = ProductCategory.objects.filter(category__translation_key__in=keys)
    return here | Q(pk__in=rows.values("page"))


def categories_below(root: str) -> list["CategoryPage"]:
    """The categories right below a page's path that everybody may see, in the order of the tree."""
    from catalog.models.categories import CategoryPage

    depth = len(root) // CategoryPage.steplen + 1
    categories = CategoryPage.objects.filter(path__startswith=root, depth=depth)
    return list(public(categories).defer_streamfields().order_by("path")[:MOST_PLACES])
