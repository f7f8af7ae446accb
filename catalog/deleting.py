"""Delete pages without losing what was sold: such products are retired instead.

The facts of a product are no part of its page. One that was never sold keeps its SKUs, with
prices and stock, until somebody deletes it for good or gives it a page again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet, RestrictedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.actions.delete_page import DeletePageAction
from wagtail.log_actions import log
from wagtail.models import Page

from catalog import jobs, retiring
from catalog.models import Job, Product, ProductPage
from catalog.moving import DELETE

LOST_PAGE = "catalog.lost_page"
BATCH = 50


class DeletionRefusedError(Exception):
    """Nothing was deleted; the message is a sentence for whoever asked for it."""


@dataclass(frozen=True)
class Plan:
    """What deleting some pages, with all below them, comes to."""

    # Those asked for that do not stand below another of them.
    roots: list[Page]
    # All pages of these branches, and how many of them go to the archive instead.
    total: int
    archived: int
    # Products to retire: in how many lines of orders each stands.
    sold: Mapping[int, int]
    # Products never sold that keep their SKUs without a page.
    left: int
    # Titles of retired products: they were sold, so their pages stay in the archive.
    kept: list[str]

    @property
    def refusal(self) -> str:
        """Why it cannot be done at all; empty where it can."""
        if self.sold and (homes := [root for root in self.roots if root.depth <= 2]):
            return _(
                "Products below “%(page)s” were sold. It cannot be deleted, because the archive "
                "in which such products are kept stands there, too."
            ) % {"page": homes[0].get_admin_display_title()}
        if not self.kept:
            return ""
        return ngettext(
            "“%(title)s” was sold and is retired already. Its page is kept in the archive.",
            "“%(title)s” and %(others)d other products were sold and are retired already. "
            "Their pages are kept in the archive.",
            len(self.kept),
        ) % {"title": self.kept[0], "others": len(self.kept) - 1}


@dataclass(frozen=True)
class Outcome:
    """How many pages were deleted, and how many products retired instead."""

    deleted: int
    retired: int

    @property
    def sentence(self) -> str:
        parts = []
        if self.retired:
            parts.append(
                ngettext(
                    "%(count)d product was sold before, so it was retired instead of deleted.",
                    "%(count)d products were sold before, so they were retired instead of deleted.",
                    self.retired,
                )
                % {"count": self.retired}
            )
        if self.deleted:
            parts.append(
                ngettext(
                    "%(count)d page was deleted.", "%(count)d pages were deleted.", self.deleted
                )
                % {"count": self.deleted}
            )
        return " ".join(parts) or _("Nothing was left to delete.")


def plan(pages: Iterable[Page]) -> Plan:
    """Look at what would become of pages and all below them, in a few queries."""
    roots: list[Page] = []
    for page in sorted(pages, key=lambda page: page.path):
        if not (roots and page.path.startswith(roots[-1].path)):
            roots.append(page)
    inside = _below(roots)
    here = ProductPage.objects.filter(inside, alias_of=None)
    rows = list(here.values_list("product_id", "product__retired", "title"))
    # One that has a page elsewhere, in another language perhaps, goes on being sold there.
    elsewhere = set(
        ProductPage.objects.filter(alias_of=None, product__in=here.values("product"))
        .exclude(inside)
        .values_list("product_id", flat=True)
    )
    last = {product for product, *_rest in rows} - elsewhere - {None}
    sold = retiring.times_sold(last)
    retired = {product for product, moment, _title in rows if moment}
    to_retire = {product: times for product, times in sold.items() if product not in retired}
    with_skus = here.filter(product__skus__isnull=False).values_list("product_id", flat=True)
    return Plan(
        roots=roots,
        total=Page.objects.filter(inside).count(),
        archived=sum(product in to_retire for product, *_rest in rows),
        sold=to_retire,
        left=len(set(with_skus) & last - sold.keys()),
        kept=[title for product, moment, title in rows if moment and product in sold],
    )


def _below(pages: Iterable[Page]) -> Q:
    pages = list(pages)
    inside = Q(pk__in=[page.pk for page in pages if not page.numchild])
    for page in pages:
        if page.numchild:
            inside |= Q(path__startswith=page.path)
    return inside


@transaction.atomic
def delete(pages: Iterable[Page], *, user: Any = None) -> Outcome:
    """Delete pages with all below them; what was sold is retired instead. All or nothing.

    Raises DeletionRefusedError. Whether the user may do this is the caller's to ask.
    """
    wanted = plan(pages)
    if wanted.refusal:
        raise DeletionRefusedError(wanted.refusal)
    _retire(wanted, user)
    deleted = sum(_delete_branch(root.pk, user) for root in wanted.roots)
    return Outcome(deleted=deleted, retired=len(wanted.sold))


def _retire(wanted: Plan, user: Any, told: Callable[[], None] = lambda: None) -> None:
    for product in wanted.sold:
        retiring.retire(ProductPage.objects.filter(product=product, alias_of=None)[:1], user=user)
        told()


def _delete_branch(key: int, user: Any) -> int:
    """Delete a page and all below it; none where the page itself was retired."""
    page = Page.objects.filter(pk=key).first()
    if page is None or (issubclass(page.specific_class, ProductPage) and _was_retired(page)):
        return 0
    # Most pages have none below them, and SQLite reads the whole tree to look for some.
    count = page.get_descendant_count() + 1 if page.numchild else 1
    here = Q(path__startswith=page.path) if page.numchild else Q(pk=page.pk)
    alone = _without_other_pages(ProductPage.objects.filter(here, alias_of=None))
    try:
        with transaction.atomic():
            DeletePageAction(page, user=user).execute(skip_permission_checks=True)
    except (ProtectedError, RestrictedError) as error:
        raise DeletionRefusedError(_needed(page, error)) from error
    for product, title, options in alone:
        log(product, LOST_PAGE, user=user, title=title, data={"options": options})
    return count


def _was_retired(page: Page) -> bool:
    return retiring.is_archived(page) and bool(
        retiring.times_sold([ProductPage.objects.get(pk=page.pk).product_id])
    )


def _without_other_pages(pages: QuerySet) -> list[tuple[Product, str, list[str]]]:
    """Of the products of these pages those that have no other: with title and option names."""
    found = pages.select_related("product").prefetch_related("options")
    keys = [page.pk for page in found]
    return [
        (page.product, page.title, page.option_names)
        for page in found
        if not page.product.pages.exclude(pk__in=keys).exists()
    ]


def _needed(page: Page, error: ProtectedError | RestrictedError) -> str:
    objects = getattr(error, "protected_objects", None) or getattr(error, "restricted_objects", ())
    names = sorted({f"{thing._meta.verbose_name} “{thing}”" for thing in objects})
    return _(
        "“%(page)s” was not deleted, because something still needs it or a page below it: %(names)s"
    ) % {"page": page.get_admin_display_title(), "names": ", ".join(names[:3])}


def delete_later(pages: list[Page], *, user: Any) -> Job:
    """Owe the deletion of many pages; a worker retires and deletes them bit by bit."""
    first = pages[0].get_admin_display_title()
    title = ngettext(
        "Delete “%(page)s” and all below it",
        "Delete “%(page)s” and %(others)d other pages with all below them",
        len(pages),
    ) % {"page": first, "others": len(pages) - 1}
    return jobs.enqueue(DELETE, title, user=user, arguments={"pages": [page.pk for page in pages]})


@jobs.register(DELETE)
def work(progress: jobs.Progress) -> Mapping[str, Any]:
    """Do a job of the kind "delete": products in small transactions, then what held them."""
    user = progress.job.user
    pages = list(Page.objects.filter(pk__in=progress.job.arguments["pages"]))
    wanted = plan(pages)
    if wanted.refusal:
        raise jobs.JobError(wanted.refusal)
    progress.advance(0, total=wanted.total)
    _retire(wanted, user, progress.advance)
    deleted = 0
    try:
        while found := list(ProductPage.objects.filter(_below(wanted.roots))[:BATCH]):
            deleted += delete(found, user=user).deleted
            progress.advance(len(found))
        for root in wanted.roots:
            if fresh := Page.objects.filter(pk=root.pk).first():
                deleted += delete([fresh], user=user).deleted
    except DeletionRefusedError as error:
        raise jobs.JobError(str(error)) from error
    progress.done = wanted.total
    return {"sentences": [Outcome(deleted=deleted, retired=len(wanted.sold)).sentence]}
