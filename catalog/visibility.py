"""Which pages everybody may see, asked of the database along with the pages themselves."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, Manager, OuterRef, Q, QuerySet
from django.db.models.lookups import StartsWith
from wagtail.models import Page, PageViewRestriction

from catalog import kept


def public(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the pages that are live and shown to everybody, with no query of its own.

    For few pages. Of many, ``public_of_many`` is the better one.
    """
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    above = PageViewRestriction.objects.filter(StartsWith(path, F("page__path")))
    return pages.filter(~Exists(above), live=True)


def public_of_many(pages: QuerySet[Any] | Manager[Any]) -> QuerySet[Any]:
    """The same with one more query at most, which reads all restrictions first.

    Then nothing is asked of each page where there are none. As Wagtail's ``live().public()``,
    whose query has SQLite read every page of the shop where no restriction is set.
    """
    found = pages.filter(live=True)
    below = [Q(path__startswith=path) for path in restricted_paths()]
    return found.exclude(reduce(or_, below)) if below else found


def public_below(model: type[Page], root: str) -> list[Any]:
    """The pages of a kind right below a page's path, in their order: names and addresses, kept."""
    if not root:
        return []

    def make() -> list[Any]:
        kept.shows("frame")
        depth = len(root) // Page.steplen + 1
        found = public_of_many(model.objects).filter(path__startswith=root, depth=depth)
        return list(found.defer_streamfields().order_by("path"))

    return kept.get(("below", model, root), make)


def restricted_paths() -> tuple[str, ...]:
    """The paths of the pages that not everybody may see, with all that stands below them."""
    return kept.get("restricted paths", _restricted_paths)


def _restricted_paths() -> tuple[str, ...]:
    kept.shows("frame")
    restricted = Page.objects.filter(pk__in=PageViewRestriction.objects.values("page"))
    found = restricted.order_by().values_list("pk", "path")
    kept.shows(*(f"page:{pk}" for pk, _path in found))
    return tuple(path for _pk, path in found)


class RestrictedMixin:
    """A page that need not ask for its restrictions in a shop that has none."""

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        if not restricted_paths():
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()
