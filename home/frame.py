"""The frame of a page as shoppers see it: kept until something in it changes, whatever the page.

Five queries at most where nothing is kept: the home pages by language, the shop's settings,
menus, announcements, and the pages that all of these lead to (a sixth where an entry lists the
pages below its page).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from hashlib import blake2s
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from wagtail.models import Page

from catalog import kept, sites
from catalog.models import CategoryPage, CollectionPage, ProductPage
from catalog.visibility import public
from home import languages
from home.models.frame import Announcement, Menu

# A page may lie in a cache for so long, and must still know what is announced meanwhile.
AHEAD = timedelta(days=1)
MOST_ANNOUNCEMENTS = 4


@dataclass(frozen=True)
class Link:
    """Where an entry leads; without ``url`` it is only the heading of ``links``."""

    title: str
    url: str = ""
    page: Page | None = None
    links: list["Link"] = field(default_factory=list)

    def leads_to(self, page: Any) -> str:
        """As ``aria-current`` wants it: "page" for the page itself, "true" for one above it."""
        if self.page is None or not isinstance(page, Page):
            return ""
        if page.pk == self.page.pk:
            return "page"
        # Every page is below a home page.
        is_below = self.page.depth > 2 and (page.path or "").startswith(self.page.path)
        return "true" if is_below else ""


@dataclass(frozen=True)
class Bar:
    """An announcement with its moments in milliseconds since 1970, as scripts count."""

    key: str
    text: str
    tone: str
    can_be_closed: bool
    link: Link | None
    starts: int | None
    ends: int | None
    is_on: bool


@dataclass(frozen=True)
class Shown:
    navigation: list[Link]
    footer: list[Link]
    bars: list[Bar]


class Frame:
    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.draft = getattr(request, "frame_draft", None)
        # The keys of all pages that were looked at, also those that are not shown now, but for
        # those whose names and addresses are told of as part of the frame (catalog.telling).
        self._seen: set[int] = set()

    @cached_property
    def home(self) -> Page | None:
        return languages.home(self.request)

    @cached_property
    def language(self) -> str:
        for language, page in languages.homes(self.request).items():
            if page == self.home:
                return language
        return self.home.locale.language_code if self.home else ""

    @property
    def navigation(self) -> list[Link]:
        return self._shown.navigation

    @property
    def footer(self) -> list[Link]:
        """The columns that an editor has made; empty where none has."""
        return self._shown.footer

    @property
    def bars(self) -> list[Bar]:
        """Announcements, the one to be shown first; those that begin soon are among them."""
        return self._shown.bars

    def marks(self, page: Any) -> tuple[str, ...]:
        """What the navigation looks like on a page: which of its links lead there."""
        return tuple(
            link.leads_to(page) for entry in self.navigation for link in (entry, *entry.links)
        )

    @cached_property
    def _shown(self) -> "Shown":
        site = sites.find(self.request)
        key = "frame", site.pk if site else None, self.language, get_language()
        return kept.get(key, self._read)

    def _read(self) -> "Shown":
        kept.shows("frame")
        navigation = self._menus.get(Menu.Place.NAVIGATION)
        footer = self._menus.get(Menu.Place.FOOTER)
        shown = Shown(
            navigation=self._links(navigation) if navigation else self._categories,
            footer=self._links(footer) if footer else [],
            bars=[self._bar(row, timezone.now()) for row in self._announcements],
        )
        kept.shows(*(f"page:{pk}" for pk in self._seen))
        return shown

    @cached_property
    def _menus(self) -> dict[str, Menu]:
        menus = {menu.place: menu for menu in reversed(Menu.objects.shown_in(self.language))}
        if isinstance(self.draft, Menu):
            menus[self.draft.place] = self.draft
        return menus

    @cached_property
    def _announcements(self) -> list[Announcement]:
        if isinstance(self.draft, Announcement):
            return [self.draft]
        rows = Announcement.objects.shown_in(self.language)
        return list(rows.from_now_until(timezone.now() + AHEAD)[:MOST_ANNOUNCEMENTS])

    @cached_property
    def _categories(self) -> list[Link]:
        """What is shown where no menu has been made."""
        if self.home is None:
            return []
        pages = Page.objects.child_of(self.home).type((CategoryPage, CollectionPage))
        return [self._to_page(page) for page in public(pages.in_menu())]

    def _links(self, menu: Menu) -> list[Link]:
        return [link for value in _values(menu.entries) if (link := self._entry(value))]

    def _entry(self, value: dict[str, Any]) -> Link | None:
        """None where it has nothing to show: its page is not public, and nothing stands below."""
        own = self._link(value)
        below = [link for each in _listed(value.get("links")) if (link := self._link(each))]
        if value.get("with_children") and own and own.page:
            below += [self._to_page(page) for page in self._children.get(own.page.pk, ())]
        title = value.get("title") or (own.title if own else "")
        if not own and not (below and title):
            return None
        return Link(title, own.url if own else "", own.page if own else None, below)

    def _link(self, value: dict[str, Any]) -> Link | None:
        title = value.get("title") or ""
        if page := self._pages.get(value.get("page")):
            return self._to_page(page, title)
        address = value.get("address")
        return Link(title, address) if address and title else None

    def _to_page(self, page: Page, title: str = "") -> Link:
        if page.specific_class is ProductPage:
            self._seen.add(page.pk)
        return Link(title or page.title, page.get_url(self.request) or "", page)

    @cached_property
    def _pages(self) -> dict[int, Page]:
        """The public page for each that is linked to, in this language where it is translated."""
        wanted = {pk for value in self._all_values() if (pk := value.get("page"))}
        if not wanted:
            return {}
        keys = Page.objects.filter(pk__in=wanted).values("translation_key")
        is_public = Exists(public(Page.objects.filter(pk=OuterRef("pk"))))
        found = list(
            Page.objects.filter(translation_key__in=keys)
            .annotate(is_public=is_public)
            .select_related("locale")
        )
        here = {
            page.translation_key: page
            for page in found
            if page.is_public and page.locale.language_code == self.language
        }
        by_key = {page.pk: here.get(page.translation_key, page) for page in found}
        # What is gone or only a draft may be a product's.
        self._seen |= {pk for pk in wanted if _is_of_product(by_key.get(pk))}
        return {pk: page for pk in wanted if (page := by_key.get(pk)) and page.is_public}

    @cached_property
    def _children(self) -> dict[int, list[Page]]:
        """The pages in menus below each page whose entry lists them."""
        parents = {
            page.path: page.pk
            for value in self._all_values()
            if value.get("with_children") and (page := self._pages.get(value.get("page")))
        }
        if not parents:
            return {}
        below = reduce(or_, (Q(path__startswith=path) for path in parents))
        depths = {len(path) // Page.steplen + 1 for path in parents}
        children: dict[int, list[Page]] = {}
        pages = public(Page.objects.filter(below, depth__in=depths))
        # Categories are places to go to whatever their box says; of products there are too many.
        for page in pages.in_menu() | pages.type(CategoryPage):
            if parent := parents.get(page.path[: -Page.steplen]):
                children.setdefault(parent, []).append(page)
        return children

    def _all_values(self) -> Iterator[dict[str, Any]]:
        for menu in self._menus.values():
            for value in _values(menu.entries):
                yield value
                yield from _listed(value.get("links"))
        for row in self._announcements:
            yield from _values(row.link)

    def _bar(self, row: Announcement, now: datetime) -> Bar:
        link = next((found for value in _values(row.link) if (found := self._link(value))), None)
        words = f"{row.pk} {row.text} {link.url if link else ''}"
        starts, ends = (None, None) if row is self.draft else (row.starts, row.ends)
        for moment in filter(None, (starts, ends)):
            if moment > now:
                kept.until(moment)
        return Bar(
            key=blake2s(words.encode(), digest_size=6).hexdigest(),
            text=row.text,
            tone=row.tone,
            can_be_closed=row.can_be_closed,
            link=link,
            starts=_milliseconds(starts),
            ends=_milliseconds(ends),
            is_on=(not starts or starts <= now) and (not ends or ends > now),
        )


def _is_of_product(page: Page | None) -> bool:
    return page is None or page.specific_class is ProductPage


def _values(stream: Any) -> Iterable[dict[str, Any]]:
    """What is in the blocks of a stream, as it is stored: pages by their keys, with no query."""
    return [block["value"] for block in stream.get_prep_value()] if stream else []


def _listed(items: Any) -> Iterable[dict[str, Any]]:
    return [item["value"] for item in items or ()]


def _milliseconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp() * 1000) if moment else None
