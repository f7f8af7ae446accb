"""The categories that a listing can be narrowed down to: those right below where it begins."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from catalog import kept
from catalog.models.products import ProductCategory
from catalog.visibility import public_below

if TYPE_CHECKING:
    from catalog.models.categories import CategoryPage

# More than these would be a list to search, not to choose from.
MOST_PLACES = 40


@dataclass(frozen=True)
class Place:
    """A category as a choice: what stands at its path or below, and what it lists besides."""

    slug: str
    title: str
    path: str
    # The translation keys of the categories there that list products which stand elsewhere.
    further: tuple[UUID, ...] = ()

    @property
    def pages(self) -> Q:
        """What a product page in it or below it meets."""
        return inside(self.path, self.further)


def below(root: str) -> dict[str, Place]:
    """The categories right below a page's path, by slug.

    Two queries where they are not kept; one if there are none.
    """
    return kept.get(("places", root), lambda: _below(root))


def _below(root: str) -> dict[str, Place]:
    # Saving a category tells the frame.
    kept.shows("frame", "further")
    found = categories_below(root)
    if not found:
        return {}
    listing = further_below(root)
    return {
        one.slug: Place(one.slug, one.title, one.path, _keys(one.path, listing)) for one in found
    }


def further_below(path: str) -> list[tuple[str, UUID]]:
    """The path and translation key of each category there that lists what stands elsewhere."""
    found = kept.get("further categories", _further)
    return [(other, key) for other, key in found if other.startswith(path)]


def _further() -> list[tuple[str, UUID]]:
    """All of the shop, which are few."""
    from catalog.models.categories import CategoryPage

    kept.shows("frame", "further")
    # Whatever the language of the page that an editor chose.
    named = ProductCategory.objects.values("category__translation_key")
    listing = CategoryPage.objects.filter(translation_key__in=named)
    return list(listing.values_list("path", "translation_key"))


def _keys(path: str, listing: Iterable[tuple[str, UUID]]) -> tuple[UUID, ...]:
    return tuple(key for other, key in listing if other.startswith(path))


def inside(path: str, further: Iterable[UUID]) -> Q:
    """What a product page meets at a path or below, or in one of these further categories."""
    here = Q(path__startswith=path)
    if not (keys := list(further)):
        # An "or" keeps a database from using the index on paths alone; few categories need it.
        return here
    rows = ProductCategory.objects.filter(category__translation_key__in=keys)
    return here | Q(pk__in=rows.values("page"))


def categories_below(root: str) -> list["CategoryPage"]:
    """The categories right below a page's path that everybody may see, in the order of the tree."""
    from catalog.models.categories import CategoryPage

    return public_below(CategoryPage, root)[:MOST_PLACES]
