"""Many new pages at once: what Wagtail writes for one page after another, in a few queries.

Django makes no rows of two tables in bulk, and treebeard no nodes. What both do for one
page is done here for many: the places in the tree under a lock on the parents, the rows
of both tables, the rows that belong to a page, and its line in the log. ``indexing`` does
the rest. Django's own signals of saved models are not sent; Wagtail's of a publication is.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from django.db import router
from django.db.models import F, Field, Model
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from treebeard.exceptions import PathOverflow
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageLogEntry
from wagtail.signals import page_published

from catalog.models import CategoryPage, ProductPage

from . import indexing
from .inserting import create, inserted
from .story import free_slug


class Beds:
    """Categories in which new pages are planted; locked until the transaction ends.

    They are locked by key, before anything else is written, so that two imports wait for
    each other and never block each other for ever.
    """

    def __init__(self, categories: Iterable[CategoryPage], slugs: Iterable[str]) -> None:
        keys = {category.pk for category in categories}
        locked = Page.objects.select_for_update().filter(pk__in=keys).order_by("pk")
        self._parents = {parent.pk: parent for parent in locked}
        self._planted: dict[int, list[ProductPage]] = {key: [] for key in self._parents}
        self._taken: dict[int, set[str]] = {}
        wanted = set(slugs)
        for key, parent in self._parents.items():
            found = parent.get_children().filter(slug__in=wanted)
            self._taken[key] = set(found.values_list("slug", flat=True))

    def place(self, page: ProductPage, category: CategoryPage) -> None:
        """Give the page the next place below the category, and a slug that is free there."""
        parent, siblings = self._parents[category.pk], self._planted[category.pk]
        last = siblings[-1] if siblings else parent.get_last_child()
        page.depth = parent.depth + 1
        page.path = last._inc_path() if last else Page._get_path(parent.path, page.depth, 1)
        if len(page.path) > Page._meta.get_field("path").max_length:
            raise PathOverflow("The new page is too deep in the tree.")
        taken = self._taken[parent.pk]
        if page.slug in taken:
            page.slug = free_slug(parent, page.slug, taken)
        taken.add(page.slug)
        page.set_url_path(parent)
        page._cached_parent_obj = parent
        siblings.append(page)

    def count(self) -> None:
        """Let the parents know how many children they have."""
        for key, pages in self._planted.items():
            Page.objects.filter(pk=key).update(numchild=F("numchild") + len(pages))


def check(page: ProductPage) -> None:
    """What ``Page.save`` checks, but for what a query would have to answer: the database does.

    Raises ValidationError.
    """
    if page.live:
        page.clean_fields(exclude=_not_cleaned())
        page.validate_constraints(exclude=_not_cleaned())
    else:
        page.title = page._meta.get_field("title").clean(page.title, page)


@cache
def _not_cleaned() -> set[str]:
    """Relations, each of which Django would look up, and what the place in the tree says."""
    relations = {field.name for field in ProductPage._meta.concrete_fields if field.is_relation}
    return relations | {"path", "depth", "url_path", "numchild", "translation_key"}


def plant(pages: Sequence[ProductPage], beds: Beds, search: indexing.Search) -> None:
    """Write pages that have their places, in the caller's transaction, and say which are live."""
    # With every relation in memory, none is looked for in the database.
    kept = [(relation, _rows(relation, pages)) for relation in get_all_child_relations(ProductPage)]
    _insert(pages)
    for relation, rows in kept:
        for page, row in rows:
            setattr(row, relation.field.attname, page.pk)
        create([row for _page, row in rows])
    beds.count()
    _log(pages)
    indexing.add_references(pages)
    search.add(pages)
    for page in pages:
        if page.live:
            # Who waits for a publication shall not miss one for having no revision.
            page_published.send(sender=ProductPage, instance=page, revision=None)


def _rows(relation: Field, pages: Iterable[ProductPage]) -> list[tuple[ProductPage, Model]]:
    name = relation.get_accessor_name()
    return [(page, row) for page in pages for row in getattr(page, name).get_object_list()]


def _insert(pages: Sequence[ProductPage]) -> None:
    """The rows of both tables: first those that say where the page is, then those of a product."""
    shared = [field for field in Page._meta.local_concrete_fields if not field.primary_key]
    for page, key in zip(pages, inserted(Page, shared, pages, is_numbered=True), strict=True):
        page.id = page.page_ptr_id = key
    inserted(ProductPage, ProductPage._meta.local_concrete_fields, pages)
    for page in pages:
        page._state.adding = False
        page._state.db = router.db_for_write(ProductPage)


def _log(pages: Iterable[ProductPage]) -> None:
    """That the pages were made, as ``Page.save`` tells it."""
    context, now = get_active_log_context(), timezone.now()
    entries = [
        PageLogEntry(
            content_type_id=page.content_type_id,
            label=page.get_admin_display_title(),
            action="wagtail.create",
            timestamp=now,
            user=page.owner or context.user,
            uuid=context.uuid,
            page_id=page.pk,
            content_changed=True,
        )
        for page in pages
    ]
    create(entries)
