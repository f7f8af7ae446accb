"""Categories by their path from the top: found, made, or brought to what a file says."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from wagtail.models import Page, ReferenceIndex

from catalog import sorts
from catalog.addresses import is_taken, is_top
from catalog.models import CategoryPage, Picture
from catalog.models.categories import SoldOut

from . import stories, words
from .drafts import CategoryDraft
from .dry import Difference, is_pretended, pretend
from .held import is_held
from .report import Report

HELD_BACK = "An editor is at work on the category, or took it offline: it was not changed"
Pictures = dict[str, Picture]


class Categories:
    def __init__(self, parent: Page, report: Report) -> None:
        self.parent = parent
        self.report = report
        self.is_dry = False
        # What a dry run would have written.
        self.differences: list[Difference] = []
        # The categories right below each page, by its key.
        self._below: dict[int, list[CategoryPage]] | None = None

    def forget(self) -> None:
        """Ask the shop again for its categories: some may be gone or have come."""
        self._below = None

    def get(self, path: tuple[str, ...]) -> CategoryPage:
        """The category of this path; what is missing on the way is made."""
        path = path or (gettext("Uncategorized"),)
        page = self.parent
        for name, is_slug in _steps(path):
            page = self._step(page, name, is_slug) or self._make(page, *_named(name, is_slug))
        return page

    def find(self, path: tuple[str, ...]) -> CategoryPage | None:
        page: Page | None = self.parent
        for name, is_slug in _steps(path):
            page = page and self._step(page, name, is_slug)
        return page if isinstance(page, CategoryPage) else None

    def define(self, drafts: Iterable[CategoryDraft], pictures: Pictures) -> None:
        """Make the categories of a file, or bring them to what it says."""
        for draft in drafts:
            try:
                with transaction.atomic():
                    outcome = self._define(draft, pictures)
            except (ValidationError, DatabaseError) as error:
                # What was made is not there any more.
                self._below = None
                reason = " ".join(getattr(error, "messages", [str(error)]))
                self.report.bad_row(draft.line, "", f"The category was not imported. {reason}")
            else:
                if outcome:
                    self.report.others[outcome] += 1

    def _define(self, draft: CategoryDraft, pictures: Pictures) -> str:
        page = self.find(draft.path)
        is_new = page is None
        if page is None:
            *above, last = _steps(draft.path)
            parent = self.parent
            for name, is_slug in above:
                found = self._step(parent, name, is_slug)
                parent = found or self._make(parent, *_named(name, is_slug))
            title, slug = _named(*last)
            page = self._make(parent, draft.title or title, draft.slug or slug, draft.live)
        if self.is_dry and is_new:
            self.differences.append(Difference(draft.line, page))
            return "categories created"
        if is_pretended(page):
            # One that a row above has made in memory.
            return ""
        page = CategoryPage.objects.get(pk=page.pk)
        columns = {
            name: value
            for name, value in self._columns(draft, pictures).items()
            if not _is_same(name, getattr(page, name), value)
        }
        if not is_new and draft.live and not page.live:
            columns["live"] = True
        if not columns:
            return "categories created" if is_new else ""
        if not is_new and is_held(page):
            self.report.note(HELD_BACK, draft.line)
            return ""
        if self.is_dry:
            self.differences += [
                Difference(draft.line, page, name, getattr(page, name), value)
                for name, value in columns.items()
            ]
            return "categories updated"
        for name, value in columns.items():
            _set(page, name, value)
        if is_new or not (page.live or page.latest_revision_id):
            page.save()
            ReferenceIndex.create_or_update_for_object(page)
        else:
            revision = page.save_revision()
            if draft.live:
                revision.publish()
        self._replace(page)
        return "categories created" if is_new else "categories updated"

    def _columns(self, draft: CategoryDraft, pictures: Pictures) -> dict[str, Any]:
        """What the file says; a word that the shop does not know goes to the report."""
        wanted: dict[str, Any] = {
            "title": draft.title or None,
            "intro": draft.intro,
            "picture": pictures.get(draft.picture),
            "default_sort": self._known(draft, "sort", sorts.SORTS),
            "sold_out": self._known(draft, "sold_out", SoldOut.values),
            "show_in_menus": draft.in_menu,
            "seo_title": draft.seo_title,
            "search_description": draft.seo_description,
            "above": draft.above and stories.for_a_page(draft.above, pictures, {}),
            "below": draft.below and stories.for_a_page(draft.below, pictures, {}),
        }
        return {name: value for name, value in wanted.items() if value is not None}

    def _known(self, draft: CategoryDraft, name: str, known: Iterable[str]) -> str | None:
        said = getattr(draft, name)
        if said is None or said in known:
            return said
        column = {"sort": "Order of the products", "sold_out": "Sold-out products"}[name]
        self.report.bad_row(draft.line, column, f"“{said}” is none of {', '.join(known)}.")
        return None

    def _children(self, page: Page) -> list[CategoryPage]:
        if self._below is None:
            self._below = {}
            found = CategoryPage.objects.descendant_of(self.parent).filter(alias_of__isnull=True)
            by_path = {self.parent.path: self.parent.pk}
            for child in found.order_by("depth", "path"):
                by_path[child.path] = child.pk
                above = by_path.get(child.path[: -child.steplen])
                if above:
                    self._below.setdefault(above, []).append(child)
        return self._below.setdefault(page.pk, [])

    def _step(self, page: Page, name: str, is_slug: bool) -> CategoryPage | None:
        children = self._children(page)
        if is_slug:
            return next((child for child in children if child.slug == name), None)
        exact = next((child for child in children if child.title == name), None)
        key = name.casefold()
        return exact or next((child for child in children if child.title.casefold() == key), None)

    def _make(self, parent: Page, title: str, slug: str, live: bool = True) -> CategoryPage:
        page = CategoryPage(title=title, show_in_menus=True, locale=parent.locale)
        page.slug = self._slug(page, parent, slug)
        page.live, page.has_unpublished_changes = live, not live
        if page.live:
            page.first_published_at = page.last_published_at = timezone.now()
        siblings = self._children(parent)
        if self.is_dry:
            page.slug = page.slug or slugify(title, allow_unicode=True)
            siblings.append(pretend(page))
            return page
        with transaction.atomic():
            # What is read in another transaction may be older than what is written now: another
            # import may have made the same, and nobody adds a page here while this is locked.
            above = Page.objects.select_for_update().get(pk=parent.pk)
            same = Q(slug=slug) if slug else Q(title=title)
            found = CategoryPage.objects.child_of(above).filter(same, alias_of__isnull=True)
            if rival := found.exclude(pk__in=[page.pk for page in siblings]).first():
                page = rival
            else:
                above.specific.add_child(instance=page)
        siblings.append(page)
        return page

    def _slug(self, page: CategoryPage, parent: Page, wanted: str) -> str:
        slug = wanted or slugify(page.title, allow_unicode=True)
        if not slug:
            return page.translation_key.hex[:8]
        if is_top(parent) and is_taken(slug):
            return f"{slug}-category"
        # Wagtail numbers one that it makes itself where another page has it already.
        return wanted

    def _replace(self, page: CategoryPage) -> None:
        for siblings in (self._below or {}).values():
            for place, known in enumerate(siblings):
                if known.pk == page.pk:
                    siblings[place] = page


def _steps(path: tuple[str, ...]) -> list[tuple[str, bool]]:
    """Each name on the way down, and whether it is a slug and no title."""
    if len(path) == 1 and path[0].startswith("/"):
        return [(slug, True) for slug in path[0].split("/") if slug]
    return [(title, False) for title in path]


def _named(name: str, is_slug: bool) -> tuple[str, str]:
    """The title and the slug for a category of which only one of them is known."""
    return (name.replace("-", " ").capitalize(), name) if is_slug else (name, "")


def _is_same(name: str, current: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return stories.is_same(stories.raw(current), wanted)
    if name == "intro":
        return words.clean(current) == wanted
    return current == wanted


def _set(page: CategoryPage, name: str, value: Any) -> None:
    if isinstance(value, list):
        field = page._meta.get_field(name)
        value = field.stream_block.to_python(value)
    setattr(page, name, value)
