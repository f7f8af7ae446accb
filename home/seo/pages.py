"""Which pages everybody may see, where they are, and how to walk through all of them.

Very many pages are read batch by batch, each beginning behind the key of the one before: the
memory is that of one batch, and no batch takes longer because it is a late one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TypeVar
from urllib.parse import quote

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from wagtail.models import Page

from catalog.visibility import public_of_many
from home import languages
from social.structured_data import absolute

M = TypeVar("M", bound=Model)
# As Django writes the path of an address that it makes (django.urls.resolvers).
UNQUOTED = "!$&'()*+,;=/~:@"


@dataclass(frozen=True)
class Tree:
    """The pages of one language: their home page, its language, and its whole address."""

    home: Page
    language: str
    url: str

    def address(self, url_path: str) -> str:
        """The whole address of a page of the tree, by its ``url_path``; asks nobody."""
        return self.url + quote(url_path[len(self.home.url_path) :], safe=UNQUOTED)

    def holds(self) -> Q:
        return Q(path__startswith=self.home.path)


def trees(request: HttpRequest) -> list[Tree]:
    """The trees of the site that is asked, its own language first. One query for a request."""
    return [
        Tree(home, language, absolute(url))
        for language, home in languages.homes(request).items()
        if (url := home.get_url(request))
    ]


def tree_of(request: HttpRequest, language: str) -> Tree | None:
    """The tree in a language, or the site's own where there is none; None without a site."""
    found = trees(request)
    return next((tree for tree in found if tree.language == language), next(iter(found), None))


def public_pages(found: list[Tree], model: type[Page] = Page) -> QuerySet:
    """Live pages that everybody may see, each once: an alias is its source at another address."""
    pages = public_of_many(model.objects).filter(alias_of=None)
    return pages.filter(reduce(or_, (tree.holds() for tree in found), Q(pk__in=())))


def in_batches(rows: QuerySet[M], size: int) -> Iterator[list[M]]:
    """All rows in the order of their keys, so many at once. One query for each batch."""
    last = 0
    rows = rows.order_by("pk")
    while batch := list(rows.filter(pk__gt=last)[:size]):
        yield batch
        last = batch[-1].pk
