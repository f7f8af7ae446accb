"""What a stream shows: entries that everybody may see, page after page, and what is new.

An action is kept for good; whether it is shown is asked anew each time. Whoever hides takes all
that they did along, and so does a product without a public page, a review that is not approved,
a list that is shared no longer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from catalog.joined import adapted
from catalog.small_products import SmallProduct, small_products
from social.models import Action, Profile
from social.stream_sources import NO_END, Source, with_facts

PER_PAGE = 20
# A transaction may write an action, and end after others that took their key later. Nothing
# takes as long as this; until then an open stream looks for such latecomers again.
SETTLED_AFTER = timedelta(seconds=60)
# An open stream is told of so many at once at most, and remembers so many latecomers.
MOST_NEW = 60


@dataclass(frozen=True)
class Person:
    """How somebody is named and pictured."""

    key: int
    username: str
    name: str
    picture: str

    @classmethod
    def of(cls, profile: Profile) -> Self:
        """Of a profile with its user."""
        return cls.from_columns(
            profile.user_id, profile.user.username, profile.name, profile.picture.name
        )

    @classmethod
    def from_columns(cls, key: int, username: str, name: str, picture: str) -> Self:
        return cls(key, username, name or username, default_storage.url(picture) if picture else "")


@dataclass(frozen=True)
class WishedOn:
    name: str
    key: str


@dataclass(frozen=True)
class Entry:
    """An action that is shown, with all that is said of it."""

    key: int
    verb: str
    person: Person
    # Never said of what somebody bought.
    created: datetime | None
    product: SmallProduct | None = None
    other: Person | None = None
    stars: int = 0
    wish_list: WishedOn | None = None

    @property
    def moment(self) -> str:
        """When, as HTML has it."""
        return f"{self.created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if self.created else ""

    @property
    def facts(self) -> tuple[Any, ...]:
        """All that is said but when, and but what ``tags`` tell of: the story of a product."""
        page = self.product.page.pk if self.product else None
        return self.verb, self.person, page, self.other, self.stars, self.wish_list

    @property
    def tags(self) -> list[str]:
        if self.product is None:
            return []
        page = self.product.page
        return [f"page:{page.pk}", f"card:{page.product_id}"]


@dataclass(frozen=True)
class Page:
    entries: list[Entry]
    # Where the next page begins; None at the end.
    older: int | None = None
    # The keys of all that was looked at, the newest first.
    scanned: list[int] = field(default_factory=list)

    def seen(self, settled: int) -> "Seen":
        """Of a first page, what an open stream need not be told again."""
        begins = self.scanned[-1] - 1 if self.scanned and self.older is not None else 0
        return Seen(begins).and_then(self.scanned, settled)


def read(source: Source, before: int | None = None, size: int = PER_PAGE) -> Page:
    """The newest entries, or those older than a key; few queries, however many are hidden.

    After some rounds it gives up: the page is shorter then, and the next one begins there.
    """
    found: list[tuple[Action, SmallProduct | None]] = []
    scanned: list[int] = []
    cursor = NO_END if before is None else before
    for window in source.rounds:
        actions = source.newest(cursor, window)
        scanned += [action.pk for action in actions]
        found += _shown(actions)
        if len(found) > size:
            return Page(_entries(found[:size]), found[size - 1][0].pk, scanned)
        if len(actions) < window:
            return Page(_entries(found), None, scanned)
        cursor = actions[-1].pk
    return Page(_entries(found), cursor, scanned)


def _shown(actions: Iterable[Action]) -> list[tuple[Action, SmallProduct | None]]:
    """Those of people who are shown, with a target that can be seen."""
    actions = [action for action in actions if action.username is not None]
    products = small_products(action.product_id for action in actions if action.product_id)
    return [
        (action, products.get(action.product_id))
        for action in actions
        if action.verb == Action.Verb.JOINED
        or (action.verb == Action.Verb.FOLLOWS and action.other_username is not None)
        or action.product_id in products
    ]


def _entries(found: list[tuple[Action, SmallProduct | None]]) -> list[Entry]:
    return [_entry(action, product) for action, product in found]


def _entry(action: Action, product: SmallProduct | None) -> Entry:
    columns = (action.user_id, action.username, action.name, action.picture)
    other = (action.target_id, action.other_username, action.other_name, action.other_picture)
    return Entry(
        key=action.pk,
        verb=action.verb,
        person=Person.from_columns(*columns),
        created=None if action.verb == Action.Verb.BOUGHT else action.created,
        product=product,
        other=Person.from_columns(*other) if action.other_username is not None else None,
        stars=action.stars or 0,
        wish_list=WishedOn(action.list_name, action.list_key) if action.list_key else None,
    )


@dataclass(frozen=True)
class Seen:
    """What an open stream need not be told again: all up to a key, and a few after it."""

    upto: int
    also: tuple[int, ...] = ()

    def and_then(self, keys: Iterable[int], settled: int, most: int = MOST_NEW) -> Self:
        """After these were looked at, too, and nothing up to ``settled`` is to come any more."""
        upto = max(self.upto, settled)
        also = sorted({key for key in (*self.also, *keys) if key > upto}, reverse=True)
        if len(also) > most:
            upto = also[most]
        return type(self)(upto, tuple(also[:most]))


def settled_key() -> int:
    """The newest key before which no action is to come any more."""
    settled = Action.objects.filter(created__lt=timezone.now() - SETTLED_AFTER)
    return settled.order_by("-pk").values_list("pk", flat=True).first() or 0


def before_reading(user: Any) -> tuple[bool, int]:
    """Whether somebody follows anybody, and what is settled: in one query."""
    before = adapted(timezone.now() - SETTLED_AFTER)
    with connection.cursor() as cursor:
        cursor.execute(BEFORE_READING, {"member": user.pk or 0, "before": before})
        follows, settled = cursor.fetchone()
    return bool(follows), settled or 0


BEFORE_READING = """
    SELECT EXISTS(SELECT 1 FROM social_contact WHERE user_from_id = %(member)s), (
        SELECT id FROM social_action WHERE created < %(before)s ORDER BY id DESC LIMIT 1
    )
"""


@dataclass(frozen=True)
class News:
    entries: list[Entry]
    seen: Seen
    # Whether there was more than is told.
    is_cut: bool


# Of a stream that stays open for hours, so that its question remains a cheap one.
FAR_BEHIND = 500
# Further back nobody looks, whatever a question that somebody made up asks for.
MOST_BEHIND = 100_000


def news(source: Source, seen: Seen) -> News | None:
    """What came since; None if nothing did. Two small queries where it is so."""
    settled = settled_key()
    begins = max(seen.upto, settled - MOST_BEHIND)
    keys = source.keys_after(begins, seen.also, MOST_NEW)
    if not keys and settled - seen.upto < FAR_BEHIND:
        return None
    entries = _entries(_shown(with_facts(keys))) if keys else []
    is_cut = len(keys) == MOST_NEW
    told = keys[-1] - 1 if is_cut else 0
    return News(entries, seen.and_then(keys, max(settled, told)), is_cut or begins > seen.upto)
